"""The period in an address, and what every page of a period begins with."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from depesa.core.languages import period_in_words
from depesa.core.models import columns_of
from depesa.core.periods import NotAPeriod, Period
from depesa.staff.policy import DeskRequest
from depesa.statements.models import StatementRun, StatementState
from depesa.statements.queries import stale

MOST_AT_ONCE = 500  # statements whose documents are compared while the page waits; of more, the tab asks by itself
_VIEWS = (
    ("run", _("Statements")),
    ("difference", _("Against the period before")),
    ("coverage", _("Coverage")),
    ("changed", _("Out of date")),
    ("left_out", _("Left out")),
)


def period_of(text: str) -> Period:
    """The period that the address names."""
    try:
        return Period.parse(text)
    except NotAPeriod:
        raise Http404 from None


def run_of(request: DeskRequest, text: str) -> StatementRun:
    """The run of the period that the address names."""
    runs = StatementRun.objects.visible_to(request.user).select_related("operation")
    return get_object_or_404(runs, **columns_of(period_of(text)))


def page_context(run: StatementRun, current: str) -> dict[str, Any]:
    """What every page of a run shows: its name, and the ways to look at it."""
    period = run.period
    tabs = [_tab(period, view, label, current) for view, label in _VIEWS]
    if run.formed_count + run.already_count > MOST_AT_ONCE:
        tabs[3]["count_url"] = reverse("statements:changed_count", args=[period])
    else:
        tabs[3]["count"] = stale(run).count() or None
    left_out = run.statements.filter(state=StatementState.LEFT_OUT).count() + run.refused.count()
    tabs[4]["count"] = left_out or None
    return {"run": run, "period": period, "name": period_in_words(period), "tabs": tabs}


def _tab(period: Period, view: str, label: Any, current: str) -> dict[str, Any]:
    url = reverse(f"statements:{view}", args=[period])
    return {"label": label, "url": url, "is_current": view == current, "count": None}
