"""depesa statements form 2011-06: form the period and make its PDFs."""

import time
from collections.abc import Mapping
from typing import Any, override

from django.conf import settings
from django.utils.translation import gettext as _

from depesa.core.errors import Refused
from depesa.core.periods import Period
from depesa.pdf import Renderer
from depesa.statements.management.periods import PeriodCommand, run_of, summary
from depesa.statements.models import Statement, StatementRun, StatementState
from depesa.statements.services import form, render_due


class Command(PeriodCommand):
    """Post the period's forming operation (entered if there is none) and wait until every PDF is ready."""

    @override
    def done(self, period: Period, options: Mapping[str, Any]) -> dict[str, Any]:
        report = form(period, by=None)
        _render(report.run)
        return summary(report.run, formed=report.formed)

    @override
    def problem_of(self, period: Period) -> str:
        run = run_of(period)
        if first := run.refused.select_related("customer").order_by("customer__code").first():
            told = {"count": run.refused.count(), "customer": first.customer, "problem": first.problem}
            return _("%(count)d customers got no statement, for example %(customer)s: %(problem)s") % told
        failed = Statement.objects.filter(run=run, state=StatementState.FAILED)
        problem = failed.values_list("problem", flat=True).first()
        sentence = _("%(count)d PDFs could not be made, for example: %(problem)s")
        return sentence % {"count": failed.count(), "problem": problem} if problem else ""


def _render(run: StatementRun) -> None:
    """Render what the run waits for, together with other processes that do the same."""
    waiting = Statement.objects.filter(run=run, state=StatementState.FORMED)
    with Renderer(settings.DEPESA_RENDERERS) as renderer:
        while waiting.exists():
            run.refresh_from_db()
            if run.is_rendering_paused:
                raise Refused(
                    _("Making the PDFs of %(period)s is paused. Resume it on the page of the period.") % {"period": run}
                )
            if not render_due(renderer, run=run):
                time.sleep(0.2)
