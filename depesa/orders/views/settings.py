"""Settings: states of orders, invoicing."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from depesa.orders import services
from depesa.orders.forms.settings import InvoicingForm, ReplacementForm, StateForm
from depesa.orders.models import Order, State
from depesa.orders.queries.settings import invoicing as settings_of_invoicing
from depesa.staff.policy import DeskRequest, asks, shows
from depesa.staff.rules import Right
from depesa.ui.forms import Back, answer_form, posted, refusals_shown, saved


@shows(Right.SET_UP)
def states(request: DeskRequest) -> HttpResponse:
    """Every state with what it does and how many orders stand in it."""
    rows: Any = Order.objects.order_by().values_list("state").annotate(Count("pk"))
    counts = dict(rows)
    found = [(state, counts.get(state.pk, 0)) for state in State.objects.select_related("system_email")]
    return render(request, "orders/states.html", {"states": found})


@asks(Right.SET_UP)
def new_state(request: DeskRequest) -> HttpResponseBase:
    """Add a state of one's own."""
    last = State.objects.order_by("-position").values_list("position", flat=True).first() or 0
    return _state_form(request, State(position=last + 10), _("New state"))


@asks(Right.SET_UP)
def edit_state(request: DeskRequest, pk: int) -> HttpResponseBase:
    state = get_object_or_404(State.objects.select_related("system_email"), pk=pk)
    return _state_form(request, state, str(state))


def _state_form(request: DeskRequest, state: State, title: str) -> HttpResponseBase:
    form = StateForm(posted(request), state=state)
    if saved(request, form, lambda: services.save_state(state, form.values, version=form.seen, by=request.user)):
        return redirect("orders:states")
    back = Back(_("States of orders"), "orders:states")
    return answer_form(request, form, title, back, "orders/state_form.html", state=state)


@asks(Right.SET_UP)
def delete_state(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Delete a state of one's own; its orders move to another one."""
    state = get_object_or_404(State, pk=pk)
    count = Order.objects.filter(state=state).count()
    form = ReplacementForm(posted(request), instance=state)
    if form.is_valid():
        with refusals_shown(form):
            services.delete_state(state, form.cleaned_data["replacement"], by=request.user, version=form.seen)
            messages.success(request, _("Deleted."))
            return redirect("orders:states")
    cannot = _("%(state)s belongs to the product and stays. You may rename it.") % {"state": state}
    shown = {"form": form, "state": state, "count": count, "cannot": cannot if state.is_system else ""}
    return render(request, "orders/state_deletion.html", shown, status=422 if form.errors else 200)


@asks(Right.SET_UP)
def invoicing(request: DeskRequest) -> HttpResponseBase:
    """Settings → Invoicing."""
    form = InvoicingForm(posted(request), invoicing=settings_of_invoicing())
    if saved(request, form, lambda: services.save_invoicing(form.cleaned_data, version=form.seen, by=request.user)):
        return redirect("orders:invoicing")
    return answer_form(request, form, _("Invoicing"), Back(_("Settings"), "dashboard:settings"))
