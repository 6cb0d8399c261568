"""Where each statement of a run stands, from waiting for its PDF to an answer: one word a statement."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, CharField, Count, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.functional import Promise

from depesa.core.reasons import gettext_lazy as _
from depesa.documents.rules import Posting
from depesa.outbox.models import After, Delivery, State
from depesa.statements.models import Statement, StatementRun, StatementState
from depesa.statements.queries.counts import GOING

type Words = str | Promise

# In the order of a strip, from the first step to the last; what needs a person stands at the end.
SEGMENTS: Final[tuple[tuple[str, Words, str], ...]] = (
    ("making", _("PDF being made"), "calm"),
    ("ready", _("ready to send"), "calm"),
    ("asked", _("being posted"), "busy"),
    ("waiting", _("in the outbox"), "calm"),
    ("leaving", _("leaving"), "busy"),
    ("accepted", _("accepted"), "good"),
    ("delivered", _("delivered"), "good"),
    ("no-address", _("without an address"), "doubt"),
    ("held", _("held"), "doubt"),
    ("uncertain", _("uncertain"), "doubt"),
    ("not-posted", _("not posted, see the reason"), "bad"),
    ("no-pdf", _("no PDF could be made"), "bad"),
    ("refused", _("refused"), "bad"),
    ("too-late", _("too late"), "bad"),
    ("returned", _("returned"), "bad"),
    ("cancelled", _("cancelled"), "calm"),
)
WORDS: Final = {key: words for key, words, _tone in SEGMENTS}
ICONS: Final = {
    "making": "clock",
    "ready": "letter",
    "asked": "clock",
    "waiting": "tray",
    "leaving": "send",
    "accepted": "check",
    "delivered": "letter-open",
    "no-address": "warning",
    "held": "pause",
    "uncertain": "question",
    "not-posted": "cross",
    "no-pdf": "warning",
    "refused": "cross",
    "too-late": "clock",
    "returned": "returned",
    "cancelled": "minus",
}
TONES: Final = {key: tone for key, _words, tone in SEGMENTS}

# Of several recipients the one who needs a person most speaks for the letter: the highest wins.
_RANKS: Final[tuple[tuple[Q, str], ...]] = (
    (Q(state=State.ACCEPTED, after__in=[After.DELIVERED, After.ANSWERED]), "delivered"),
    (Q(state=State.CANCELLED), "cancelled"),
    (Q(state=State.ACCEPTED) & ~Q(after=After.BOUNCED), "accepted"),
    (Q(state=State.QUEUED), "waiting"),
    (Q(state__in=[State.LEASED, State.HANDING_OVER]), "leaving"),
    (Q(state=State.HELD), "held"),
    (Q(state=State.EXPIRED), "too-late"),
    (Q(state=State.REJECTED), "refused"),
    (Q(after=After.BOUNCED), "returned"),
    (Q(state=State.UNKNOWN), "uncertain"),
)


def _letter_rank() -> Subquery:
    rank = Case(*(When(condition, then=Value(number)) for number, (condition, _key) in enumerate(_RANKS)))
    copies = Delivery.objects.filter(message=OuterRef("operation__message")).order_by()
    return Subquery(copies.values("message").annotate(rank=Max(rank)).values("rank"))


def with_segment(statements: QuerySet[Statement]) -> QuerySet[Statement]:
    """The statements, each with the word for where it stands as `segment`."""
    return statements.annotate(letter_rank=_letter_rank()).annotate(
        segment=Case(
            When(state=StatementState.FORMED, then=Value("making")),
            When(state=StatementState.FAILED, then=Value("no-pdf")),
            When(operation__asked_at__isnull=False, then=Value("asked")),
            *(When(letter_rank=number, then=Value(key)) for number, (_condition, key) in enumerate(_RANKS)),
            When(operation__addresses="", then=Value("no-address")),
            When(~Q(operation__refusal="") & ~Q(operation__posting=Posting.POSTED), then=Value("not-posted")),
            default=Value("ready"),
            output_field=CharField(),
        )
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """How many statements of a run stand alike: `rank` is the letter's, None if there is none."""

    state: str
    posting: str
    problem: str
    refusal: str
    is_asked: bool
    has_address: bool
    rank: int | None
    count: int

    @property
    def segment(self) -> str:
        """The word for where they stand, the same as `with_segment` gives each."""
        if self.state == StatementState.FORMED:
            return "making"
        if self.state == StatementState.FAILED:
            return "no-pdf"
        if self.is_asked:
            return "asked"
        if self.rank is not None:
            return _RANKS[self.rank][1]
        if not self.has_address:
            return "no-address"
        return "not-posted" if self.refusal and self.posting != Posting.POSTED else "ready"


def tally(run: StatementRun) -> list[Tally]:
    """Every statement of the run, left out and replaced ones too, counted once by all that a page asks about them."""
    rows: Any = Statement.objects.filter(run=run).order_by()
    rows = rows.annotate(
        is_asked=Case(When(operation__asked_at__isnull=False, then=True), default=False),
        has_address=Case(When(operation__addresses="", then=False), default=True),
        letter_rank=_letter_rank(),
    )
    fields = ("state", "operation__posting", "problem", "operation__refusal", "is_asked", "has_address", "letter_rank")
    return [Tally(*row) for row in rows.values_list(*fields).annotate(Count("id"))]


def segments_in(tallies: Iterable[Tally]) -> dict[str, int]:
    """How many statements stand where, in the order of the strip; only what there is, without those not going."""
    counts: Counter[str] = Counter()
    for each in tallies:
        if each.state in GOING:
            counts[each.segment] += each.count
    return {key: counts[key] for key, _words, _tone in SEGMENTS if counts[key]}


def count_segments(run: StatementRun) -> dict[str, int]:
    """How many statements of the run stand where."""
    return segments_in(tally(run))
