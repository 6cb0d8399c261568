"""Write the history and prove that it is whole."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext

from depesa.core.errors import Faults
from depesa.core.tables import insert_rows
from depesa.history.models import Entry, Head, Origin
from depesa.history.rules import GENESIS, NOTED, TOLD, link, through
from depesa.staff.models import User

LONGEST_NAME: Final = 50
LONGEST_VALUE: Final = 500
LONGEST_NOTE: Final = 5000


@dataclass(slots=True, kw_only=True)
class Fact:
    """What is to be remembered; `subject` names the record, for example "operation:12"."""

    event: str
    subject: str
    customer_id: int | None = None
    before: Any = None
    after: Any = None
    note: str = ""


def record(facts: Sequence[Fact], *, by: User | None = None, origin: str = "") -> None:
    """Append the facts to the chain in one go, in the transaction of what they tell."""
    if not facts:
        return
    origin = origin or through() or (Origin.STAFF if by else Origin.SYSTEM)
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


def add_note(subject: str, text: str, *, customer_id: int | None, by: User | None) -> None:
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
    subject: str,
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
        subject=fact.subject,
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
class Verdict:
    """What a walk along the chain found: entries seen and, if broken, the first bad entry's id (0: the end is cut)."""

    length: int
    broken_at: int | None

    @property
    def is_whole(self) -> bool:
        """Whether every entry fits to the one before it, up to the head."""
        return self.broken_at is None


def verify() -> Verdict:
    """Walk the whole chain in pages of 2,000 and compare each entry with its hash, and the end with the head."""
    previous, length = GENESIS, 0
    for entry in _walk():
        if entry.previous != previous or entry.hash != link(previous, at=entry.at, facts=_content(entry)):
            return Verdict(length, entry.pk)
        previous, length = entry.hash, length + 1
    head = Head.objects.filter(pk=1).first() or Head(pk=1)
    return Verdict(length, None if (head.hash, head.length) == (previous, length) else 0)


def _walk() -> Iterator[Entry]:
    last = 0
    while page := list(Entry.objects.filter(pk__gt=last).order_by("pk")[:2000]):
        yield from page
        last = page[-1].pk
