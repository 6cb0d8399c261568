"""The coverage proof: every posted document of the period stands in exactly one statement, or a reason is named."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from depesa.core.reasons import gettext as _
from depesa.core.snapshots import one_snapshot
from depesa.documents.models import Document
from depesa.documents.rules import Posting
from depesa.statements.models import RefusedCustomer, Statement, StatementLine, StatementRun, StatementState
from depesa.statements.queries.counts import GOING, unchanged

NAMED = 100  # exclusions of one kind that are named; all are counted


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A document of the period that stands in no statement as it is now, and why."""

    document: str
    customer: str
    kind: str  # left-out, refused, late, changed, corrected
    reason: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """The proof. `documents` are posted; `in_statements` stand in exactly one statement as they are now.

    `is_ok`: each posted document is in a statement or was left out by a person, and the sums agree per currency.
    `excluded` counts all exclusions, also of corrected documents; `named` says the first of each kind.
    `foreign` are lines whose document is not posted in this period any more. `sums` and `shown` are gross.
    """

    documents: int
    in_statements: int
    excluded: int
    refused: int
    late: int
    changed: int
    left_out: int
    corrected: int
    foreign: int
    not_posted: int
    sums: dict[str, Decimal]
    shown: dict[str, Decimal]
    left_out_sums: dict[str, Decimal]
    named: Sequence[Exclusion]

    @property
    def is_ok(self) -> bool:
        """Whether nothing is missing, nothing is too much and every sum agrees."""
        return (
            self.documents == self.in_statements + self.left_out
            and not self.foreign
            and self.sums == _added(self.shown, self.left_out_sums)
        )

    @property
    def is_explained(self) -> bool:
        """Whether it is ok, or a person has something to do that the kinds name: to form again, or anew."""
        named = self.refused + self.late + self.changed
        is_whole = self.documents == self.in_statements + self.left_out + named
        return self.is_ok or (is_whole and bool(named or self.foreign))

    def as_json(self) -> dict[str, Any]:
        """The proof as it is kept with the run."""
        return {
            "ok": self.is_ok,
            "documents": self.documents,
            "in_statements": self.in_statements,
            "excluded": self.excluded,
            "refused": self.refused,
            "late": self.late,
            "changed": self.changed,
            "left_out": self.left_out,
            "corrected": self.corrected,
            "foreign": self.foreign,
            "not_posted": self.not_posted,
            "sums": {currency: str(amount) for currency, amount in self.sums.items()},
            "shown": {currency: str(amount) for currency, amount in self.shown.items()},
            "named": [[each.document, each.customer, each.kind, each.reason] for each in self.named],
        }


def coverage(run: StatementRun) -> Coverage:
    """Compare the documents of the period with the lines of its statements, as both are at one moment."""
    with one_snapshot():
        return _coverage(run)


def _coverage(run: StatementRun) -> Coverage:
    documents = Document.objects.of_period(run.period)
    lines = StatementLine.objects.filter(run=run, is_current=True, statement__state__in=GOING)
    posted, same = _tally(documents.posted(), "signed_gross"), _tally(lines.filter(unchanged(run)), "gross")
    counts = dict(documents.order_by("posting").values_list("posting").annotate(Count("id")))
    missing = _missing(run, documents.posted())
    # A document has one current line by constraint: equal counts without strange lines leave nothing to look for.
    is_complete = posted.count == same.count == lines.count()
    left_out = _tally(missing["left-out"], "signed_gross") if not is_complete else Tally(0, {})
    refused, late, changed = (0 if is_complete else missing[kind].count() for kind in ("refused", "late", "changed"))
    foreign = lines.exclude(unchanged(run)).exclude(document__in=missing["changed"].values("pk"))
    corrected = counts.get(Posting.CORRECTED, 0)
    return Coverage(
        documents=posted.count,
        in_statements=same.count,
        excluded=left_out.count + refused + late + changed + corrected,
        refused=refused,
        late=late,
        changed=changed,
        left_out=left_out.count,
        corrected=corrected,
        foreign=0 if is_complete else foreign.count(),
        not_posted=counts.get(Posting.NOT_POSTED, 0),
        sums=posted.sums,
        shown=same.sums,
        left_out_sums=left_out.sums,
        named=[
            *(_by_customer(missing["left-out"], "left-out", partial(_why_left_out, run)) if left_out.count else []),
            *(_by_customer(missing["refused"], "refused", partial(_why_refused, run)) if refused else []),
            *(_named(missing["late"], "late", _("posted after its customer's statement was formed")) if late else []),
            *(_named(missing["changed"], "changed", _("changed after its statement was formed")) if changed else []),
            *(
                _named(
                    documents.filter(posting=Posting.CORRECTED),
                    "corrected",
                    _("edited after posting and not posted again"),
                )
                if corrected
                else []
            ),
        ],
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows, and their sums by currency."""

    count: int
    sums: dict[str, Decimal]


def _tally(rows: QuerySet[Any], column: str) -> Tally:
    # Grouped by an expression: by the bare column the database walks an index of currencies through all months.
    named = rows.order_by().annotate(named=Coalesce("currency", Value("")))
    grouped = sorted(named.values_list("named").annotate(Count("id"), Sum(column)))
    return Tally(
        sum(count for _currency, count, _sum in grouped), {currency: total for currency, _count, total in grouped}
    )


def _missing(run: StatementRun, posted: QuerySet[Document]) -> dict[str, QuerySet[Document]]:
    """Posted documents that stand in no statement as they are now, by why."""
    is_left_out = Exists(
        Statement.objects.filter(run=run, customer=OuterRef("customer"), state=StatementState.LEFT_OUT)
    )
    is_refused = Exists(RefusedCustomer.objects.filter(run=run, customer=OuterRef("customer")))
    line = StatementLine.objects.filter(run=run, is_current=True, document=OuterRef("pk"))
    unchanged = line.filter(document_version=OuterRef("content_version"), statement__customer=OuterRef("customer"))
    return {
        "left-out": posted.filter(is_left_out),
        "refused": posted.filter(is_refused, ~Exists(line)),
        "late": posted.filter(~is_left_out, ~is_refused, ~Exists(line)),
        "changed": posted.filter(~is_left_out, Exists(line), ~Exists(unchanged)),
    }


def _added(*parts: dict[str, Decimal]) -> dict[str, Decimal]:
    currencies = sorted({currency for part in parts for currency in part})
    return {currency: sum((part.get(currency, Decimal(0)) for part in parts), Decimal(0)) for currency in currencies}


def _named(documents: QuerySet[Document], kind: str, reason: str) -> Iterable[Exclusion]:
    rows = documents.order_by("number").values_list("number", "customer__name")[:NAMED]
    return [Exclusion(number, customer, kind, reason) for number, customer in rows]


def _by_customer(
    documents: QuerySet[Document], kind: str, reasons: Callable[[set[int]], Mapping[int, str]]
) -> Iterable[Exclusion]:
    """The documents, each with the reason of its customer."""
    rows = list(documents.order_by("number").values_list("number", "customer_id", "customer__name")[:NAMED])
    why = reasons({customer for _number, customer, _name in rows})
    return [Exclusion(number, name, kind, why[customer]) for number, customer, name in rows]


def _why_left_out(run: StatementRun, customers: set[int]) -> Mapping[int, str]:
    rows = Statement.objects.filter(run=run, state=StatementState.LEFT_OUT, customer__in=customers)
    return {row.customer_id: _left_out_reason(row) for row in rows.select_related("left_out_by").defer("sheet")}


def _why_refused(run: StatementRun, customers: set[int]) -> Mapping[int, str]:
    return dict(run.refused.filter(customer__in=customers).values_list("customer_id", "problem"))


def _left_out_reason(statement: Statement) -> str:
    who = statement.left_out_by or _("nobody known")
    if statement.left_out_reason:
        return _("left out by %(who)s: %(reason)s") % {"who": who, "reason": statement.left_out_reason}
    return _("left out by %(who)s") % {"who": who}
