"""The chain: entries are linked a moment after they were recorded, and compared with their links."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from depesa.core.tables import insert_rows
from depesa.history.models import Entry, Head, Link
from depesa.history.rules import GENESIS, link

CHUNK: Final = 2000


def link_due() -> int:
    """Link what has been recorded since, in order of id; how many entries. One process does it at a time.

    Who records waits for nobody, so an entry may become visible after one with a higher id was linked: it is linked
    when it is seen. `Head.settled` is the id up to which that can happen no more: the ids that were given out when the
    chain was `ahead` belong to transactions older than `ahead_until` (a transaction has its number before it takes an
    id, see core.tables.next_keys), and all of those have ended.
    """
    head, _is_new = Head.objects.get_or_create(pk=1)
    if not Entry.objects.filter(pk__gt=head.settled).exists():
        return 0
    given_out = _given_out()  # before this transaction has a number
    with transaction.atomic():
        locked = Head.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=1).first()
        return _link_chunk(locked, given_out) if locked else 0


def _given_out() -> int:
    """The highest id that an entry, visible or not, has."""
    if connection.vendor == "sqlite":
        return Entry.objects.aggregate(last=Max("pk"))["last"] or 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM history_entry_id_seq")
        return int(cursor.fetchone()[0])


def _link_chunk(head: Head, given_out: int) -> int:
    own, oldest = _transactions()  # asked first: what has ended by now is visible to the next question
    entries = list(waiting(head)[:CHUNK])
    links = [_linked(entry, head) for entry in entries]
    insert_rows(links)
    head.length += len(links)
    has_moved = own < head.ahead_until  # restored on another server, where transactions are counted anew
    if len(entries) < CHUNK and (oldest >= head.ahead_until or has_moved):
        head.settled, head.ahead, head.ahead_until = head.ahead, given_out, own
    head.save()
    return len(links)


def _transactions() -> tuple[int, int]:
    """The numbers of this transaction and of the oldest one that runs; SQLite has one writer, so nobody else runs."""
    if connection.vendor == "sqlite":
        return 0, 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_current_xact_id()::text::bigint, pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        )
        own, oldest = cursor.fetchone()
        return int(own), int(oldest)


def waiting(head: Head) -> QuerySet[Entry]:
    """The entries that are linked next, in their order."""
    return Entry.objects.filter(pk__gt=head.settled, link=None).order_by("pk")


def _linked(entry: Entry, head: Head) -> Link:
    head.hash = link(head.hash, at=entry.at, facts=_content(entry))
    return Link(entry=entry, hash=head.hash)


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
    """How far a walk along the chain has come: the last link's id and hash, and how many were seen."""

    last: int = 0
    hash: str = GENESIS
    length: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk along the chain found: links seen and, if broken, the first bad entry's id (0: the end is cut).

    `until` is when the last linked entry was recorded; `waiting` newer ones, the first of them of `since`, have no
    link yet.
    """

    length: int
    broken_at: int | None
    until: dt.datetime | None = None
    waiting: int = 0
    since: dt.datetime | None = None

    @property
    def is_whole(self) -> bool:
        """Whether every linked entry fits to the one before it, up to the head."""
        return self.broken_at is None


def verify() -> Verdict:
    """Walk the whole chain and compare each entry with its link, and the end with the head."""
    mark = Mark()
    while isinstance(found := verify_on(mark), Mark):
        mark = found
    return found


def verify_on(mark: Mark, size: int = CHUNK) -> Mark | Verdict:
    """Go on from the mark by so many links: the new mark, or the verdict where the chain ends or breaks.

    Others may link meanwhile: the head is read first, and what is newer than the head was then is only compared
    with what stands before it.
    """
    head = _head()
    previous, length = mark.hash, mark.length
    page = list(Link.objects.filter(pk__gt=mark.last).order_by("pk")[:size])
    entries = Entry.objects.in_bulk([each.entry_id for each in page])
    for each in page:
        entry = entries.get(each.entry_id)
        if entry is None or each.hash != link(previous, at=entry.at, facts=_content(entry)):
            return Verdict(length, each.entry_id)
        previous, length = each.hash, length + 1
        if length == head.length and each.hash != head.hash:
            return Verdict(length, 0)
    if len(page) == size:
        return Mark(page[-1].pk, previous, length)
    is_cut = length < head.length or (length > head.length and _head().length < length)
    return Verdict(length, 0) if is_cut else _whole(length, head)


def _whole(length: int, head: Head) -> Verdict:
    """The links fit; what remains is an entry without a link among those that had to have one."""
    settled = Entry.objects.filter(pk__lte=head.settled)
    if settled.count() > Link.objects.filter(entry__lte=head.settled).count():
        return Verdict(length, settled.filter(link=None).order_by("pk").values_list("pk", flat=True).first())
    since = waiting(head).values_list("at", flat=True).first()
    until = Link.objects.order_by("-pk").values_list("entry__at", flat=True).first()
    return Verdict(length, None, until=until, waiting=waiting(head).count() if since else 0, since=since)


def _head() -> Head:
    return Head.objects.filter(pk=1).first() or Head(pk=1)
