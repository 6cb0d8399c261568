"""What orders come with: states and letters; their words stand in the modules beside, one a language."""

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
EMAILS: Final = (
    Preset(
        "order-received",
        "order",
        _("Order received"),
        _("Goes to a customer with an account after ordering."),
        __name__,
        is_bound=True,
    ),
    Preset(
        "order-received-transfer",
        "order",
        _("Order received, bank transfer"),
        _("Goes to a customer with an account after ordering, if the order is paid by bank transfer."),
        __name__,
        is_bound=True,
    ),
    Preset(
        "order-received-guest",
        "order",
        _("Order received, without account"),
        _("Goes after ordering without an account."),
        __name__,
        is_bound=True,
    ),
    Preset(
        "order-received-guest-transfer",
        "order",
        _("Order received, without account, bank transfer"),
        _("Goes after ordering without an account, if the order is paid by bank transfer."),
        __name__,
        is_bound=True,
    ),
    Preset(
        "order-summary",
        "order",
        _("Order summary"),
        _("Goes after ordering with individual shipping, instead of “Order received”: its price is not known yet."),
        __name__,
        is_bound=True,
    ),
    Preset("order-sent", "order", _("Order sent"), _("For a state of the order: the goods have left."), __name__),
    Preset(
        "invoice-issued",
        "order",
        _("Invoice issued"),
        _("For Settings, Invoicing: goes after an invoice was made, with the invoice."),
        __name__,
        attaches=("invoice",),
    ),
)


def names_of(state: str) -> dict[str, str]:
    """The name of a state by language."""
    return {language: module.STATES[state] for language, module in modules_of(__name__).items()}
