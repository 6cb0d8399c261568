"""depesa statements post 2011-06: send the period's statements."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, override

from depesa.core.periods import Period
from depesa.documents.rules import Posting
from depesa.operations.services import post
from depesa.statements.management.periods import PeriodCommand, run_of
from depesa.statements.queries import going


class Command(PeriodCommand):
    """Post every sending operation of the period that is not posted; their letters go into the outbox."""

    @override
    def done(self, period: Period, options: Mapping[str, Any]) -> dict[str, Any]:
        waiting = going(run_of(period)).filter(operation__posting=Posting.NOT_POSTED).order_by("operation_id")
        report = post(list(waiting.values_list("operation_id", flat=True)), by=None)
        reasons = Counter(reason for _pk, reason in report.refused)
        return {"posted": report.posted, "refused": len(report.refused), "refused_reasons": dict(reasons)}
