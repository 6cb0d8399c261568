"""Issue sales documents that orders make: posted at once, in the transaction of the order; make again, withdraw."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from depesa.core.edits import RAISED, raise_version
from depesa.core.errors import Refused
from depesa.core.periods import Period
from depesa.core.reasons import gettext as _
from depesa.core.tables import insert_rows
from depesa.core.texts import fold
from depesa.documents.models import Document, NumberSeries
from depesa.documents.rules import MOST_LINES, MOST_TOTAL, Line, Posting, Sums
from depesa.documents.services.books import held_until
from depesa.documents.services.numbers import give_back, wrong_year
from depesa.documents.services.postings import closed_text, document_told, too_early
from depesa.history.services import fact_of, record, tell
from depesa.staff.models import User

CHANGED: Final = ("content_version", "document_on", "month", "due_on", "net", "vat", "gross", "rates", "lines")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A sales document to be issued; amounts carry no sign of the type."""

    type: str  # rules.Type: invoice or credit-note
    number: str
    customer_id: int
    document_on: dt.date
    currency: str
    lines: Sequence[Line]
    sums: Sums
    due_on: dt.date | None = None
    series_id: int | None = None
    serial: int | None = None


def issue_posted(issues: Sequence[Issue], *, by: User | None, origin: str = "") -> list[Document]:
    """New posted sales documents, in the order given, in the transaction of the caller; Refused names the first fault.

    The numbers come from `reserve` in the same transaction. A date before the last one of the series is refused.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("documents are issued in the transaction that makes them")
    if not issues:
        return []
    series = NumberSeries.objects.in_bulk({issue.series_id for issue in issues if issue.series_id})
    closed = held_until()
    for issue in issues:
        if reason := _why_not(issue, closed) or _why_not_from(series.get(issue.series_id or 0), issue.document_on):
            raise Refused(reason)
    documents = [_document(issue, by=by) for issue in issues]
    _insert(documents)
    _remember_days(issues)
    facts = [fact_of(each, "documents.issued", after=document_told(each)) for each in documents]
    record(facts, by=by, origin=origin)
    return documents


def reissue(document: Document, issue: Issue, *, by: User | None, origin: str = "") -> Document:
    """Write an issued document anew under its number: other day, lines and sums; it stays posted. In a transaction."""
    row = _locked(document)
    if (row.type, row.number, row.customer_id, row.currency) != (
        issue.type,
        issue.number,
        issue.customer_id,
        issue.currency,
    ):
        raise Refused(_("Type, number, customer and currency of %(number)s stay.") % {"number": row.number})
    closed = held_until()
    reason = (closed_text(closed) if closed and row.document_on <= closed else "") or _why_not(issue, closed)
    if reason := reason or _why_not_moved(row, issue.document_on):
        raise Refused(reason)
    before, shown = document_told(row), row.shown
    fresh = _document(issue, by=by)
    for name in CHANGED[1:]:
        setattr(row, name, getattr(fresh, name))
    if before == document_told(row):
        return row
    row.content_version += row.shown != shown
    raise_version(row, by)
    row.save(update_fields=[*CHANGED, *RAISED])
    tell(row, "documents.issued-again", before=before, after=document_told(row), by=by, origin=origin)
    return row


def withdraw(document: Document, *, by: User | None, origin: str = "") -> None:
    """Delete an issued document that is the last of its series, and give its number back. In a transaction.

    Refused for any other: a gap in the numbers, or closed books.
    """
    row = _locked(document)
    closed = held_until()
    if closed and row.document_on <= closed:
        raise Refused(closed_text(closed))
    if row.series is None or row.serial is None or not give_back(row.series, row.serial, kind=row.type):
        raise Refused(
            _("%(number)s is not the last of its number series; deleting it would leave a gap. Make a credit note.")
            % {"number": row.number}
        )
    tell(row, "documents.withdrawn", before=document_told(row), by=by, origin=origin)
    row.delete()


def _locked(document: Document) -> Document:
    if not connection.in_atomic_block:
        raise RuntimeError("an issued document is changed in the transaction of its order")
    return Document.objects.select_for_update(of=("self",), no_key=True).select_related("series").get(pk=document.pk)


def _why_not(issue: Issue, closed: dt.date | None) -> str:
    if closed and issue.document_on <= closed:
        return closed_text(closed)
    if not issue.number:
        return _("It has no number. Type one, or choose a number series.")
    if issue.due_on and issue.due_on < issue.document_on:
        return _("Due before the date of the document. Write the same day or a later one.")
    if not issue.lines:
        return _("Write at least one line.")
    if len(issue.lines) > MOST_LINES:
        return _("A document has at most %(n)s lines.") % {"n": MOST_LINES}
    if issue.sums.gross < 0:
        return _("The document adds up to less than zero. Choose a return or a credit note.")
    if issue.sums.gross > MOST_TOTAL:
        return _("The document adds up to more than %(n)s.") % {"n": MOST_TOTAL}
    return ""


def _why_not_from(series: NumberSeries | None, day: dt.date) -> str:
    return wrong_year(series, day) or too_early(series, day) if series else ""


def _why_not_moved(document: Document, day: dt.date) -> str:
    """Why an issued document is not given this day: another year than its series, or out of the order of numbers."""
    series = document.series
    if series is None or day == document.document_on:
        return ""
    rows = Document.objects.filter(series=series)
    earlier = rows.filter(serial__lt=document.serial, document_on__gt=day).order_by("-serial").first()
    later = rows.filter(serial__gt=document.serial, document_on__lt=day).order_by("serial").first()
    if reason := wrong_year(series, day):
        return reason
    if other := earlier or later:
        return _("%(number)s is dated %(day)s, and the numbers of a series follow the days. Choose another day.") % {
            "number": other.number,
            "day": other.document_on,
        }
    return ""


def _document(issue: Issue, *, by: User | None) -> Document:
    now = timezone.now()
    document = Document(
        type=issue.type,
        number=issue.number,
        number_key=fold(issue.number),
        series_id=issue.series_id,
        serial=issue.serial,
        customer_id=issue.customer_id,
        document_on=issue.document_on,
        due_on=issue.due_on,
        month=Period.of(issue.document_on).number,
        currency=issue.currency,
        rates=issue.sums.kept(),
        lines=[line.kept() for line in issue.lines],
        posting=Posting.POSTED.value,
        is_issued=True,
        posted_at=now,
        posted_by=by,
        created_at=now,
    )
    document.net, document.vat, document.gross = issue.sums.net, issue.sums.vat, issue.sums.gross
    return document


def _insert(documents: Sequence[Document]) -> None:
    try:
        with transaction.atomic():
            insert_rows(documents)
    except IntegrityError:
        raise Refused(_twice(documents)) from None


def _twice(documents: Sequence[Document]) -> str:
    """Which number would stand on two documents."""
    asked = Counter((each.type, each.number) for each in documents)
    numbers = [number for (_type, number), count in asked.items() if count > 1]
    borne = Document.objects.filter(type__in={t for t, _number in asked}, number__in=[n for _type, n in asked])
    numbers += [each.number for each in borne if (each.type, each.number) in asked]
    return _("Another document of this type has this number: %(number)s.") % {"number": numbers[:3]}


def _remember_days(issues: Sequence[Issue]) -> None:
    """The day of the last number given, which none after it may precede."""
    latest: dict[int, dt.date] = {}
    for issue in issues:
        if issue.series_id and issue.serial is not None:
            latest[issue.series_id] = max(issue.document_on, latest.get(issue.series_id, issue.document_on))
    for series_id, day in latest.items():
        rows = NumberSeries.objects.filter(pk=series_id)
        rows.filter(last_on__isnull=True).update(last_on=day)
        rows.filter(last_on__lt=day).update(last_on=day)
