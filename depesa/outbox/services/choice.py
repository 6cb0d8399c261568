"""Which channel letters take: the usual one, or the catcher while nothing may leave."""

from django.conf import settings
from django.db import transaction

from depesa.core.edits import raised
from depesa.core.errors import DomainError
from depesa.core.reasons import Sentence
from depesa.history.services import tell
from depesa.outbox.models import Channel
from depesa.outbox.rules import CATCHER, SAFE_MODE
from depesa.outbox.services.channels import default_channel, pause, resume
from depesa.staff.models import User


class ServerSetOutside(DomainError):
    """DEPESA_SMTP_URL decides where letters go, so nothing was changed here. Remove it from the settings first."""


@transaction.atomic
def use(channel: Channel, *, by: User) -> None:
    """Let new letters take this channel.

    With the catcher the usual channel is paused, so that letters which wait there do not leave either; with
    the usual channel again they go on.
    """
    if settings.DEPESA_SMTP_URL:
        raise ServerSetOutside
    previous = default_channel()
    if previous.pk == channel.pk:
        return
    Channel.objects.filter(is_default=True).update(is_default=False, **raised(by))
    Channel.objects.filter(pk=channel.pk).update(is_default=True, **raised(by))
    if channel.code == CATCHER and not previous.is_paused:
        pause(previous, reason=Sentence(SAFE_MODE), by=by)
    elif channel.paused_reason == Sentence(SAFE_MODE):
        resume(channel, by=by)
    before, after = {"channel": previous.name}, {"channel": channel.name}
    tell(channel, "outbox.channel-chosen", before=before, after=after, by=by)
