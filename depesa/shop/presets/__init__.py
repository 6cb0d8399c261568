"""What a shop comes with, so that it can sell: ways of delivery and payment, letters; words in the modules beside."""

from functools import partial
from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.languages import modules_of
from depesa.emails.presets import Preset

SHIPPING: Final = (  # code, kind, price: that is for the trader to set
    ("post", "post", "3.50"),
    ("courier", "courier", "5.00"),
    ("pickup", "pickup", "0"),
    ("individual", "individual", "0"),
)
PAYMENT: Final = (
    ("transfer", "transfer", "0"),
    ("cash-on-delivery", "cash-on-delivery", "1.00"),
)
_bound = partial(Preset, package=__name__, is_bound=True)
EMAILS: Final = (
    _bound(
        "registration",
        _("Registration"),
        _("Goes when a customer registers; its link activates the account."),
        context="account",
    ),
    _bound(
        "registration-after-order",
        _("Registration after an order"),
        _("Goes when an account is made together with an order; its link activates the account."),
        context="account",
    ),
    _bound(
        "forgotten-password",
        _("Forgotten password"),
        _("Goes when a customer asks for a new password; its link works once and for 30 minutes."),
        context="account",
    ),
    _bound(
        "newsletter-opt-in",
        _("Newsletter, please confirm"),
        _("Goes to an address that was given for the newsletter; without the confirmation nothing is sent to it."),
        context="newsletter",
    ),
    _bound(
        "contact-form",
        _("Contact form"),
        _("Goes to who wrote to us through the shop: that it has come, and again with our answer."),
        context="contact-form",
    ),
)


def names_of(way: str) -> dict[str, str]:
    """The name of a way of delivery or payment by language."""
    return {language: module.WAYS[way] for language, module in modules_of(__name__).items()}
