"""depesa statements status 2011-06: what the period holds and where its letters are."""

from collections.abc import Mapping
from typing import Any, override

from depesa.core.periods import Period
from depesa.statements.management.periods import PeriodCommand, run_of, summary
from depesa.statements.queries import progress


class Command(PeriodCommand):
    """Say what the period's statements hold now and how many deliveries are in which state."""

    @override
    def done(self, period: Period, options: Mapping[str, Any]) -> dict[str, Any]:
        run = run_of(period)
        return summary(run, formed=run.formed_count) | {"deliveries": progress(run).deliveries}
