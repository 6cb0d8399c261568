"""All runs, one of them, and the part of it that is alive."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from depesa.core.languages import period_in_words
from depesa.core.periods import NotAPeriod, Period
from depesa.documents.models import Document
from depesa.documents.queries import totals
from depesa.operations.models import Operation
from depesa.operations.queries import ladder_of, narrow_found, with_letters
from depesa.staff.policy import DeskRequest, asks, shows
from depesa.staff.rules import Right
from depesa.statements.models import Statement, StatementRun
from depesa.statements.queries import SEGMENTS, figures, going, missing_runs, with_segment
from depesa.statements.queries.heads import count_anomalies, head_figures, next_action, spread
from depesa.statements.queries.live import living, strip_of
from depesa.statements.queries.review import with_anomaly
from depesa.statements.rules.anomalies import Anomaly
from depesa.statements.services import FORMING
from depesa.statements.templatetags.statements import (
    ANOMALY_WORDS,
    anomaly_words,
    segment_icon,
    segment_tone,
    segment_words,
)
from depesa.statements.views.periods import page_context, period_of, run_of
from depesa.ui.answers import answer_list
from depesa.ui.filters import Choice
from depesa.ui.lists import Act, Column, List, Sort
from depesa.ui.templatetags.ui import badge, draw_ladder, icon

SHOWN: Final = 12


@shows(Right.SEE)
def runs(request: DeskRequest) -> HttpResponseBase:
    """Every period that was formed, months that lack their run, the next one to form; or the one that is typed."""
    if "period" in request.GET:
        return _opened(request)
    today = timezone.localdate()
    missing = missing_runs(today)
    rows = StatementRun.objects.visible_to(request.user).newest_first()[:60]
    planned = Operation.objects.present().filter(task__runs=FORMING, posted_at__isnull=True)
    first = planned.order_by("period_end_on", "-period_first_on").first()
    period = first.period if first else Period.of(today).previous
    shown = {
        "runs": [(run, period_in_words(run.period)) for run in rows],
        "newest": strip_of(rows[0]) if rows else None,
        "missing": [(each, period_in_words(each)) for each in missing[:SHOWN]],
        "missing_count": len(missing),
        "next": period,
        "next_name": period_in_words(period),
        "may_form": request.user.may(Right.POST),
    }
    return render(request, "statements/runs.html", shown)


def _opened(request: DeskRequest) -> HttpResponseBase:
    """The page of the period that was typed."""
    try:
        return redirect("statements:run", Period.parse(request.GET["period"]))
    except NotAPeriod:
        messages.warning(request, _("Write a period as 2011-06, 2011-Q2, 2011 or 2011-06-05..2011-06-20."))
        return redirect("statements:runs")


def _found(rows: QuerySet[Statement], text: str) -> QuerySet[Statement]:
    return narrow_found(rows, text, operation="operation")


def _look_at(row: Statement) -> SafeString:
    words = ", ".join(str(word) for word in anomaly_words(row))
    return format_html('<span class="look-at">{}{}</span>', icon("warning"), words) if words else SafeString()


def _where(row: Statement) -> SafeString:
    key = getattr(row, "segment", "")
    shown = badge(word=segment_words(key), tone=segment_tone(key), icon=segment_icon(key))
    revision = format_html(' <span class="soft small">r{}</span>', row.revision) if row.revision > 1 else SafeString()
    return shown + revision


_STATEMENTS: Final = List[Statement](
    name="statements",
    title=_("Statements"),
    columns=[
        Column("code", _("code"), lambda row: row.customer.code, width="wide tight"),
        Column("customer", _("customer"), lambda row: row.customer.name, width="long", is_link=True),
        Column(
            "odd",
            _("look at"),
            lambda row: ", ".join(str(word) for word in anomaly_words(row)),
            draw=_look_at,
            width="cut",
        ),
        Column("documents", _("documents"), lambda row: row.document_count, width="wide number"),
        Column("sum", _("sum"), lambda row: row.main_total, unit=lambda row: row.main_currency, width="number"),
        Column("currency", _("currency"), lambda row: row.main_currency, is_only_in_files=True),
        Column("addresses", _("e-mail"), lambda row: row.operation.addresses, width="wider cut"),
        Column(
            "letter",
            _("letter"),
            lambda row: str(ladder_of(row.operation).word),
            draw=lambda row: draw_ladder(ladder_of(row.operation)),
            width="tight",
        ),
        Column(
            "where",
            _("state"),
            lambda row: str(segment_words(getattr(row, "segment", ""))),
            draw=_where,
            width="tight end",
        ),
    ],
    sorts=[
        Sort("odd", ["-anomalies", "id"]),
        Sort("sum", ["-main_total", "-id"]),
        Sort("customer", ["customer__name_key", "id"]),
        Sort("code", ["customer__code_key", "id"]),
        Sort("documents", ["-document_count", "-id"]),
    ],
    filters=[
        Choice(
            "where",
            _("state"),
            choices=[(key, words) for key, words, _tone in SEGMENTS],
            where=lambda rows, value: rows.filter(segment=value),
        ),
        Choice(
            "odd",
            _("look at"),
            choices=[(str(int(odd)), ANOMALY_WORDS[odd]) for odd in sorted(Anomaly, reverse=True)],
            where=with_anomaly,
        ),
    ],
    search=_found,
    search_label=_("Name, code, e-mail or subject"),
)


def statements_list(period: Period) -> List[Statement]:
    """The statements of a period, the odd ones first; marks are kept for each period by itself."""
    return replace(_STATEMENTS, name=f"statements-{period}", acts=_acts(reverse("statements:run", args=[period])))


def _acts(url: str) -> Sequence[Act]:
    return [
        Act(
            "post", _("Send"), f"{url}posting/?marked=yes", icon="send", shortcut="p", right=Right.SEND, is_primary=True
        ),
        Act("form", _("Form anew"), f"{url}re-forming/?marked=yes", icon="refresh", right=Right.POST),
        Act("leave", _("Leave out"), f"{url}leaving-out/?marked=yes", icon="minus", right=Right.WRITE),
    ]


@asks(Right.SEE)
def run(request: DeskRequest, period: str) -> HttpResponseBase:
    """The period: where its letters are, what is odd, and its statements."""
    found = StatementRun.objects.visible_to(request.user).of(period_of(period))
    if found is None:
        return render(request, "statements/unformed.html", _unformed(period_of(period), request))
    rows = with_segment(going(found)).defer("sheet").select_related("customer")
    rows = rows.prefetch_related(Prefetch("operation", with_letters(Operation.objects.all())))
    context = {} if request.htmx and request.htmx.target == "list" else _head(found, request)
    return answer_list(request, statements_list(found.period), rows, template="statements/run.html", context=context)


def _head(found: StatementRun, request: DeskRequest) -> dict[str, Any]:
    held = figures(found)
    return {
        **page_context(found, "run"),
        **living(found, request.user),
        "figures": head_figures(found, held),
        "next_action": next_action(found, request.user),
        "plot": spread(found),
        "look_at": count_anomalies(found),
        "may_form": request.user.may(Right.POST),
    }


def _unformed(period: Period, request: DeskRequest) -> dict[str, Any]:
    return {
        "period": period,
        "name": period_in_words(period),
        "totals": totals(Document.objects.of_period(period).posted()),
        "may_form": request.user.may(Right.POST),
    }


@shows(Right.SEE)
def live(request: DeskRequest, period: str) -> HttpResponseBase:
    """The part that is alive, alone."""
    if not request.htmx:
        return redirect("statements:run", period)
    return render(request, "statements/live.html", living(run_of(request, period), request.user))


@shows(Right.SEE)
def strip(request: DeskRequest, period: str) -> HttpResponseBase:
    """The strip of a period, alone."""
    if not request.htmx:
        return redirect("statements:run", period)
    return render(request, "statements/strip.html", {"strip": strip_of(run_of(request, period))})
