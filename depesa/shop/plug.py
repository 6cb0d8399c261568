"""What the shop brings to the apps below: its events, and who speaks for its links and messages."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.plugs import Plug
from depesa.core.records import Former, Kind
from depesa.history.contributions import Vocabulary
from depesa.shop.models import Message, OneTimeLink, PaymentMethod, ShippingMethod, Shop
from depesa.shop.placeholders import ACCOUNT, CONTACT_FORM, NEWSLETTER
from depesa.shop.presets import EMAILS
from depesa.shop.services import letters
from depesa.triggers.contributions import Event, Rules, Source

PLUG: Final[Plug] = (
    *EMAILS,
    ACCOUNT,
    NEWSLETTER,
    CONTACT_FORM,
    Kind(Shop.record_kind, _("shop")),
    Kind(ShippingMethod.record_kind, _("way of delivery")),
    Kind(PaymentMethod.record_kind, _("way of payment")),
    Kind(OneTimeLink.record_kind, _("one-time link")),
    # Visitors' messages were called as letters are, and events of the shop alone told about them.
    Kind(
        Message.record_kind,
        _("message of a visitor"),
        "shop_desk:message",
        former=Former("message", told_by=("shop.", "triggers.", "message-written", "contact")),
    ),
    Event("registered", _("registration"), preset="registration", kind="account"),
    Event(
        "registered-after-order",
        _("registration after an order"),
        preset="registration-after-order",
        kind="account",
    ),
    Event("password-forgotten", _("forgotten password"), preset="forgotten-password", kind="account"),
    Event("newsletter-asked", _("wish for the newsletter"), preset="newsletter-opt-in", kind="newsletter"),
    Event("message-written", _("message in the contact form"), preset="contact-form", kind="contact"),
    Source(kind=OneTimeLink.record_kind, draft=letters.draft_links),
    Source(kind=Message.record_kind, draft=letters.draft_messages),
    Rules(letters.tell_rules),
    Vocabulary(
        app="shop",
        security=frozenset(
            {
                "shop.secret-renewed",
                "shop.settings-saved",
                "shop.way-saved",
                "shop.password-changed",
            }
        ),
        events={
            "shop.account-activated": (_("opened an account in the shop"), "user"),
            "shop.message-answered": (_("answered the message"), "send"),
            "shop.message-closed": (_("left the message without an answer"), "minus"),
            "shop.message-received": (_("wrote to us"), "note"),
            "shop.password-changed": (_("chose a new password in the shop"), "lock"),
            "shop.payment-refused": (_("told of a payment that does not fit"), "warning"),
            "shop.payment-told": (_("told of a payment"), "money"),
            "shop.secret-renewed": (_("made a new secret for the payment gateway"), "lock"),
            "shop.settings-saved": (_("saved the settings of the shop"), "pencil"),
            "shop.way-saved": (_("saved a way of delivery or payment"), "pencil"),
        },
    ),
)
