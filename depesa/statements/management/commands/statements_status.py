"""depesa statements status 2011-06: what the month holds and where its letters are."""

from collections.abc import Mapping
from typing import Any, override

from depesa.core.month import Month
from depesa.statements.management.months import MonthCommand, run_of, summary
from depesa.statements.queries import progress


class Command(MonthCommand):
    """Say what the month's statements hold now and how many deliveries are in which state."""

    help = __doc__ or ""

    @override
    def answer(self, month: Month, options: Mapping[str, Any]) -> None:
        run = run_of(month)
        self.tell(summary(run, formed=run.formed_count) | {"deliveries": progress(run).deliveries}, options)
