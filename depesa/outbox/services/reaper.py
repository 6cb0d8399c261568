"""What a crash left behind: leases that ran out and permits without an answer."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial

from django.db import transaction
from django.utils import timezone

from depesa.core.batches import Failed, each_alone
from depesa.core.edges import kill_point
from depesa.core.processes import is_dead, me
from depesa.core.reasons import gettext as _
from depesa.outbox.journal import Book, book_of, is_left, path_of
from depesa.outbox.models import Attempt, Delivery, State
from depesa.outbox.rules import Phase
from depesa.outbox.services import ledger
from depesa.outbox.services.places import journal_folder
from depesa.outbox.services.quarantine import settle_by_answer


def reap() -> int:
    """Take up what dead or silent workers left: letters whose dot surely did not go out wait again, the others become
    uncertain.

    The token of an uncertain delivery is kept, so that a reply that comes late still counts. What the permit
    journal knows of an answer settles it at once. Returns how many deliveries were taken up.
    """
    left = [row for row in _leased() if ledger.is_left_behind(row)]
    if left:
        holders = {row.holder for row in left}
        gone = {
            holder for holder in holders if _is_gone(holder)
        }  # before their journals are read, which grow until then
        known = {holder: book_of(path_of(journal_folder(), holder)) for holder in holders}
        each_alone(partial(_take_up, known, gone), left, _leave_to_a_person, name=lambda row: f"delivery {row.pk}")
    return len(left)


@transaction.atomic
def _take_up(books: Mapping[str, Book], gone: Collection[str], left: Sequence[Delivery]) -> list[int]:
    now = timezone.now()
    rows = Delivery.objects.select_for_update(skip_locked=True, no_key=True).filter(pk__in=[row.pk for row in left])
    free = set(rows.order_by("pk").values_list("pk", flat=True))  # another one is at the rest just now
    left = [row for row in left if row.pk in free]
    for row in left:
        mine = Delivery.objects.filter(pk=row.pk, lease_token=row.lease_token)
        is_kept = row.holder in gone and books[row.holder].surely_kept(row.lease_token or "")
        states = [State.LEASED, State.HANDING_OVER] if is_kept else [State.LEASED]
        mine.filter(state__in=states).update(state=State.QUEUED, next_attempt_at=now, **ledger.NO_LEASE)
        why = _("The connection to our worker was lost after the letter was handed over.")
        if mine.filter(state=State.HANDING_OVER).update(state=State.UNKNOWN, reason=why):
            _keep_attempt(row)
    kill_point("reaping")
    for row in left:
        if answer := books[row.holder].answers.get(row.lease_token or ""):
            settle_by_answer(row, answer)
    return [row.pk for row in left]


def _is_gone(holder: str) -> bool:
    """Whether this process, or its desk, has come to its end, so that no dot of what it held goes out any more."""
    return is_dead(holder) or holder == me() or is_left(path_of(journal_folder(), holder))


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
