"""Post sales documents: they get their number, and count."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import batched
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from depesa.core.batches import Failed, each_alone
from depesa.core.edits import raised
from depesa.core.money import rounded
from depesa.core.reasons import gettext as _
from depesa.core.tables import update_rows
from depesa.core.texts import fold
from depesa.documents.models import Document, NumberSeries
from depesa.documents.rules import Posting
from depesa.documents.services.books import held_until
from depesa.documents.services.numbers import left, reserve, wrong_year
from depesa.history.services import Fact, fact_of, record
from depesa.staff.models import User

CHUNK: Final = 1000  # documents a transaction: a lock of a second at most


@dataclass(frozen=True, slots=True)
class Refusal:
    """A document that was not posted, and the reason as the clerk reads it."""

    document: Document
    reason: str


@dataclass(slots=True)
class Outcome:
    """What became of documents that were to be posted or taken back."""

    done: int = 0
    refused: list[Refusal] = field(default_factory=list)


def post(ids: Iterable[int], *, by: User | None) -> Outcome:
    """Post these documents in the order of their dates; one that cannot be posted stops no other.

    A document without a number takes the next of its series here and nowhere else.
    """
    outcome = Outcome()
    for chunk in batched(_in_order(ids), CHUNK):
        _each_alone(partial(_post_chunk, by=by), chunk, outcome)
    return outcome


def _each_alone(do: Callable[[Sequence[int]], list[Outcome]], ids: Sequence[int], outcome: Outcome) -> None:
    """Do a chunk in one transaction; if that fails, only what is to blame is refused, with a sentence."""
    for done in each_alone(do, ids, _refused_alone, name=lambda pk: f"document {pk}"):
        outcome.done += done.done
        outcome.refused += done.refused


def _refused_alone(failed: Failed[int]) -> Outcome:
    documents = Document.objects.filter(pk=failed.row).defer("lines")
    return Outcome(refused=[Refusal(document, failed.sentence) for document in documents])


def _in_order(ids: Iterable[int]) -> list[int]:
    """The ids by date; asked in chunks, because a question to a database holds only so many of them."""
    found: list[tuple[dt.date, int]] = []
    for chunk in batched(ids, CHUNK):
        found += Document.objects.filter(pk__in=chunk).values_list("document_on", "pk")
    return [pk for _day, pk in sorted(found)]


@transaction.atomic
def _post_chunk(ids: Sequence[int], *, by: User | None) -> list[Outcome]:
    closed = held_until()
    found = (
        Document.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    )  # whoever locks many goes this way
    documents = sorted(found.defer("lines"), key=lambda each: (each.document_on, each.pk))
    refused = [Refusal(each, reason) for each in documents if (reason := _why_not(each, closed))]
    left_out = {refusal.document.pk for refusal in refused}
    unnumbered = [each for each in documents if each.pk not in left_out and not each.number]
    refused += _number(unnumbered)
    left_out = {refusal.document.pk for refusal in refused}
    ready = [each for each in documents if each.pk not in left_out]
    posted = Document.objects.filter(pk__in=[each.pk for each in ready])
    now = timezone.now()
    posted.update(posting=Posting.POSTED, posted_at=now, posted_by=by, **raised(by, now))
    record([_moved(each, "documents.posted") for each in ready], by=by)
    return [Outcome(len(ready), refused)]


def _why_not(document: Document, closed: dt.date | None) -> str:
    if document.posting == Posting.POSTED:
        return posted_text(document)
    if closed and document.document_on <= closed:
        return closed_text(closed)
    if document.net + document.vat != document.gross:
        return _("Net %(net)s and VAT %(vat)s do not make %(gross)s. Correct the document.") % {
            name: rounded(getattr(document, name), document.currency) for name in ("net", "vat", "gross")
        }
    if not document.number and not document.series_id:
        return _("It has no number. Type one, or choose a number series.")
    return ""


def posted_text(document: Document) -> str:
    """When and as what a document was posted."""
    day = document.posted_at and timezone.localdate(document.posted_at)
    return _("Posted on %(day)s as %(number)s.") % {"day": day or "", "number": document.number}


def closed_text(closed: dt.date) -> str:
    """Why nothing is posted, changed or taken back before that day."""
    return _("The books are closed until %(day)s.") % {"day": closed}


def _number(documents: Sequence[Document]) -> list[Refusal]:
    """Give numbers in the order of dates; what the series cannot take is refused."""
    by_series: dict[tuple[int, str], list[Document]] = defaultdict(list)
    for document in documents:
        by_series[document.series_id or 0, document.type].append(document)
    refused: list[Refusal] = []
    for (series_id, kind), group in sorted(by_series.items()):
        refused += _number_from(NumberSeries.objects.get(pk=series_id), kind, group)
    return refused


def _number_from(series: NumberSeries, kind: str, documents: list[Document]) -> list[Refusal]:
    room = left(series)
    refused = [Refusal(each, reason) for each in documents if (reason := _why_not_from(series, each))]
    left_out = {refusal.document.pk for refusal in refused}
    fitting = [each for each in documents if each.pk not in left_out]
    ended = _("Series %(code)s ends at %(end)s; open a new one.") % {"code": series.code, "end": series.end}
    refused += [Refusal(each, ended) for each in fitting[room:]]
    numbered = fitting[:room]
    if not numbered:
        return refused
    for document, serial in zip(numbered, reserve(series, len(numbered), kind=kind), strict=True):
        document.serial, document.number = serial, series.written(serial)
    columns = ["serial", "number", "number_key", "version"]  # posting them, which follows, is their next version
    update_rows(Document, columns, [(d.serial, d.number, fold(d.number), d.version, d.pk) for d in numbered])
    NumberSeries.objects.filter(pk=series.pk).update(last_on=numbered[-1].document_on)
    return refused


def _why_not_from(series: NumberSeries, document: Document) -> str:
    return wrong_year(series, document.document_on) or too_early(series, document.document_on)


def too_early(series: NumberSeries, day: dt.date) -> str:
    """Why a document of that day takes no number of this series, if a later one has taken one."""
    if series.last_on and day < series.last_on:
        return _("The last document of series %(code)s is dated %(day)s; this one may not be earlier.") % {
            "code": series.code,
            "day": series.last_on,
        }
    return ""


def take_back(ids: Iterable[int], *, by: User | None, reason: str = "") -> Outcome:
    """Take the posting of these documents back: they are corrected, count no more, and keep their numbers."""
    outcome = Outcome()
    for chunk in batched(list(ids), CHUNK):
        _each_alone(partial(_take_chunk_back, by=by, reason=reason), chunk, outcome)
    return outcome


@transaction.atomic
def _take_chunk_back(ids: Sequence[int], *, by: User | None, reason: str) -> list[Outcome]:
    closed = held_until()
    documents = list(Document.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").defer("lines"))
    refused = [Refusal(each, why) for each in documents if (why := _why_not_back(each, closed))]
    left_out = {refusal.document.pk for refusal in refused}
    ready = [each for each in documents if each.pk not in left_out]
    back = Document.objects.filter(pk__in=[each.pk for each in ready])
    back.update(posting=Posting.CORRECTED, **raised(by))
    record([_moved(each, "documents.taken-back", note=reason) for each in ready], by=by)
    return [Outcome(len(ready), refused)]


def issued_text(document: Document) -> str:
    """Why an issued document is neither changed nor taken back in the register."""
    return _("An order has made %(number)s. Generate it again there, or make a credit note.") % {
        "number": document.number
    }


def _why_not_back(document: Document, closed: dt.date | None) -> str:
    if document.is_issued:
        return issued_text(document)
    if document.posting != Posting.POSTED:
        return _("It is not posted.")
    return closed_text(closed) if closed and document.document_on <= closed else ""


def _moved(document: Document, event: str, note: str = "") -> Fact:
    after = {
        "number": document.number,
        "gross": f"{rounded(document.gross, document.currency):f}",
        "currency": document.currency,
    }
    return fact_of(document, event, before={"posting": str(document.posting)}, after=after, note=note)


def document_told(document: Document) -> dict[str, Any]:
    """A document as the history tells it."""
    return {
        "type": str(document.type),
        "number": document.number,
        "series": document.series_id,
        "customer": document.customer_id,
        "document_on": document.document_on.isoformat(),
        "due_on": document.due_on.isoformat() if document.due_on else None,
        "currency": document.currency,
        "gross": f"{rounded(document.gross, document.currency):f}",
        "rates": document.rates,
        "lines": document.lines,
    }
