"""What differs from the period before: the odd ones first, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from depesa.statements.models import Statement, StatementRun, StatementState
from depesa.statements.queries.counts import GOING, going
from depesa.statements.rules.anomalies import Anomaly

PAGE = 50


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A statement with why it should be looked at, and what the period before said."""

    statement: Statement
    reasons: Sequence[Anomaly]
    before: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ends: give it back to get the next one."""

    anomalies: int
    statement_id: int


def previous_run(run: StatementRun) -> StatementRun | None:
    """The run of the period before, if there is one."""
    return StatementRun.objects.of(run.period.previous)


def with_anomaly(rows: QuerySet[Statement], reason: int | str) -> QuerySet[Statement]:
    """Those of the statements that should be looked at for this reason, which is told by its number."""
    return rows.extra(where=["statements_statement.anomalies & %s <> 0"], params=[int(reason)])


def review(run: StatementRun, *, after: Position | None = None, size: int = PAGE) -> Sequence[Reviewed]:
    """The next page of the run's statements, the oddest first."""
    rows = going(run)
    if after:
        rows = rows.filter(Q(anomalies__lt=after.anomalies) | Q(anomalies=after.anomalies, id__gt=after.statement_id))
    page = list(rows.select_related("customer", "operation").defer("sheet").order_by("-anomalies", "id")[:size])
    before = _totals_before(run, [row.customer_id for row in page])
    return [Reviewed(row, reasons(row), before.get(row.customer_id, {})) for row in page]


def reasons(statement: Statement) -> list[Anomaly]:
    """Why it should be looked at, weightiest first; an address that was filled in since is no reason any more."""
    found = Anomaly(statement.anomalies)
    if statement.operation.addresses.strip():
        found &= ~Anomaly.NO_ADDRESS
    return sorted(found, reverse=True)


def _totals_before(run: StatementRun, customers: Sequence[int]) -> dict[int, dict[str, Decimal]]:
    previous = previous_run(run)
    if previous is None:
        return {}
    rows = Statement.objects.filter(run=previous, customer__in=customers).exclude(state=StatementState.SUPERSEDED)
    return {
        customer: {currency: Decimal(amount) for currency, amount in totals.items()}
        for customer, totals in rows.values_list("customer_id", "totals")
    }


@dataclass(frozen=True, slots=True)
class Gone:
    """A customer who had a statement the period before and has none now."""

    customer_id: int
    customer: str
    totals: dict[str, str]


def gone(run: StatementRun, limit: int = 1000) -> Sequence[Gone]:
    """Customers of the period before who have no statement in this one."""
    previous = previous_run(run)
    if previous is None:
        return []
    now = Statement.objects.filter(run=run, customer=OuterRef("customer"))
    rows = Statement.objects.filter(~Exists(now), run=previous, state__in=GOING).order_by("customer__name", "id")
    return [Gone(*row) for row in rows.values_list("customer_id", "customer__name", "totals")[:limit]]
