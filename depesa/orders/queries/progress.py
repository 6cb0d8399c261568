"""How far a bulk edit has come."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Sum

from depesa.orders.models import Bulk, BulkItem
from depesa.orders.models.bulk import BulkStatus

MOST_REASONS = 20


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of a bulk edit; `reasons` are those of refused orders, the most frequent first."""

    total: int
    changed: int
    unchanged: int
    refused: int
    letters: int
    reasons: list[tuple[str, int]] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many orders were looked at."""
        return self.changed + self.unchanged + self.refused


def progress_of(bulk: Bulk) -> Progress:
    """How far it has come, from its rows."""
    items = BulkItem.objects.filter(bulk=bulk).order_by()
    counted: Any = items.values_list("status").annotate(Count("pk"))
    counts = dict(counted)
    refused = items.filter(status=BulkStatus.REFUSED)
    reasons: Any = refused.values_list("reason").annotate(n=Count("pk")).order_by("-n", "reason")[:MOST_REASONS]
    return Progress(
        total=bulk.total,
        changed=counts.get(BulkStatus.DONE, 0),
        unchanged=counts.get(BulkStatus.UNCHANGED, 0),
        refused=counts.get(BulkStatus.REFUSED, 0),
        letters=items.aggregate(n=Sum("letters"))["n"] or 0,
        reasons=list(reasons),
    )
