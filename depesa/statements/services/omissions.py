"""Follow the removal of a sending operation: its customer is left out, by whom and why."""

from collections.abc import Sequence

from django.db.models import Case, Value, When
from django.utils import timezone

from depesa.core.leases import FREE
from depesa.staff.models import User
from depesa.statements.models import Statement, StatementState


def leave_out(operations: Sequence[int], by: User | None, reason: str) -> None:
    """The customers of these removed operations get no statement this period; the statement is kept."""
    rows = Statement.objects.filter(operation__in=operations).exclude(state=StatementState.SUPERSEDED)
    rows.update(
        state=StatementState.LEFT_OUT,
        left_out_at=timezone.now(),
        left_out_by=by,
        left_out_reason=reason[:300],
        **FREE,
    )


def take_back(operations: Sequence[int], by: User | None, reason: str) -> None:
    """These operations were put back: their statements are ready again, or wait for the PDF that they had none of."""
    rows = Statement.objects.filter(operation__in=operations, state=StatementState.LEFT_OUT)
    state = Case(When(paper__isnull=False, then=Value(StatementState.READY)), default=Value(StatementState.FORMED))
    rows.update(state=state, left_out_at=None, left_out_by=None, left_out_reason="")
