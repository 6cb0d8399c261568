"""depesa statements post 2011-06: send the month's statements."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, override

from depesa.core.month import Month
from depesa.documents.rules import Posting
from depesa.operations.services import post
from depesa.statements.management.months import MonthCommand, run_of
from depesa.statements.queries import going


class Command(MonthCommand):
    """Post every sending operation of the month that is not posted; their letters go into the outbox."""

    help = __doc__ or ""

    @override
    def answer(self, month: Month, options: Mapping[str, Any]) -> None:
        waiting = going(run_of(month)).filter(operation__posting=Posting.NOT_POSTED).order_by("operation_id")
        report = post(list(waiting.values_list("operation_id", flat=True)), by=None)
        reasons = Counter(reason for _pk, reason in report.refused)
        result = {"posted": report.posted, "refused": len(report.refused), "refused_reasons": dict(reasons)}
        self.tell(result, options)
