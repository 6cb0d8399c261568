"""Hold documents of a file against what is here: new, unchanged, or refused because they differ."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from depesa.customers.models import Customer
from depesa.documents.models import Document
from depesa.imports.rules.fields import LABELS
from depesa.imports.rules.refusals import Problem, gettext_noop
from depesa.imports.rules.sales import Assembled, Refusal, SalesDocument

OTHER_CONTENT = gettext_noop(
    "This number is here already with other content (dated %(date)s, customer %(customer)s, net %(net)s). "
    "Correct that document, or the number in the file."
)
CLOSED = gettext_noop("The books are closed until %(date)s. Import without posting, or open them.")


@dataclass(slots=True)
class Sifted:
    """A chunk of documents, each in one of three heaps."""

    new: list[SalesDocument] = field(default_factory=list)
    unchanged: list[SalesDocument] = field(default_factory=list)
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    strangers: set[str] = field(default_factory=set)
    """Codes of customers who are not here yet."""


def sift(chunk: Sequence[Assembled], closed: dt.date | None = None) -> Sifted:
    """What of the chunk is new, what is here with the same content, and what is refused, in two queries.

    `closed`: the last day of the closed books, where the documents are to be posted.
    """
    documents = [one.document for one in chunk if one.document]
    here = _find_here(documents)
    known = set(
        Customer.objects.filter(code__in={one.customer_code for one in documents}).values_list("code", flat=True)
    )
    sifted = Sifted()
    for assembled in chunk:
        refusals = list(assembled.refusals)
        document = assembled.document
        if document:
            there = here.get((document.kind, document.number))
            if there and there[0] == document.content_hash:
                sifted.unchanged.append(document)
                continue
            refusals += _object(document, there, closed)
            if not refusals:
                sifted.new.append(document)
                continue
        sifted.refused += 1
        sifted.refusals += refusals
    sifted.strangers = {one.customer_code for one in sifted.new} - known
    return sifted


def _find_here(documents: list[SalesDocument]) -> dict[tuple[str, str], tuple[str, Problem]]:
    found = Document.objects.filter(number__in={one.number for one in documents}).values_list(
        "type", "number", "content_hash", "document_on", "customer__code", "net"
    )
    return {
        (kind, number): (
            content_hash,
            Problem(OTHER_CONTENT, {"date": day.isoformat(), "customer": code, "net": f"{net:.2f}"}),
        )
        for kind, number, content_hash, day, code, net in found
    }


def _object(document: SalesDocument, there: tuple[str, Problem] | None, closed: dt.date | None) -> list[Refusal]:
    """What speaks against the document: one under its number, or closed books."""
    if there:
        return [Refusal(document.first_line, document.number, there[1])]
    if closed and document.on <= closed:
        problem = Problem(CLOSED, {"date": closed.isoformat()}, LABELS["date"])
        return [Refusal(document.first_line, document.number, problem)]
    return []
