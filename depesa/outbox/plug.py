"""What the outbox brings to the apps below: letters, channels and the installation as records; who may send."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.plugs import Plug
from depesa.core.records import Kind
from depesa.emails.contributions import Senders
from depesa.history.contributions import Vocabulary
from depesa.outbox.models import Channel, Installation, Message
from depesa.outbox.queries.notices import standstill
from depesa.outbox.services.senders import check_usable
from depesa.ui.contributions import Notices

PLUG: Final[Plug] = (
    Kind(Message.record_kind, _("letter"), "outbox:message"),
    Kind(Channel.record_kind, _("channel"), "outbox:channels", is_listed=True),
    Kind(Installation.record_kind, _("installation"), "outbox:quarantine", is_listed=True),
    Senders(check_usable),
    Notices(standstill),
    Vocabulary(
        app="outbox",
        security=frozenset(
            {
                "outbox.sender-asked",
                "outbox.sender-verified",
                "outbox.sender-removed",
                "outbox.signature-saved",
                "outbox.channel-added",
                "outbox.channel-changed",
                "outbox.channel-chosen",
                "outbox.channel-paused",
                "outbox.channel-resumed",
                "outbox.quarantine-ended",
            }
        ),
        events={
            "outbox.queued": (_("put a letter in the outbox"), "letter"),
            "outbox.sent-again": (_("decided to send again"), "refresh"),
            "outbox.left-as-is": (_("decided that it has arrived"), "check"),
            "outbox.tried-again": (_("tried again"), "refresh"),
            "outbox.cancelled": (_("cancelled a letter"), "cross"),
            "outbox.resent": (_("sent the uncertain letter once more by itself"), "refresh"),
            "outbox.sent-once-more": (_("sent the letter once more"), "send"),
            "outbox.sender-asked": (_("asked for a sender address"), "letter"),
            "outbox.sender-verified": (_("confirmed a sender address"), "check"),
            "outbox.sender-removed": (_("removed a sender address"), "minus"),
            "outbox.signature-saved": (_("saved the own signature"), "pencil"),
            "outbox.channel-added": (_("added a channel"), "plus"),
            "outbox.channel-changed": (_("changed a channel"), "pencil"),
            "outbox.channel-chosen": (_("chose the channel by which letters leave"), "check"),
            "outbox.channel-paused": (_("paused a channel"), "pause"),
            "outbox.channel-resumed": (_("let a channel go on"), "play"),
            "outbox.quarantined": (_("put letters under quarantine"), "lock"),
            "outbox.quarantine-ended": (_("ended the quarantine of letters"), "play"),
        },
        labels={
            "message": _("letter"),
            "subject": _("subject"),
            "reason": _("reason"),
        },
    ),
)
