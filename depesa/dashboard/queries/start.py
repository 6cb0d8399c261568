"""What the start page shows besides: the first steps, the newest month, the letters of the last days."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from depesa.company.models import Company
from depesa.company.queries import midnight
from depesa.core.languages import period_in_words
from depesa.core.periods import Period
from depesa.core.reasons import gettext as _
from depesa.core.reasons import pgettext
from depesa.customers.models import Customer
from depesa.documents.models import Document
from depesa.operations.models import Operation
from depesa.outbox.models import Delivery, State
from depesa.outbox.queries import catcher_in_use, needing_person
from depesa.statements.models import StatementRun
from depesa.statements.services import FORMING

DAYS = 14


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One step of setting up; `is_done` is read from what is there."""

    text: str
    explanation: str
    url: str
    is_done: bool


def first_steps() -> list[FirstStep]:
    """The way from an empty installation to the first letters; empty once a month was formed."""
    if StatementRun.objects.exists():
        return []
    month = _month_of_last_document() or Period.of(timezone.localdate()).previous
    return [
        FirstStep(
            _("Say who you are"),
            _("Name, codes and address of your firm stand on every letter and paper."),
            reverse("company:company"),
            Company.objects.filter(pk=1).exclude(street="").exists(),
        ),
        FirstStep(
            _("Choose how letters leave"),
            _("Until you set a mail server, letters go to the catcher, where you can read them."),
            reverse("outbox:channels"),
            catcher_in_use() is None,
        ),
        FirstStep(
            _("Bring in customers and sales documents"),
            _("Import a CSV or XLSX file from your accounting; you see what it says before anything is kept."),
            reverse("documents:imports"),
            Customer.objects.exists() and Document.objects.exists(),
        ),
        FirstStep(
            _("Form the statements of %(month)s") % {"month": period_in_words(month)},
            _("One statement for each customer with a posted document. You look at the odd ones, then send."),
            reverse("statements:formation", args=[month]),
            False,
        ),
    ]


def _month_of_last_document() -> Period | None:
    last = Document.objects.order_by("-document_on", "-id").values_list("document_on", flat=True).first()
    return Period.of(last) if last else None


def newest_run() -> StatementRun | None:
    """The newest period that was formed."""
    return StatementRun.objects.select_related("operation").newest_first().first()


def next_forming() -> Operation | None:
    """The forming operation that comes next."""
    waiting = Operation.objects.present().filter(task__runs=FORMING, posting="not-posted")
    return waiting.order_by("period_end_on", "-period_first_on").first()


def letters_by_day(today: dt.date) -> dict[str, Any] | None:
    """Letters that ended on each of the last 14 days; days on which one needs a person are odd."""
    days: Sequence[dt.date] = [today - dt.timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    accepted = _per_day(Delivery.objects.all(), "accepted_at", days)
    failed = Counter(_per_day(needing_person().exclude(state=State.HELD), "ended_at", days))
    failed.update(_per_day(needing_person().filter(state=State.UNKNOWN, ended_at__isnull=True), "permit_at", days))
    values = [accepted.get(day, 0) + failed.get(day, 0) for day in days]
    if not any(values):
        return None
    written = pgettext("short day, in the letters of Django's date formats", "j M")
    return {
        "values": values,
        "labels": [date_format(day, written) for day in days],
        "odd": [index for index, day in enumerate(days) if failed.get(day)],
        "accepted": sum(accepted.values()),
        "failed": sum(failed.values()),
    }


def _per_day(rows: QuerySet[Delivery], field: str, days: Sequence[dt.date]) -> dict[dt.date, int]:
    """How many rows fall on each day of the company's time zone: bounds are compared, no row's time is converted."""
    bounds = [midnight(day) for day in days]
    ends = [*bounds[1:], midnight(days[-1] + dt.timedelta(days=1))]
    parts = [
        rows.filter(**{f"{field}__gte": start, f"{field}__lt": end})
        .order_by()
        .values(day=Value(number))
        .annotate(count=Count("pk"))
        .values_list("day", "count")
        for number, (start, end) in enumerate(zip(bounds, ends, strict=True))
    ]
    found = dict(parts[0].union(*parts[1:], all=True))
    return {day: found.get(number, 0) for number, day in enumerate(days)}
