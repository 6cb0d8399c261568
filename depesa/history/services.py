"""Write the history and prove that it is whole."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.html import strip_tags

from depesa.core.errors import Faults
from depesa.core.reasons import gettext
from depesa.core.records import Ref, read
from depesa.core.tables import insert_rows
from depesa.history.models import Entry, Head, Origin
from depesa.history.rules import GENESIS, NOTED, TOLD, link, through
from depesa.staff.models import User

LONGEST_NAME: Final = 50
LONGEST_VALUE: Final = 500
LONGEST_NOTE: Final = 5000


@dataclass(slots=True, kw_only=True)
class Fact:
    """What is to be remembered, and about which record."""

    event: str
    subject: Ref
    customer_id: int | None = None
    before: Any = None
    after: Any = None
    note: str = ""


_waiting: ContextVar[list[tuple[Sequence[Fact], User | None, str]] | None] = ContextVar("waiting", default=None)


def record(facts: Sequence[Fact], *, by: User | None = None, origin: str = "") -> None:
    """Append the facts to the chain in one go, in the transaction of what they tell."""
    if not facts:
        return
    for fact in facts:
        if str(read(str(fact.subject), fact.event)) != str(fact.subject):
            raise ValueError(f"{fact.event} about {fact.subject} would be read as about another record")
    origin = origin or through() or (Origin.STAFF if by else Origin.SYSTEM)
    if (waiting := _waiting.get()) is not None:
        waiting.append((facts, by, origin))
        return
    with transaction.atomic():
        head, _ = Head.objects.select_for_update().get_or_create(pk=1)
        now = timezone.now()
        entries = [_entry(fact, at=now, actor_id=by.pk if by else None, origin=origin) for fact in facts]
        for entry in entries:
            entry.previous = head.hash
            entry.hash = head.hash = link(head.hash, at=entry.at, facts=_content(entry))
        insert_rows(entries)
        head.length += len(entries)
        head.save(update_fields=["hash", "length"])


@contextmanager
def told_last() -> Iterator[None]:
    """What is recorded within is written when the block ends well, and not at all when it ends with an exception.

    The end of the chain is one row, which everybody locks until the transaction ends. Who holds it and then waits for
    another row (a number series, an order) that somebody holds who wants to record waits forever. So whatever
    records in the middle of its work does it in `with transaction.atomic(), told_last():`.
    """
    mine: list[tuple[Sequence[Fact], User | None, str]] = []
    before = _waiting.set(mine)
    try:
        yield
    finally:
        _waiting.reset(before)
    for facts, by, origin in mine:
        record(facts, by=by, origin=origin)


def add_note(subject: Ref, text: str, *, customer_id: int | None, by: User | None) -> None:
    """Keep what a person of the desk remarks about a record; it stands in the history and never leaves."""
    lines = ["".join(c for c in line if c.isprintable()).rstrip() for line in text.replace("\r", "").split("\n")]
    note = "\n".join(lines).strip()
    if not note:
        raise Faults({"note": gettext("There is nothing in the note yet. Write what the others should know.")})
    if len(note) > LONGEST_NOTE:
        sentence = gettext("The note has %(length)s characters; %(most)s fit. Shorten it, or make two of it.")
        raise Faults({"note": sentence % {"length": len(note), "most": LONGEST_NOTE}})
    record([Fact(event=NOTED, subject=subject, customer_id=customer_id, note=note)], by=by)


def append_external(
    subject: Ref,
    name: str,
    value: str,
    *,
    customer_id: int | None = None,
    by: User | None = None,
    origin: str = Origin.API,
) -> None:
    """Keep one thing that another system says about a record, now: name and value without HTML, cut to 50 and 500."""
    kept = _plain(name)[:LONGEST_NAME]
    if not kept:
        raise Faults({"name": gettext("Without a name nobody knows what the value means. Give one.")})
    told = Fact(
        event=TOLD, subject=subject, customer_id=customer_id, after={"name": kept}, note=_plain(value)[:LONGEST_VALUE]
    )
    record([told], by=by, origin=origin)


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in strip_tags(text)).split())


def _entry(fact: Fact, *, at: dt.datetime, actor_id: int | None, origin: str) -> Entry:
    return Entry(
        at=at,
        event=fact.event,
        subject=str(fact.subject),
        customer_id=fact.customer_id,
        actor_id=actor_id,
        origin=origin,
        before=fact.before,
        after=fact.after,
        note=fact.note,
    )


def _content(entry: Entry) -> dict[str, Any]:
    return {
        "event": entry.event,
        "subject": entry.subject,
        "customer": entry.customer_id,
        "actor": entry.actor_id,
        "origin": str(entry.origin),
        "before": entry.before,
        "after": entry.after,
        "note": entry.note,
    }


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a walk along the chain has come: the last entry's id and hash, and how many were seen."""

    last: int = 0
    hash: str = GENESIS
    length: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk along the chain found: entries seen and, if broken, the first bad entry's id (0: the end is cut)."""

    length: int
    broken_at: int | None

    @property
    def is_whole(self) -> bool:
        """Whether every entry fits to the one before it, up to the head."""
        return self.broken_at is None


def verify() -> Verdict:
    """Walk the whole chain and compare each entry with its hash, and the end with the head."""
    mark = Mark()
    while isinstance(found := verify_on(mark), Mark):
        mark = found
    return found


def verify_on(mark: Mark, size: int = 2000) -> Mark | Verdict:
    """Go on from the mark by so many entries: the new mark, or the verdict where the chain ends or breaks.

    Others may write meanwhile: the head is read first, and what is newer than the head was then is only compared
    with what stands before it.
    """
    head = _head()
    previous, length = mark.hash, mark.length
    page = list(Entry.objects.filter(pk__gt=mark.last).order_by("pk")[:size])
    for entry in page:
        if entry.previous != previous or entry.hash != link(previous, at=entry.at, facts=_content(entry)):
            return Verdict(length, entry.pk)
        previous, length = entry.hash, length + 1
        if length == head.length and entry.hash != head.hash:
            return Verdict(length, 0)
    if len(page) == size:
        return Mark(page[-1].pk, previous, length)
    is_cut = length < head.length or (length > head.length and _head().length < length)
    return Verdict(length, 0 if is_cut else None)


def _head() -> Head:
    return Head.objects.filter(pk=1).first() or Head(pk=1)
