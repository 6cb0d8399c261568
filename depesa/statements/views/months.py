"""The month in an address, and what every page of a month begins with."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from depesa.core.month import Month, NotAMonth
from depesa.staff.policy import DeskRequest
from depesa.statements.models import StatementRun, StatementState
from depesa.statements.queries import stale
from depesa.statements.queries.live import month_in_words

MOST_AT_ONCE = 500  # statements whose documents are compared while the page waits; of more, the tab asks by itself
_VIEWS = (
    ("run", _("Statements")),
    ("difference", _("Against last month")),
    ("coverage", _("Coverage")),
    ("changed", _("Out of date")),
    ("left_out", _("Left out")),
)


def month_of(text: str) -> Month:
    """The month that the address names."""
    try:
        return Month.parse(text)
    except NotAMonth:
        raise Http404 from None


def run_of(request: DeskRequest, text: str) -> StatementRun:
    """The run of the month that the address names."""
    runs = StatementRun.objects.visible_to(request.user).select_related("operation")
    return get_object_or_404(runs, month=month_of(text).number)


def frame(run: StatementRun, current: str) -> dict[str, Any]:
    """What every page of a run shows: its name, and the ways to look at it."""
    month = Month.from_number(run.month)
    tabs = [_tab(month, view, label, current) for view, label in _VIEWS]
    if run.formed_count + run.already_count > MOST_AT_ONCE:
        tabs[3]["count_url"] = reverse("statements:changed_count", args=[month])
    else:
        tabs[3]["count"] = stale(run).count() or None
    tabs[4]["count"] = run.statements.filter(state=StatementState.LEFT_OUT).count() or None
    return {"run": run, "month": month, "name": month_in_words(month), "tabs": tabs}


def _tab(month: Month, view: str, label: Any, current: str) -> dict[str, Any]:
    url = reverse(f"statements:{view}", args=[month])
    return {"label": label, "url": url, "is_current": view == current, "count": None}
