"""Send a letter once more: the same words and files under a new Message-ID, to the same recipients."""

from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from depesa.core.errors import DomainError
from depesa.history.services import tell
from depesa.outbox import mime
from depesa.outbox.models import SETTLED, Delivery, Enclosure, Installation, Kind, Message, PolicyChoice
from depesa.outbox.queries import parts_of
from depesa.outbox.services.channels import domain_of
from depesa.outbox.services.decisions import NoLongerUseful, ReasonMissing, end_of
from depesa.staff.models import User


class NotSettled(DomainError):
    """The letter has not left for everybody yet, or nobody knows whether it has. Settle that first, on its page."""


class NotRepeatable(DomainError):
    """This letter is not sent once more from here: a one-time link is asked for anew, a statement by its operation."""


def check_repeatable(message: Message) -> None:
    """Raise a DomainError that says why the letter cannot be sent once more; nothing if it can."""
    if message.policy == PolicyChoice.SECURITY or message.kind == Kind.STATEMENT:
        raise NotRepeatable
    if message.useless_after <= timezone.now():
        raise NoLongerUseful
    if message.deliveries.exclude(state__in=SETTLED).exists():
        raise NotSettled


@transaction.atomic
def repeat(message: Message, *, reason: str, seen: int, by: User) -> Message:
    """Queue the letter once more; `seen` is how many repeats the person knew of, so that two clicks are one."""
    if not reason.strip():
        raise ReasonMissing
    # Of two who press at the same moment the second waits here and finds the letter of the first.
    Message.objects.select_for_update(of=("self",), no_key=True).values_list("pk").get(pk=message.pk)
    key = f"again:{message.pk}:{seen + 1}"
    if known := Message.objects.filter(dedupe_key=key).first():
        return known
    check_repeatable(message)
    installation, now = Installation.objects.get(pk=1), timezone.now()
    identity = mime.new_message_id(
        uuid5(UUID(installation.identity), key), installation.epoch, domain_of(message.envelope_from)
    )
    sealed = mime.reseal(
        bytes(message.skeleton), parts_of([message.pk]), message_id=identity, date=timezone.localtime(now)
    )
    again = _copy(message, sealed, key, by)
    tell(message, "outbox.sent-once-more", after={"message": again.pk}, note=reason, by=by)
    return again


def _copy(message: Message, sealed: mime.Sealed, key: str, by: User) -> Message:
    files = list(Enclosure.objects.filter(message=message).order_by("position"))
    recipients = list(message.deliveries.order_by("pk"))
    again = Message.objects.get(pk=message.pk)
    again.pk, again.resend_of_id = None, message.pk
    again.dedupe_key, again.message_id, again.created_by = key, sealed.message_id, by
    again.skeleton, again.sha256, again.size = sealed.skeleton, sealed.sha256, sealed.size
    again.sealed_at = timezone.now()
    again.save(force_insert=True)
    for file in files:
        file.pk, file.message = None, again
    Enclosure.objects.bulk_create(files)
    Delivery.objects.bulk_create(
        Delivery(
            message=again,
            channel_id=again.channel_id,
            recipient=row.recipient,
            role=row.role,
            priority=row.priority,
            next_attempt_at=again.sealed_at,
            expires_at=end_of(again, again.sealed_at),
        )
        for row in recipients
    )
    return again
