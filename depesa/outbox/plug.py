"""What the outbox brings to the apps below: letters, channels and the installation as records."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.plugs import Plug
from depesa.core.records import Kind
from depesa.outbox.models import Channel, Installation, Message

PLUG: Final[Plug] = (
    Kind(Message.record_kind, _("letter"), "outbox:message"),
    Kind(Channel.record_kind, _("channel"), "outbox:channels", is_listed=True),
    Kind(Installation.record_kind, _("installation"), "outbox:quarantine", is_listed=True),
)
