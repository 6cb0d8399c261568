"""Acts on one order that a word is enough for: state, paid, resolved, removed."""

from collections.abc import Mapping
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from depesa.core.inputs import read_number
from depesa.core.links import page_back
from depesa.orders import services
from depesa.orders.models import Order
from depesa.orders.queries.detail import order_of
from depesa.staff.policy import DeskRequest, acts
from depesa.staff.rules import Right
from depesa.ui.forms import refusals_told, seen_in

_YES: Final[Mapping[str, bool]] = {"yes": True, "no": False}


@acts(Right.WRITE)
def change_state(request: DeskRequest, pk: int) -> HttpResponse:
    """Change the state, with the letters that hang on it or without."""
    order = order_of(pk, request.user)
    with refusals_told(request):
        state = services.state_named(request.POST.get("state", ""))
        seen = read_number(request.POST.get("seen"))
        sends = "send_emails" in request.POST
        outcome = services.change_state([pk], state, by=request.user, send_emails=sends, seen=seen)
        _say(request, order, outcome, _("The state is now %(state)s.") % {"state": state})
    return _back(request, order)


@acts(Right.WRITE)
def mark_paid(request: DeskRequest, pk: int) -> HttpResponse:
    """Mark the order paid or unpaid."""
    order = order_of(pk, request.user)
    is_paid = _YES.get(request.POST.get("paid", ""), not order.is_paid)
    outcome = services.mark_paid([pk], is_paid=is_paid, by=request.user, send_emails="no_emails" not in request.POST)
    _say(request, order, outcome, _("The order is marked paid.") if is_paid else _("The order is marked unpaid."))
    return _back(request, order)


@acts(Right.WRITE)
def mark_resolved(request: DeskRequest, pk: int) -> HttpResponse:
    """Mark that nothing is left to do, or that something is."""
    order = order_of(pk, request.user)
    is_done = _YES.get(request.POST.get("resolved", ""), not order.is_resolved)
    outcome = services.mark_resolved([pk], is_resolved=is_done, by=request.user)
    _say(request, order, outcome, _("The order is resolved.") if is_done else _("The order is open again."))
    return _back(request, order)


@acts(Right.WRITE)
def remove(request: DeskRequest, pk: int) -> HttpResponse:
    """Take the order out of the lists; it can be restored."""
    order = order_of(pk, request.user)
    with refusals_told(request):
        outcome = services.remove([pk], by=request.user, version=seen_in(request))
        _say(request, order, outcome, _("The order was removed. You can restore it."))
    return _back(request, order)


@acts(Right.WRITE)
def restore(request: DeskRequest, pk: int) -> HttpResponse:
    """Bring a removed order back."""
    order = order_of(pk, request.user)
    _say(request, order, services.restore([pk], by=request.user), _("The order is back as it was."))
    return _back(request, order)


def _say(request: DeskRequest, order: Order, outcome: services.Outcome, sentence: str) -> None:
    if why := outcome.refused.get(order.pk):
        messages.error(request, why)
    elif order.pk in outcome.unchanged:
        messages.info(request, _("It was so already; nothing has changed."))
    else:
        letters = outcome.letters.get(order.pk, 0)
        told = ngettext("%(n)s letter is on its way.", "%(n)s letters are on their way.", letters) % {"n": letters}
        messages.success(request, f"{sentence} {told}" if letters else sentence)
        if why := outcome.without_invoice.get(order.pk):
            messages.warning(request, _("No invoice was made. %(why)s") % {"why": why})


def _back(request: DeskRequest, order: Order) -> HttpResponse:
    """To the tab that the act was asked on."""
    home = order.get_absolute_url()
    asked = page_back(request.POST.get("next"), home)
    return redirect(asked if asked.startswith(home) else home)
