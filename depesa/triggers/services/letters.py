"""Write the letters that are due: at most one a transition, whatever dies on the way."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone

from depesa.core.batches import Failed, each_alone
from depesa.core.edges import assert_outside_transaction, kill_point
from depesa.core.errors import DomainError, StaleState
from depesa.core.leases import FREE, claimed
from depesa.core.reasons import joined, said
from depesa.core.tables import update_rows
from depesa.history.services import Fact, fact_of, record
from depesa.outbox.models import Message
from depesa.outbox.services import Prepared, queue
from depesa.triggers.models import Status, Transition
from depesa.triggers.rules import Reason
from depesa.triggers.services.drafts import Batch, Outcome, Written, dedupe_key, missing, write

CHUNK: Final = 250
LEASE: Final = dt.timedelta(minutes=5)
AGAIN_IN: Final = dt.timedelta(seconds=2)
MOST_ATTEMPTS: Final = 8


def fire_due(
    limit: int = 2000, *, only: Collection[int] | None = None, should_stop: Callable[[], bool] = lambda: False
) -> int:
    """Write up to `limit` letters whose hold time is over, of all transitions or of these only; how many were taken up.

    0: none is due. A letter that cannot be written fails alone, with its reason, and waits for a person.
    """
    assert_outside_transaction()
    done = 0
    while done < limit and not should_stop():
        due = Transition.objects.filter(status=Status.HELD, due_at__lte=timezone.now())
        due = due if only is None else due.filter(pk__in=only)
        with claimed(due, min(CHUNK, limit - done), LEASE, order=("due_at", "id")) as claim:
            if not claim.keys:
                break
            done += _fire(claim.token)
    return done


def _fire(token: str) -> int:
    rows = list(Transition.objects.filter(held_by=token).prefetch_related("system_email").order_by("id"))
    batch = write(rows)
    kill_point("letters-written")
    return _settle(token, rows, batch)


def _settle(token: str, rows: Sequence[Transition], batch: Batch) -> int:
    """Store what became of these; of a letter that the database refuses, that it failed."""
    store = partial(_stored, token, batch)
    return sum(each_alone(store, rows, partial(_unstored, token), name=lambda row: f"the letter of {row.key}"))


def _unstored(token: str, failed: Failed[Transition]) -> int:
    alone = Batch()
    alone.failed(failed.row.pk, Reason.UNEXPECTED, failed.kind)
    return sum(_stored(token, alone, [failed.row]))


def _stored(token: str, batch: Batch, rows: Sequence[Transition]) -> list[int]:
    with transaction.atomic():
        ours = _store(token, rows, batch)
        kill_point("letters-stored")
    return [len(ours)]


def _store(token: str, rows: Sequence[Transition], batch: Batch) -> set[int]:
    """Queue the letters of those that nobody has undone or replaced meanwhile, and keep why the others have none."""
    mine = Transition.objects.select_for_update(of=("self",), no_key=True).filter(
        held_by=token, status=Status.HELD, pk__in=[row.pk for row in rows]
    )
    ours = set(mine.order_by("pk").values_list("pk", flat=True))
    written = [batch.written[row.pk] for row in rows if row.pk in ours and row.pk in batch.written]
    settled = {row.pk: batch.settled[row.pk] for row in rows if row.pk in ours and row.pk in batch.settled}
    going, again = [], []
    for each in written:
        match _kept(each):
            case Prepared() as prepared:
                going.append((each, prepared))
            case StaleState() if each.transition.attempts + 1 < MOST_ATTEMPTS:
                again.append(each.transition)
            case StaleState():
                settled[each.transition.pk] = Outcome(Status.FAILED, Reason.TOO_OFTEN)
            case problem:
                settled[each.transition.pk] = Outcome(Status.FAILED, Reason.NOT_READY, str(problem))
    messages = queue([prepared for _each, prepared in going])
    kill_point("letters-queued")
    _write_down(going, messages, [row for row in rows if row.pk in settled], settled)
    _put_off(again)
    return ours


def _kept(each: Written) -> Prepared | DomainError:
    """The letter after what was made for it is stored, or why that cannot be."""
    if each.draft.keep is None:
        return each.prepared
    try:
        with transaction.atomic():
            enclosures = each.draft.keep()
    except DomainError as problem:
        return problem
    if enclosures is None:
        return each.prepared
    letter = each.prepared.letter
    files = letter.enclosures[len(each.draft.enclosures) :]  # those of the system e-mail stand behind the source's
    return replace(each.prepared, letter=replace(letter, enclosures=(*enclosures, *files)))


def _write_down(
    going: Sequence[tuple[Written, Prepared]],
    messages: Mapping[str, Message],
    others: Sequence[Transition],
    settled: Mapping[int, Outcome],
) -> None:
    """Status, reason and letter of each transition, and the history of it."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    facts: list[Fact] = []
    changed: list[tuple[Any, ...]] = []
    for each, _prepared in going:
        row, message = each.transition, messages[dedupe_key(each.transition)]
        reason, detail = (Reason.FALLBACK, each.language) if each.is_fallback else ("", "")
        lacking = missing(each.draft.skipped)
        changed.append((Status.QUEUED.value, str(reason), detail, message.pk, lacking, row.attempts + 1, row.pk))
        facts.append(_left(row, message, lacking))
    for row in others:
        outcome = settled[row.pk]
        detail = outcome.detail
        changed.append((outcome.status.value, str(outcome.reason), detail, None, [], row.attempts + 1, row.pk))
        if (row.reason, row.detail) != (outcome.reason, detail):  # the same failure again is no news
            facts.append(_stayed(row, outcome))
    columns = ["status", "reason", "detail", "message", "missing", "attempts"]
    write_json = Transition._meta.get_field("missing").get_db_prep_save
    update_rows(
        Transition,
        [*columns, "settled_at", *FREE],
        [
            (*values, write_json(lacking, connection), attempts, now, *FREE.values(), pk)
            for *values, lacking, attempts, pk in changed
        ],
        where="status = 'held'",
    )
    record(facts)


def _left(row: Transition, message: Message, lacking: list[list[str]]) -> Fact:
    return fact_of(
        row,
        "triggers.queued",
        after={"message": message.pk, "subject": message.subject, "system_email": str(row.system_email)},
        note=joined(joined([f"{document}:", said(reason)]) for document, reason in lacking),
    )


def _stayed(row: Transition, outcome: Outcome) -> Fact:
    return fact_of(
        row,
        "triggers.failed" if outcome.status is Status.FAILED else "triggers.left-out",
        after={"reason": str(outcome.reason), "system_email": str(row.system_email or "")},
        note=outcome.detail,
    )


def _put_off(rows: Sequence[Transition]) -> None:
    """Somebody else was faster with what belongs to the letter: it is drafted again a little later."""
    due = connection.ops.adapt_datetimefield_value(timezone.now() + AGAIN_IN)
    update_rows(
        Transition,
        ["due_at", "attempts", *FREE],
        [(due, row.attempts + 1, *FREE.values(), row.pk) for row in rows],
        where="status = 'held'",
    )
