"""Form a period, send its letters, pause and go on."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from depesa.core.languages import period_in_words
from depesa.core.periods import Period
from depesa.emails.models import SystemEmail
from depesa.operations.models import Operation
from depesa.operations.rules import Foresight
from depesa.operations.services import post_or_ask, withdraw
from depesa.operations.views.postings import FIRST, figures, question, say
from depesa.outbox.services import default_channel, pause, resume
from depesa.staff.policy import DeskRequest, acts, asks
from depesa.staff.rules import Right
from depesa.statements.models import RunState, StatementRun
from depesa.statements.queries import coverage, customers_to_form, foresee_period, foresee_sending, going, may_leave
from depesa.statements.rules import LETTER
from depesa.statements.services import begin
from depesa.statements.services.dispatch import SwitchedOff
from depesa.statements.views.periods import period_of, run_of
from depesa.ui import marks
from depesa.ui.confirmations import ask, is_confirmed, odd
from depesa.ui.parts import Figure
from depesa.ui.values import write_value


def chosen_of(request: DeskRequest, run: StatementRun) -> QuerySet[Operation]:
    """The sending operations of the period: those of the marked statements, or all."""
    rows = going(run)
    if request.GET.get("marked") == "yes":
        name = f"statements-{run.period}"
        rows = rows.filter(pk__in=marks.marked(request.user.pk, name))
    return Operation.objects.filter(pk__in=rows.order_by().values("operation"))


@asks(Right.SEND)
def post_letters(request: DeskRequest, period: str) -> HttpResponseBase:
    """Say how many letters leave, to whom and with what sums; then let them leave."""
    run = run_of(request, period)
    chosen = chosen_of(request, run)
    told = foresee_sending(chosen)
    if is_confirmed(request, told.posted):
        say(request, *post_or_ask(may_leave(chosen), by=request.user))
        marks.clear(request.user.pk, f"statements-{period}")
        return redirect("statements:run", period)
    return ask(request, told.posted, _foretold(run, chosen, told), "statements/posting.html")


def _foretold(run: StatementRun, chosen: QuerySet[Operation], told: Foresight) -> dict[str, Any]:
    going_out = may_leave(chosen)
    return {
        "question": question(told) if told.letters else _("No letter can leave"),
        "button": question(told),
        "figures": figures(told),
        "odd": odd(*told.odd),
        "explanation": _switched_off(),
        "first": going_out.select_related("customer", "task").order_by("-statement__anomalies", "pk")[:FIRST],
        "more": max(told.posted - FIRST, 0),
        "coverage": coverage(run),
        "cannot": "" if told.posted else _("Nothing of this can be sent."),
        "consequence": _("The letters leave at once. This cannot be taken back."),
        "back_url": run.get_absolute_url(),
    }


def _one_each() -> str:
    return _("One statement for each customer with a posted document in the period. Nothing is sent.")


def _switched_off() -> str:
    """That no letter of a statement can leave, if it is so."""
    return "" if SystemEmail.objects.filter(code=LETTER, is_active=True).exists() else str(SwitchedOff())


@asks(Right.POST)
def form_period(request: DeskRequest, period: str) -> HttpResponseBase:
    """Say what the statements of the period are formed from; then form them. Nothing is sent."""
    found = period_of(period)
    if request.method == "POST":
        _form(request, found)
        return redirect("statements:run", period)
    return render(request, "ui/confirm.html", _foretold_period(found))


def _foretold_period(period: Period) -> dict[str, Any]:
    told = foresee_period(period)
    button = _("Form %(period)s") % {"period": period_in_words(period)}
    return {
        "question": button,
        "button": button,
        "button_icon": "documents",
        "figures": [Figure(_("Customers"), write_value(customers_to_form(period))), *figures(told)[1:]],
        "odd": odd(*told.odd),
        "explanation": f"{_one_each()} {_switched_off()}",
        "consequence": _("Statements that are there already stay as they are."),
        "back_url": reverse("statements:run", args=[period]),
    }


def _form(request: DeskRequest, period: Period) -> None:
    report = begin(period, by=request.user)
    for _pk, reason in report.refused:
        messages.warning(request, reason)
    run = StatementRun.objects.of(period)
    if report.posted and run:
        is_open = run.state == RunState.FORMING
        words = ngettext("%(n)s statement was formed.", "%(n)s statements were formed.", run.formed_count)
        text = _("The period is being formed.") if is_open else words % {"n": write_value(run.formed_count)}
        messages.success(request, text)
        if refused := run.refused.count():
            words = ngettext(
                "For %(n)s customer no statement could be formed; “Left out” says why.",
                "For %(n)s customers no statement could be formed; “Left out” says why.",
                refused,
            )
            messages.warning(request, words % {"n": write_value(refused)})


@acts(Right.POST)
def pause_rendering(request: DeskRequest, period: str) -> HttpResponseBase:
    """Pause the making of PDFs, or with `?go-on` go on with it."""
    run = run_of(request, period)
    StatementRun.objects.filter(pk=run.pk).update(is_rendering_paused="go-on" not in request.GET)
    return redirect("statements:run", period)


@acts(Right.DECIDE)
def pause_sending(request: DeskRequest, period: str) -> HttpResponseBase:
    """Pause the channel that the letters take, or with `?go-on` let it go on; this holds for all letters."""
    channel = default_channel()
    if "go-on" in request.GET:
        resume(channel, by=request.user)
    else:
        name = period_in_words(period_of(period))
        pause(channel, reason=_("paused on the page of %(period)s") % {"period": name}, by=request.user)
    return redirect("statements:run", period)


@acts(Right.POST)
def withdraw_letters(request: DeskRequest, period: str) -> HttpResponseBase:
    """Post no more of those that wait for it."""
    run = run_of(request, period)
    count = withdraw(Operation.objects.filter(statement__run=run), by=request.user)
    messages.info(request, _("%(n)s are not posted any more.") % {"n": write_value(count)})
    return redirect("statements:run", period)
