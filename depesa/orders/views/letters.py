"""Letters that a person writes about an order."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from depesa.orders.queries.detail import order_of
from depesa.staff.policy import DeskRequest, allow
from depesa.staff.rules import Right


@require_http_methods(["GET", "HEAD"])
@allow(Right.SEND)
def new_letter(request: DeskRequest, pk: int) -> HttpResponse:
    """Write a letter about the order."""
    return render(request, "orders/letter.html", {"order": order_of(pk, request.user)})
