"""What a run holds now."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast, Concat

from depesa.documents.models import in_period
from depesa.documents.rules import Posting
from depesa.operations.models import Operation
from depesa.outbox.models import FAILED_FOR_GOOD, Delivery
from depesa.statements.models import RefusedCustomer, Statement, StatementLine, StatementRun, StatementState

GOING = [StatementState.FORMED, StatementState.READY, StatementState.FAILED]


def going(run: StatementRun) -> QuerySet[Statement]:
    """The statements of the run that are meant for customers: not left out, not replaced by a revision."""
    return Statement.objects.filter(run=run, state__in=GOING)


def unchanged(run: StatementRun) -> Q:
    """Lines whose document is posted in the period, for the same customer, in the version that was frozen."""
    return in_period(run.period, "document__") & Q(
        document__posting=Posting.POSTED,
        document__content_version=F("document_version"),
        document__customer=F("statement__customer"),
    )


def has_living_letter() -> Exists:
    """Operations one of whose letters, whichever, is on its way, has arrived, or may have."""
    ref = Concat(Value(f"{Operation.record_kind}:"), Cast(OuterRef("pk"), CharField()))
    return Exists(Delivery.objects.filter(message__concerns=ref).exclude(state__in=FAILED_FOR_GOOD))


def has_left() -> Q:
    """Operations whose statement a customer has, or may have: forming it anew makes a revision."""
    return Q(posting=Posting.POSTED) | Q(has_living_letter())


@dataclass(frozen=True, slots=True)
class RunFigures:
    """How many statements and documents, how many without an address, gross sums by currency."""

    statements: int
    without_address: int
    documents: int
    totals: dict[str, Decimal]


def figures(run: StatementRun) -> RunFigures:
    """Count and sum what stands in the run's statements, in the database."""
    counted = going(run).aggregate(
        statements=Count("id"), without_address=Count("id", filter=Q(operation__addresses=""))
    )
    documents, totals = _sums(run)
    return RunFigures(counted["statements"], counted["without_address"], documents, dict(sorted(totals.items())))


def _sums(run: StatementRun) -> tuple[int, dict[str, Decimal]]:
    """Documents and gross sums from the statements, ten times fewer than their lines, less what was taken over."""
    documents, totals = 0, defaultdict[str, Decimal](Decimal)
    kinds: Any = going(run).order_by().values_list("main_currency")
    for currency, count, total in kinds.annotate(n=Sum("document_count"), total=Sum("main_total")):
        documents += count
        totals[currency] += total
    several = going(run).annotate(written=Cast("totals", TextField())).filter(written__contains=",")
    for main, by_currency in several.values_list("main_currency", "totals"):
        for currency in by_currency.keys() - {main}:
            totals[currency] += Decimal(by_currency[currency])
    moved: Any = StatementLine.objects.filter(run=run, is_current=False, statement__state__in=GOING).order_by()
    for currency, count, total in moved.values_list("currency").annotate(n=Count("id"), total=Sum("gross")):
        documents -= count
        totals[currency] -= total
    return documents, totals


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A customer without a statement: by somebody's decision (`operation_id` is what to put back), or refused."""

    operation_id: int | None
    customer_id: int
    customer: str
    code: str
    by: str
    at: dt.datetime | None
    reason: str


def left_out(run: StatementRun, limit: int = 1000) -> Sequence[LeftOut]:
    """Customers for whom none could be formed, and those whose operation a person removed, and who that was."""
    refused = RefusedCustomer.objects.filter(run=run).select_related("customer").order_by("customer__name", "id")
    rows = Statement.objects.filter(run=run, state=StatementState.LEFT_OUT)
    rows = rows.select_related("customer", "left_out_by").defer("sheet").order_by("customer__name", "id")
    return [
        *(_refused(row) for row in refused[:limit]),
        *(_left_out(row) for row in rows[:limit]),
    ]


def _refused(row: RefusedCustomer) -> LeftOut:
    return LeftOut(None, row.customer_id, row.customer.name, row.customer.code, "", row.refused_at, row.problem)


def _left_out(row: Statement) -> LeftOut:
    customer, by = row.customer, str(row.left_out_by or "")
    return LeftOut(
        row.operation_id, row.customer_id, customer.name, customer.code, by, row.left_out_at, row.left_out_reason
    )
