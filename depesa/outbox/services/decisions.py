"""What a person decides: an uncertain letter, a refused one, one that is not to leave."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from depesa.core.errors import DomainError, StaleState
from depesa.core.reasons import gettext as _
from depesa.history.services import tell
from depesa.outbox.models import Delivery, Evidence, EvidenceKind, Message, State
from depesa.outbox.rules import Policy, expires_at
from depesa.outbox.services import ledger
from depesa.staff.models import User


class ReasonMissing(DomainError):
    """Say in a few words why; it is kept as evidence."""


class Replaced(DomainError):
    """A newer letter has taken the place of this one; sending both would be sending twice."""


class NoLongerUseful(DomainError):
    """The letter is of no use any more, so it is not sent again. Write a new one."""


class TooLateToCancel(DomainError):
    """Too late: the letter is being handed over or has left."""


def send_again(delivery: Delivery, *, reason: str, by: User) -> None:
    """A person takes the risk of a double: the same bytes are queued once more."""
    _decide(delivery, State.UNKNOWN, verdict="not-accepted", reason=reason, by=by, event="outbox.sent-again")


def leave(delivery: Delivery, *, reason: str, by: User) -> None:
    """A person decides that the letter counts as accepted and is not sent again."""
    _decide(delivery, State.UNKNOWN, verdict="accepted", reason=reason, by=by, event="outbox.left-as-is")


def try_again(delivery: Delivery, *, reason: str, by: User) -> None:
    """After the cause is mended: a refused, expired or held letter waits once more, with the same bytes."""
    source = delivery.state if delivery.state in {State.REJECTED, State.EXPIRED, State.HELD} else State.REJECTED
    _decide(delivery, source, verdict="not-accepted", reason=reason, by=by, event="outbox.tried-again")


@transaction.atomic
def _decide(delivery: Delivery, source: str, *, verdict: str, reason: str, by: User, event: str) -> None:
    if not reason.strip():
        raise ReasonMissing
    now = timezone.now()
    rows = Delivery.objects.filter(pk=delivery.pk, state=source, permit_seq=delivery.permit_seq)
    if verdict == "accepted":
        changed = rows.update(state=State.ACCEPTED, accepted_at=now, ended_at=now, reason=reason, **ledger.NO_LEASE)
    else:
        check_wanted(delivery.message)
        changed = rows.update(
            state=State.QUEUED,
            next_attempt_at=now,
            expires_at=end_of(delivery.message, now),
            ended_at=None,
            attempts=0,
            reason="",
            **ledger.NO_LEASE,
        )
    if not changed:
        raise StaleState
    Evidence.objects.create(delivery=delivery, kind=EvidenceKind.PERSON, verdict=verdict, text=reason, actor=by)
    tell(delivery.message, event, note=reason, by=by)


def check_wanted(message: Message) -> None:
    """Raise Replaced or NoLongerUseful if the letter must not leave any more, whoever decides."""
    if message.resends.exists():
        raise Replaced
    if message.useless_after <= timezone.now():
        raise NoLongerUseful


def is_wanted(message: Message) -> bool:
    """Whether the letter may leave once more, if its delivery ended badly."""
    try:
        check_wanted(message)
    except DomainError:
        return False
    return True


def end_of(message: Message, since: dt.datetime) -> dt.datetime:
    """Until when the letter is tried that waits since then; never longer than it is of use."""
    until = message.useless_after
    return expires_at(Policy(message.policy), since, useless_after=until, token_until=until)


@transaction.atomic
def cancel(delivery: Delivery, *, reason: str, by: User | None) -> None:
    """Stop a letter that waits or is held; TooLateToCancel once a worker holds it, or it has ended."""
    rows = Delivery.objects.filter(pk=delivery.pk, state__in=[State.QUEUED, State.HELD])
    if not rows.update(state=State.CANCELLED, ended_at=timezone.now(), reason=reason or _("cancelled by hand")):
        raise TooLateToCancel
    tell(delivery.message, "outbox.cancelled", note=reason, by=by)
