"""What orders come with: states and letters; their words stand in the modules beside, one a language."""

from functools import partial
from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.languages import modules_of
from depesa.emails.presets import Preset

STATES: Final = (  # code and type, colour
    ("received", "#2563eb"),
    ("unresolved", "#b45309"),
    ("payment-pending", "#7c3aed"),
    ("payment-succeeded", "#15803d"),
    ("payment-failed", "#b91c1c"),
    ("payment-cancelled", "#6b7280"),
    ("sent", "#0f766e"),
    ("cancelled", "#52525b"),
)
_chosen = partial(Preset, context="order", package=__name__)
_bound = partial(_chosen, is_bound=True)
EMAILS: Final = (
    _bound("order-received", _("Order received"), _("Goes to a customer with an account after ordering.")),
    _bound(
        "order-received-transfer",
        _("Order received, bank transfer"),
        _("Goes to a customer with an account after ordering, if the order is paid by bank transfer."),
    ),
    _bound("order-received-guest", _("Order received, without account"), _("Goes after ordering without an account.")),
    _bound(
        "order-received-guest-transfer",
        _("Order received, without account, bank transfer"),
        _("Goes after ordering without an account, if the order is paid by bank transfer."),
    ),
    _bound(
        "order-summary",
        _("Order summary"),
        _("Goes after ordering with individual shipping, instead of “Order received”: its price is not known yet."),
    ),
    _chosen("order-sent", _("Order sent"), _("For a state of the order: the goods have left.")),
    _chosen(
        "invoice-issued",
        _("Invoice issued"),
        _("For Settings, Invoicing: goes after an invoice was made, with the invoice."),
        attaches=("invoice",),
    ),
)


def names_of(state: str) -> dict[str, str]:
    """The name of a state by language."""
    return {language: module.STATES[state] for language, module in modules_of(__name__).items()}
