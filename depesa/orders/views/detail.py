"""The page of one order: what was ordered, who ordered, the letters, what happened."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from depesa.orders.queries.detail import order_of
from depesa.orders.views.frame import show_tab
from depesa.outbox.queries import slips_concerning
from depesa.staff.policy import DeskRequest, allow
from depesa.staff.rules import Right


@require_safe
@allow(Right.SEE)
def order(request: DeskRequest, pk: int) -> HttpResponse:
    """What was ordered, what it costs, its documents and notes."""
    found = order_of(pk, request.user)
    return show_tab(request, found, "order", {"items": found.items.all()})


@require_safe
@allow(Right.SEE)
def customer(request: DeskRequest, pk: int) -> HttpResponse:
    """Who ordered: to whom letters go, addresses, what was traded before."""
    found = order_of(pk, request.user)
    return show_tab(request, found, "customer", {"card": found.customer})


@require_safe
@allow(Right.SEE)
def communication(request: DeskRequest, pk: int) -> HttpResponse:
    """The letters about the order, and why each left or did not."""
    found = order_of(pk, request.user)
    slips = slips_concerning(found.subject, request.user, limit=50)
    return show_tab(request, found, "communication", {"slips": slips})


@require_safe
@allow(Right.SEE)
def history(request: DeskRequest, pk: int) -> HttpResponse:
    """What happened to the order."""
    return show_tab(request, order_of(pk, request.user), "history", {})
