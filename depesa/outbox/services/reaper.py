"""What a crash left behind: leases that ran out and permits without an answer."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from django.db import transaction
from django.utils import timezone

from depesa.core.batches import Failed, each_alone
from depesa.core.edges import kill_point
from depesa.core.reasons import gettext as _
from depesa.outbox.journal import Answer
from depesa.outbox.models import Attempt, Delivery, State
from depesa.outbox.rules import Phase
from depesa.outbox.services import ledger
from depesa.outbox.services.quarantine import journalled_answers, settle_by_answer


def reap() -> int:
    """Take up what dead or silent workers left: leased letters wait again, those with a permit become uncertain.

    The token of an uncertain delivery is kept, so that a reply that comes late still counts. What the permit
    journal knows of an answer settles it at once. Returns how many deliveries were taken up.
    """
    left = [row for row in _leased() if row.is_abandoned]
    if left:
        answers = journalled_answers({row.lease_token or "" for row in left})
        each_alone(partial(_take_up, answers), left, _leave_to_a_person, name=lambda row: f"delivery {row.pk}")
    return len(left)


@transaction.atomic
def _take_up(answers: Mapping[str, Answer], left: Sequence[Delivery]) -> list[int]:
    now = timezone.now()
    for row in left:
        mine = Delivery.objects.filter(pk=row.pk, lease_token=row.lease_token)
        mine.filter(state=State.LEASED).update(state=State.QUEUED, next_attempt_at=now, **ledger.NO_LEASE)
        why = _("The connection to our worker was lost after the letter was handed over.")
        if mine.filter(state=State.HANDING_OVER).update(state=State.UNKNOWN, reason=why):
            _keep_attempt(row)
    kill_point("reaping")
    for row in left:
        if answer := answers.get(row.lease_token or ""):
            settle_by_answer(row, answer)
    return [row.pk for row in left]


def _leave_to_a_person(failed: Failed[Delivery]) -> int:
    ledger.leave_to_a_person(failed.row.pk, failed.row.lease_token or "", failed.sentence)
    return int(failed.row.pk)


def _leased() -> Iterable[Delivery]:
    return Delivery.objects.filter(state__in=[State.LEASED, State.HANDING_OVER])


def _keep_attempt(row: Delivery) -> None:
    now = timezone.now()
    Attempt.objects.bulk_create(
        [
            Attempt(
                delivery=row,
                number=row.attempts,
                token=row.lease_token or "",
                worker=row.holder,
                started_at=row.leased_at or now,
                permit_seq=row.permit_seq,
                permit_at=row.permit_at,
                phase=Phase.DOT.name.lower(),
                outcome=State.UNKNOWN,
                ended_at=now,
                text=_("No answer was seen: the worker ended."),
            )
        ],
        ignore_conflicts=True,
    )
