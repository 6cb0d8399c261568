"""What changed after forming: out-of-date statements, forming anew, leaving out, putting back."""

from functools import partial
from typing import Any, Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from depesa.core.batches import alone
from depesa.core.inputs import read_key, read_lines
from depesa.core.languages import spoken
from depesa.operations.models import Operation
from depesa.operations.services import put_back, remove
from depesa.staff.policy import DeskRequest, acts, asks, shows
from depesa.staff.rules import Right
from depesa.statements import queries
from depesa.statements.models import Statement, StatementRun
from depesa.statements.services import re_form, render_again
from depesa.statements.views.periods import page_context, run_of
from depesa.ui import marks
from depesa.ui.parts import Figure
from depesa.ui.values import write_value

SHOWN: Final = 100
FIRST: Final = 8


@shows(Right.SEE)
def changed(request: DeskRequest, period: str) -> HttpResponse:
    """Statements that no longer say what the documents say, each with the difference."""
    run = run_of(request, period)
    rows = (
        queries.stale(run)
        .select_related("customer", "operation", "run")
        .defer("sheet")
        .order_by("customer__name", "id")
    )
    language = spoken()
    shown = {
        **page_context(run, "changed"),
        "rows": [
            (row, [each.sentence(language) for each in queries.differences(row)], row.operation.posting)
            for row in rows.order_by("customer__name", "id")[:SHOWN]
        ],
        "may_post": request.user.may(Right.POST),
    }
    return render(request, "statements/changed.html", shown)


@shows(Right.SEE)
def changed_count(request: DeskRequest, period: str) -> HttpResponseBase:
    """How many are out of date, for the tab of a period so big that its page does not wait for it."""
    if not request.htmx:
        return redirect("statements:changed", period)
    return render(request, "statements/count.html", {"count": queries.stale(run_of(request, period)).count()})


def _chosen(request: DeskRequest, run: StatementRun) -> QuerySet[Statement]:
    """The statement that the address names, the marked ones, or all that are out of date."""
    rows = queries.going(run).select_related("customer", "operation", "run").defer("sheet")
    if "statement" in request.GET:
        return rows.filter(pk=read_key(request.GET["statement"]))
    if request.GET.get("marked") == "yes":
        return rows.filter(pk__in=marks.marked(request.user.pk, f"statements-{run.period}"))
    return rows.filter(pk__in=queries.stale(run).order_by().values("pk"))


@asks(Right.POST)
def renew(request: DeskRequest, period: str) -> HttpResponseBase:
    """Say what forming anew does to each statement, then do it."""
    run = run_of(request, period)
    chosen = _chosen(request, run).order_by("pk")
    if request.method == "POST":
        _form_anew(request, list(chosen[:SHOWN]))
        return redirect("statements:changed", period)
    return render(request, "ui/confirm.html", _foretold(run, chosen))


def _foretold(run: StatementRun, chosen: QuerySet[Statement]) -> dict[str, Any]:
    ids = list(chosen.values_list("operation", flat=True)[:SHOWN])
    total = len(ids)
    button = ngettext("Form %(n)s statement anew", "Form %(n)s statements anew", total) % {"n": write_value(total)}
    return {
        "question": button,
        "button": button,
        "button_icon": "refresh",
        "explanation": _(
            "A statement whose letter has not left shows the documents as they are now. For one that has left a "
            "revision is made: it says what has changed and answers in the same thread; you send it like any other."
        ),
        "figures": _figures(ids, rest=chosen.count() - total),
        "consequence": _("Nothing is sent by this."),
        "cannot": "" if total else _("No statement is out of date."),
        "back_url": run.get_absolute_url(),
    }


def _figures(operations: list[int], *, rest: int) -> list[Figure]:
    sent = Operation.objects.filter(queries.has_left(), pk__in=operations).count()
    figures = [
        Figure(_("Not sent yet: renewed"), write_value(len(operations) - sent)),
        Figure(_("Sent: revision"), write_value(sent)),
    ]
    return [*figures, Figure(_("For the next time"), write_value(rest))] if rest else figures


def _form_anew(request: DeskRequest, rows: list[Statement]) -> None:
    outcomes = [
        alone(partial(re_form, by=request.user), row, lambda failed: f"{failed.row.customer}: {failed.sentence}")
        for row in rows
    ]
    refused = [each for each in outcomes if isinstance(each, str)]
    if done := len(outcomes) - len(refused):
        text = ngettext("%(n)s statement was formed anew.", "%(n)s statements were formed anew.", done)
        messages.success(request, text % {"n": write_value(done)})
    for reason in refused[:FIRST]:
        messages.warning(request, reason)


@asks(Right.WRITE)
def leave_out(request: DeskRequest, period: str) -> HttpResponseBase:
    """Leave customers out of the period, with a reason; nothing of theirs is sent."""
    run = run_of(request, period)
    operations = Operation.objects.filter(pk__in=_chosen(request, run).order_by().values("operation"))
    if request.method == "POST":
        ids = list(operations.values_list("pk", flat=True))
        count = remove(ids, by=request.user, reason=read_lines(request.POST.get("reason")))
        marks.clear(request.user.pk, f"statements-{period}")
        text = ngettext("%(n)s customer is left out.", "%(n)s customers are left out.", count)
        messages.success(request, text % {"n": write_value(count)})
        return redirect("statements:left_out", period)
    return render(request, "operations/confirm.html", _omission(operations) | {"back_url": run.get_absolute_url()})


def _omission(operations: QuerySet[Operation]) -> dict[str, Any]:
    count = operations.count()
    words = ngettext("Leave %(shown)s customer out of the period", "Leave %(shown)s customers out of the period", count)
    return {
        "question": words % {"shown": write_value(count)},
        "button": _("Leave out"),
        "button_icon": "minus",
        "explanation": _(
            "They get no statement of this period. Its page names them with your reason, and each can be put back."
        ),
        "asks_reason": "always",
        "is_reversible": True,
        "cannot": "" if count else _("Nobody of these can be left out."),
        "first": operations.select_related("customer", "task").order_by("pk")[:FIRST],
        "more": max(count - FIRST, 0),
    }


@shows(Right.SEE)
def left_out(request: DeskRequest, period: str) -> HttpResponse:
    """Customers who get no statement by somebody's decision, or for whom none could be formed."""
    run, user = run_of(request, period), request.user
    shown = {
        **page_context(run, "left_out"),
        "rows": queries.left_out(run),
        "may_write": user.may(Right.WRITE),
        "may_form": user.may(Right.POST),
    }
    return render(request, "statements/left_out.html", shown)


@acts(Right.WRITE)
def restore(request: DeskRequest, period: str, pk: int) -> HttpResponseBase:
    """Let a customer who was left out have the statement after all."""
    run = run_of(request, period)
    if run.statements.filter(operation=pk).exists() and put_back([pk], by=request.user):
        messages.success(request, _("It is back."))
    return redirect("statements:left_out", period)


@acts(Right.POST)
def make_again(request: DeskRequest, period: str) -> HttpResponseBase:
    """Try those PDFs once more that could not be made."""
    run = run_of(request, period)
    render_again(list(run.statements.filter(state="failed").values_list("pk", flat=True)))
    return redirect("statements:run", period)
