"""How far a run is, how fast it goes and when it will be done."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.utils import timezone

from depesa.core.periods import Period, PeriodKind
from depesa.documents.models import Document
from depesa.documents.rules import Posting
from depesa.outbox.models import ON_THE_WAY, Delivery
from depesa.statements.models import RunState, Statement, StatementRun, StatementState
from depesa.statements.queries.counts import GOING
from depesa.statements.queries.segments import Tally, segments_in, tally

WINDOW = dt.timedelta(seconds=60)
MOST_REASONS = 50


@dataclass(frozen=True, slots=True)
class Pace:
    """Per second over the last minute, and the end at this pace (None: nothing moves or nothing is left)."""

    remaining: int
    per_second: float
    ends_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of a run: statements and deliveries by state, operations posted, failures by reason."""

    statements: dict[str, int]
    deliveries: dict[str, int]
    posted: int
    not_posted: int
    rendering: Pace
    sending: Pace
    asked: int = 0  # somebody wants them posted; the worker does it
    segments: dict[str, int] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)

    @property
    def is_rendered(self) -> bool:
        """Whether no statement waits for its PDF."""
        return not self.statements.get(StatementState.FORMED, 0)


def progress(run: StatementRun) -> Progress:
    """Count the run's statements and letters as they are now."""
    now = timezone.now()
    rows = Statement.objects.filter(run=run)
    tallies = tally(run)
    states = _counted((each.state, each.count) for each in tallies)
    rendered = rows.filter(state=StatementState.READY, rendered_at__gt=now - WINDOW).count()
    letters = Delivery.objects.filter(
        message__in=rows.filter(operation__message__isnull=False).values("operation__message")
    )
    deliveries = dict(letters.order_by("state").values_list("state").annotate(Count("id")))
    asked = sum(each.count for each in tallies if each.is_asked)
    on_the_way = sum(deliveries.get(state, 0) for state in ON_THE_WAY)
    recent = Q(accepted_at__gt=now - WINDOW) | Q(ended_at__gt=now - WINDOW)
    moved = letters.filter(recent).count() if asked or on_the_way else 0
    going = _counted((each.posting == Posting.POSTED, each.count) for each in tallies if each.state in GOING)
    return Progress(
        statements=states,
        deliveries=deliveries,
        posted=going.get(True, 0),
        not_posted=going.get(False, 0),
        rendering=pace(states.get(StatementState.FORMED, 0), rendered, now),
        sending=pace(on_the_way, moved, now),
        asked=asked,
        segments=segments_in(tallies),
        failures=_failures(run, tallies),
    )


def pace(remaining: int, moved: int, now: dt.datetime) -> Pace:
    """The pace when so many moved within the window."""
    per_second = moved / WINDOW.total_seconds()
    ends_at = now + dt.timedelta(seconds=remaining / per_second) if remaining and moved else None
    return Pace(remaining, per_second, ends_at)


def _counted[K](pairs: Iterable[tuple[K, int]]) -> dict[K, int]:
    counts: Counter[K] = Counter()
    for key, count in pairs:
        counts[key] += count
    return dict(counts)


def _failures(run: StatementRun, tallies: Iterable[Tally]) -> dict[str, int]:
    """Why forming stopped, statements and PDFs could not be made and operations were not posted, with how often."""
    stopped = {run.unfinished: 1} if run.state == RunState.STOPPED else {}
    unformed = dict(run.refused.order_by().values_list("problem").annotate(Count("id")))
    failed = _counted((each.problem, each.count) for each in tallies if each.state == StatementState.FAILED)
    refused = _counted((each.refusal, each.count) for each in tallies if each.refusal)
    return stopped | {
        why: count for part in (unformed, failed, refused) for why, count in sorted(part.items())[:MOST_REASONS]
    }


def missing_runs(today: dt.date) -> list[Period]:
    """Every past month that lacks its run, from the first to the last that has documents or a run, and last month.

    The years between old data that were imported and today are not named; nothing was sold in them here.
    """
    runs = StatementRun.objects.filter(formed_at__isnull=False, period_kind=PeriodKind.MONTH)
    formed = {Period.of(first).number for first in runs.values_list("period_first_on", flat=True)}
    # Both ends of the index by day; a minimum of months would read every document.
    sold = Document.objects.posted().values_list("month", flat=True)
    ends = [*sold.order_by("document_on", "id")[:1], *sold.order_by("-document_on", "-id")[:1]]
    known = formed | set(ends)
    if not known:
        return []
    month, end, last = Period.from_number(min(known)), Period.of(today), Period.from_number(max(known))
    missing = []
    while month < end:
        if month.number not in formed and (month <= last or (formed and month == end.previous)):
            missing.append(month)
        month = month.next
    return missing
