"""One timeline of a customer or a record: changes, notes and letters in one column, newest first."""

import heapq
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from depesa.core.reasons import gettext, pgettext
from depesa.core.records import Ref, about
from depesa.customers.models import Customer
from depesa.history.contributions import EVENTS
from depesa.history.models import Entry as Told
from depesa.history.queries import in_words
from depesa.history.rules import NOTED, TOLD
from depesa.outbox.models import Enclosure, Message
from depesa.outbox.queries import files_of, slip_of, ways_in, with_evidence
from depesa.staff.models import User
from depesa.ui.parts import Entry

SIZE: Final = 30
LETTERS: Final = "letters"
CHANGES: Final = "changes"
NOTES: Final = "notes"
SHOWN: Final = frozenset({LETTERS, CHANGES, NOTES})
_QUEUED: Final = "outbox.queued"
_SEEN: Final = (_QUEUED, "triggers.queued")  # their letters stand there as slips, unless there is more to say
_NOTES: Final = (NOTED, TOLD)
_TOKEN: Final = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")
_END: Final = 10**18


@dataclass(frozen=True, slots=True)
class Line:
    """One line and where it comes from: the entry or the letter of this id."""

    entry: Entry
    told_id: int = 0
    message_id: int = 0


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page of what happened; `older` is the token of the next one, empty at the beginning of time."""

    ref: Ref
    entries: Sequence[Entry]
    older: str = ""
    shown: str = ""  # letters, changes, notes, or everything

    @property
    def older_url(self) -> str:
        """The address of the next page."""
        return self.address(self.shown, at=self.older) if self.older else ""

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """Everything, or only letters, changes or notes."""
        words: list[tuple[str, str]] = [
            ("", pgettext("timeline", "Everything")),
            (LETTERS, gettext("Letters")),
            (CHANGES, gettext("Changes")),
            (NOTES, gettext("Notes")),
        ]
        return [
            {"label": label, "url": self.address(shown), "is_current": shown == self.shown} for shown, label in words
        ]

    def address(self, shown: str, **more: str) -> str:
        """This timeline with only letters, changes or notes, or with everything."""
        words = {"show": shown, **more}
        query = urlencode({key: word for key, word in words.items() if word})
        return reverse("outbox:timeline", args=[self.ref]) + (f"?{query}" if query else "")


def timeline_of(ref: Ref, user: User, *, shown: str = "", token: str = "", size: int = SIZE) -> Timeline:
    """What happened to a record, and every letter that concerns it.

    Of a customer it is all that happened to the customer: orders, documents, statements, letters, notes. `shown` is
    "letters", "changes", "notes" or empty for everything; `token` is the `older` of the page before.
    """
    before = [int(part) for part in found.groups()] if (found := _TOKEN.fullmatch(token)) else [_END, _END]
    told = _told_about(ref, shown).filter(pk__lt=before[0]) if shown != LETTERS else Told.objects.none()
    letters = _letters(ref, user).filter(pk__lt=before[1]) if shown in {"", LETTERS} else Message.objects.none()
    lines = heapq.merge(
        _lines_of(told[: size + 1], ref),
        _slips_of(letters[: size + 1], user),
        key=lambda line: line.entry.at,
        reverse=True,
    )
    kept = [line for line, _number in zip(lines, range(size + 1), strict=False)]
    page = kept[:size]
    older = ""
    if len(kept) > size:
        told_id = min((line.told_id for line in page if line.told_id), default=before[0])
        message_id = min((line.message_id for line in page if line.message_id), default=before[1])
        older = f"{told_id}-{message_id}"
    return Timeline(ref, [line.entry for line in page], older, shown if shown in SHOWN else "")


def last_letter_of(customer_id: int, user: User) -> Message | None:
    """The newest letter to a customer, with its evidence."""
    return with_evidence(Message.objects.visible_to(user).filter(customer=customer_id)).order_by("-pk").first()


def _told_about(ref: Ref, shown: str) -> QuerySet[Told]:
    customer_id = ref.id_of(Customer.record_kind)
    if customer_id is not None:
        rows = Told.objects.filter(customer_id=customer_id)
    else:
        letters = Message.objects.concerning(ref).values_list("pk", flat=True)
        rows = Told.objects.filter(about(ref, *(Message.ref_of(pk) for pk in letters)))
    rows = rows.select_related("actor").order_by("-pk")
    if shown == NOTES:
        return rows.filter(event__in=_NOTES)
    rows = rows.exclude(event__in=_SEEN, note="")
    return rows.exclude(event__in=_NOTES) if shown == CHANGES else rows


def _letters(ref: Ref, user: User) -> QuerySet[Message]:
    customer_id = ref.id_of(Customer.record_kind)
    mine = Message.objects.visible_to(user)
    rows = with_evidence(mine.concerning(ref) if customer_id is None else mine.filter(customer=customer_id))
    return rows.prefetch_related(Prefetch("enclosures", Enclosure.objects.order_by("position"))).order_by("-pk")


def _lines_of(told: QuerySet[Told], ref: Ref) -> Iterator[Line]:
    rows = list(told)
    for row, entry in zip(rows, in_words(rows), strict=True):
        url = "" if row.ref == ref else row.ref.url
        yield Line(replace(entry, url=url), told_id=row.pk)


def _slips_of(letters: QuerySet[Message], user: User) -> Iterator[Line]:
    words = EVENTS[_QUEUED]
    for message in letters:
        slip = slip_of(message, files=files_of(message), actions=ways_in(message, user))
        by = str(message.created_by or "")
        yield Line(Entry(message.sealed_at, words[0], by=by, icon=words[1], slip=slip), message_id=message.pk)
