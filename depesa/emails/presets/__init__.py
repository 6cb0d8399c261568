"""The system e-mails that Depesa brings: what each is for, when it goes, and its texts as they came."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from depesa.emails.presets import cs, en, lt
from depesa.emails.presets.blocks import Draft
from depesa.emails.presets.statements import DRAFTS as STATEMENTS

__all__ = ["PRESETS", "Draft", "Preset", "draft_of"]


@dataclass(frozen=True, slots=True)
class Preset:
    """A system e-mail as it came: `event` is empty for one that a state, an invoice or a person chooses."""

    code: str
    context: str
    name: str | Promise
    description: str | Promise
    event: str = ""
    attaches: tuple[str, ...] = ()


def _bound(code: str, context: str, name: str | Promise, description: str | Promise) -> Preset:
    return Preset(code, context, name, description, event=code)


_ALL: Final = (
    _bound("order-received", "order", _("Order received"), _("Goes to a customer with an account after ordering.")),
    _bound(
        "order-received-transfer",
        "order",
        _("Order received, bank transfer"),
        _("Goes to a customer with an account after ordering, if the order is paid by bank transfer."),
    ),
    _bound(
        "order-received-guest",
        "order",
        _("Order received, without account"),
        _("Goes after ordering without an account."),
    ),
    _bound(
        "order-received-guest-transfer",
        "order",
        _("Order received, without account, bank transfer"),
        _("Goes after ordering without an account, if the order is paid by bank transfer."),
    ),
    _bound(
        "order-summary",
        "order",
        _("Order summary"),
        _("Goes after ordering with individual shipping, instead of “Order received”: its price is not known yet."),
    ),
    _bound(
        "registration",
        "account",
        _("Registration"),
        _("Goes when a customer registers; its link activates the account."),
    ),
    _bound(
        "registration-after-order",
        "account",
        _("Registration after an order"),
        _("Goes when an account is made together with an order; its link activates the account."),
    ),
    _bound(
        "forgotten-password",
        "account",
        _("Forgotten password"),
        _("Goes when a customer asks for a new password; its link works once and for 30 minutes."),
    ),
    _bound(
        "newsletter-opt-in",
        "newsletter",
        _("Newsletter, please confirm"),
        _("Goes to an address that was given for the newsletter; without the confirmation nothing is sent to it."),
    ),
    _bound(
        "contact-form",
        "contact-form",
        _("Contact form"),
        _("Goes to who wrote to us through the shop: that it has come, and again with our answer."),
    ),
    _bound(
        "monthly-statement",
        "monthly-statement",
        _("Monthly statement"),
        _("Carries the list of a month's sales documents."),
    ),
    Preset("order-sent", "order", _("Order sent"), _("For a state of the order: the goods have left.")),
    Preset(
        "invoice-issued",
        "order",
        _("Invoice issued"),
        _("For Settings, Invoicing: goes after an invoice was made, with the invoice."),
        attaches=("invoice",),
    ),
)
PRESETS: Final = {preset.code: preset for preset in _ALL}
_DRAFTS: Final = {"en": en.DRAFTS, "cs": cs.DRAFTS, "lt": lt.DRAFTS}


def draft_of(code: str, language: str) -> Draft | None:
    """The text as it came; nothing for an e-mail of one's own, and in a language that came without."""
    return STATEMENTS.get(language) if code == "monthly-statement" else _DRAFTS.get(language, {}).get(code)
