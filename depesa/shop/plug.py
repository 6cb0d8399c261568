"""What the shop brings to the apps below: its events, and who speaks for its links and messages."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.plugs import Plug
from depesa.shop.services import letters
from depesa.triggers.contributions import Event, Rules, Source

PLUG: Final[Plug] = (
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
    Source(kind="link", draft=letters.draft_links),
    Source(kind="message", draft=letters.draft_messages, page=letters.page_of_message),
    Rules(letters.tell_rules),
)
