"""Which statements no longer say what the documents say, and the difference in words."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from depesa.core.languages import Formatter, formatter
from depesa.core.money import from_stored, to_stored
from depesa.core.reasons import gettext as _
from depesa.documents.models import TYPES, Document
from depesa.statements.models import Statement, StatementLine, StatementRun
from depesa.statements.queries.counts import going, unchanged


def stale(run: StatementRun) -> QuerySet[Statement]:
    """Statements of the run whose documents were changed, taken back or joined by others since they were formed."""
    # A line that is not current stands for a document that another customer's statement took over.
    moved = StatementLine.objects.filter(statement=OuterRef("pk")).exclude(unchanged(run), is_current=True)
    placed = StatementLine.objects.filter(run=run, is_current=True, document=OuterRef("pk"))
    documents = Document.objects.of_period(run.period).posted()
    added = documents.filter(~Exists(placed), customer=OuterRef("customer"))
    return going(run).filter(Exists(moved) | Exists(added))


@dataclass(frozen=True, slots=True)
class Difference:
    """One document that a statement shows otherwise than it is now; of sums the gross ones, unless only VAT differs."""

    kind: str  # added, removed, or what was corrected: gross, day, vat
    type: str
    number: str
    currency: str
    before: Decimal | dt.date | None
    after: Decimal | dt.date | None

    def sentence(self, language: str) -> str:
        """The difference in words; call it while that language is spoken."""
        before, after = (self._said(side, formatter(language)) for side in (self.before, self.after))
        values = {"type": dict(TYPES)[self.type], "number": self.number, "before": before, "after": after}
        match self.kind:
            case "added":
                return _("%(type)s %(number)s was added: %(after)s") % values
            case "removed":
                return _("%(type)s %(number)s was taken out: %(before)s") % values
            case "day":
                return _("%(type)s %(number)s was corrected: dated %(after)s, before %(before)s") % values
            case "vat":
                return _("%(type)s %(number)s was corrected: VAT %(after)s, before %(before)s") % values
            case _:
                return _("%(type)s %(number)s was corrected: %(after)s, before %(before)s") % values

    def _said(self, side: Decimal | dt.date | None, write: Formatter) -> str:
        if side is None:
            return ""
        return write.day(side) if isinstance(side, dt.date) else write.stored_money(to_stored(side), self.currency)


def differences(statement: Statement) -> list[Difference]:
    """Document by document, what the statement shows and what is posted now, in the order of numbers.

    What was changed and changed back is no difference.
    """
    return sorted(_differences(statement), key=lambda each: (each.number, each.kind))


def _differences(statement: Statement) -> Iterator[Difference]:
    run = statement.run
    documents = Document.objects.of_period(run.period).posted().filter(customer=statement.customer_id)
    now = {document.pk: document for document in documents.defer("lines", "rates")}
    shown = {(kind, number): (day, vat) for day, kind, number, _currency, _net, vat, _gross in statement.sheet["rows"]}
    for line in statement.lines.select_related("document"):
        document = now.pop(line.document_id, None)
        told = line.document
        if document is None:
            yield Difference("removed", told.type, told.number, line.currency, line.gross, None)
        elif document.content_version != line.document_version:
            yield from _corrected(line, document, *shown[told.type, told.number])
    for document in now.values():
        yield Difference("added", document.type, document.number, document.currency, None, document.signed_gross)


def _corrected(line: StatementLine, now: Document, day: str, vat: int) -> Iterator[Difference]:
    sides: dict[str, tuple[Any, Any]] = {
        "gross": ((line.gross, line.currency), (now.signed_gross, now.currency)),
        "day": (dt.date.fromisoformat(day), now.document_on),
        "vat": (from_stored(vat), now.signed_vat),
    }
    for kind, (before, after) in sides.items():
        if before != after:
            pair = (line.gross, now.signed_gross) if kind == "gross" else (before, after)
            yield Difference(kind, now.type, now.number, now.currency, *pair)
            return
