"""Which statements no longer say what the documents say, and the difference in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet

from depesa.core.languages import formatter
from depesa.core.money import to_stored
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
    """One document that a statement shows otherwise than it is now; amounts are gross, None where it is missing."""

    kind: str  # added, removed, changed
    type: str
    number: str
    currency: str
    before: Decimal | None
    after: Decimal | None

    def sentence(self, language: str) -> str:
        """The difference in words; call it while that language is spoken."""
        write = formatter(language)
        before, after = (
            "" if amount is None else write.stored_money(to_stored(amount), self.currency)
            for amount in (self.before, self.after)
        )
        values = {"type": dict(TYPES)[self.type], "number": self.number, "before": before, "after": after}
        match self.kind:
            case "added":
                return _("%(type)s %(number)s was added: %(after)s") % values
            case "removed":
                return _("%(type)s %(number)s was taken out: %(before)s") % values
            case _:
                return _("%(type)s %(number)s was corrected: %(after)s, before %(before)s") % values


def differences(statement: Statement) -> list[Difference]:
    """Document by document, what the statement shows and what is posted now, in the order of numbers."""
    return sorted(_differences(statement), key=lambda each: (each.number, each.kind))


def _differences(statement: Statement) -> Iterator[Difference]:
    run = statement.run
    documents = Document.objects.of_period(run.period).posted().filter(customer=statement.customer_id)
    now = {document.pk: document for document in documents.defer("lines", "rates")}
    for line in statement.lines.select_related("document"):
        document = now.pop(line.document_id, None)
        told = line.document
        if document is None:
            yield Difference("removed", told.type, told.number, line.currency, line.gross, None)
        elif document.version != line.document_version:
            yield Difference(
                "changed", document.type, document.number, document.currency, line.gross, document.signed_gross
            )
    for document in now.values():
        yield Difference("added", document.type, document.number, document.currency, None, document.signed_gross)
