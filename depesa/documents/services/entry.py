"""Enter, change and remove sales documents by hand."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from depesa.core.edits import edited, put, removed, unless_there
from depesa.core.errors import Faults, Refused, raise_faults
from depesa.core.money import digits_of
from depesa.core.reasons import gettext as _
from depesa.documents import rules
from depesa.documents.models import Document
from depesa.documents.rules import Line, Posting, Sums, sum_up
from depesa.documents.services.books import held_until
from depesa.documents.services.postings import closed_text, document_told, issued_text, posted_text
from depesa.history.services import tell, teller
from depesa.staff.models import User

HEADER: Final = ("type", "number", "series", "customer", "document_on", "due_on", "currency")
FIRST_DAY, LAST_DAY = dt.date(1990, 1, 1), dt.date(2100, 12, 31)
FIXED_BY_POSTING: Final = ("type", "number", "customer")


def enter(
    header: Mapping[str, Any], lines: Sequence[Line], *, by: User | None, total_on_paper: Decimal | None = None
) -> Document:
    """A new document, not posted; Faults names the wrong fields. Sums follow from the lines."""
    _check_year(header["document_on"])
    document = Document(**{name: header[name] for name in HEADER if name in header})
    sums = _sums_of(document, lines, total_on_paper)
    with transaction.atomic():
        _put(document, lines, sums)
        _save_document(document)
        tell(document, "documents.entered", after=document_told(document), by=by)
    return document


def change(
    document: Document,
    header: Mapping[str, Any],
    lines: Sequence[Line],
    *,
    version: int,
    by: User | None,
    total_on_paper: Decimal | None = None,
) -> Document:
    """Change a document as somebody saw it in this version; a posted one becomes corrected and counts no more."""
    tell = teller("documents.changed", by=by)
    with edited(document, version, by=by, told=document_told, tell=tell, save=_save_corrected) as row:
        currency, shown = row.currency, row.shown
        _check_open(row)
        _check_fixed(row, header)
        _check_year(header.get("document_on", row.document_on))
        put(row, header, HEADER)
        if list(lines) != row.entered_lines or row.currency != currency:
            _put(row, lines, _sums_of(row, lines, total_on_paper))
        else:
            raise_faults(_header_faults(row))  # untouched lines keep the sums that a file or a person gave them
        row.content_version += row.shown != shown
    return row


def remove(document: Document, *, by: User | None, version: int | None = None) -> None:
    """Remove a document, as somebody saw it, that has never been posted; Refused for any other."""
    with removed(document, version) as row:
        if row.was_posted:
            raise Refused(posted_text(row) + " " + _("It stays; make a return or a credit note."))
        tell(row, "documents.removed", before=document_told(row), by=by)


def _sums_of(document: Document, lines: Sequence[Line], total_on_paper: Decimal | None) -> Sums:
    sums = sum_up(lines, digits_of(document.currency))
    faults = _header_faults(document) | _line_faults(lines, sums)
    if total_on_paper is not None and total_on_paper != sums.gross:
        faults["total_on_paper"] = _(
            "The lines make %(sum)s (added exactly per VAT rate, rounded once, half up), the paper says %(paper)s. "
            "Correct a line, or leave this empty."
        ) % {"sum": sums.gross, "paper": total_on_paper}
    raise_faults(faults)
    return sums


def _check_year(day: dt.date) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Faults({"document_on": _("The year must lie between 1990 and 2100.")})


def _header_faults(document: Document) -> dict[str, str]:
    faults = {}
    closed = held_until()
    if closed and document.document_on <= closed:
        faults["document_on"] = closed_text(closed)
    if document.due_on and document.due_on < document.document_on:
        faults["due_on"] = _("Due before the date of the document. Write the same day or a later one.")
    if not document.number and not document.series_id:
        faults["number"] = _("Type a number, or choose a number series that gives it at posting.")
    return faults


def _line_faults(lines: Sequence[Line], sums: Sums) -> dict[str, str]:
    if not lines:
        return {"lines": _("Write at least one line.")}
    if len(lines) > rules.MOST_LINES:
        return {"lines": _("A document has at most %(n)s lines.") % {"n": rules.MOST_LINES}}
    for number, line in enumerate(lines, start=1):
        if problem := _line_fault(line):
            return {"lines": _("Line %(n)s: %(problem)s") % {"n": number, "problem": problem}}
    if sums.gross < 0:
        return {"lines": _("The document adds up to less than zero. Choose a return or a credit note.")}
    if sums.gross > rules.MOST_TOTAL:
        return {"lines": _("The document adds up to more than %(n)s.") % {"n": rules.MOST_TOTAL}}
    return {}


def _line_fault(line: Line) -> str:
    if line.quantity <= 0:
        return _("the quantity is above 0; what is taken back is a return or a credit note.")
    if line.quantity > rules.MOST_QUANTITY:
        return _("the quantity is at most %(n)s.") % {"n": rules.MOST_QUANTITY}
    if abs(line.price) > rules.MOST_PRICE:
        return _("the price is at most %(n)s.") % {"n": rules.MOST_PRICE}
    if not 0 <= line.vat_rate <= 100:
        return _("the VAT rate lies between 0 and 100.")
    if len(line.text) > rules.MOST_TEXT:
        return _("the text has at most %(n)s characters.") % {"n": rules.MOST_TEXT}
    return ""


def _check_open(document: Document) -> None:
    if document.is_issued:
        raise Refused(issued_text(document))
    closed = held_until()
    if closed and document.was_posted and document.document_on <= closed:
        raise Refused(closed_text(closed))


def _check_fixed(document: Document, header: Mapping[str, Any]) -> None:
    if document.was_posted and any(getattr(document, n) != header[n] for n in FIXED_BY_POSTING if n in header):
        raise Refused(
            posted_text(document)
            + " "
            + _("Type, number and customer stay. Make a return or a credit note, and a new document.")
        )


def _put(document: Document, lines: Sequence[Line], sums: Sums) -> None:
    document.lines = [line.kept() for line in lines]
    document.rates = sums.kept()
    document.net, document.vat, document.gross = sums.net, sums.vat, sums.gross


def _save_document(document: Document) -> None:
    with unless_there(Faults({"number": _("Another document of this type has this number.")})):
        document.save()


def _save_corrected(document: Document) -> None:
    document.posting = Posting.CORRECTED if document.posting != Posting.NOT_POSTED else document.posting
    _save_document(document)
