"""What every tab of an order has in common: the line on top, the tabs, the ways to go on."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from depesa.orders.models import Order
from depesa.orders.queries.detail import moves_of
from depesa.orders.queries.money import money_in_words
from depesa.staff.policy import DeskRequest
from depesa.staff.rules import Right
from depesa.ui.parts import Text

TABS: Final[tuple[tuple[str, Text], ...]] = (
    ("order", _("Description")),
    ("customer", _("Customer")),
    ("communication", _("Communication")),
    ("history", _("History")),
)


def show_tab(request: DeskRequest, order: Order, tab: str, shown: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """The page of an order with this tab open."""
    tabs = [
        {"key": key, "label": label, "url": reverse(f"orders:{key}", args=[order.pk]), "is_current": key == tab}
        for key, label in TABS
    ]
    may_write = request.user.may(Right.WRITE)
    frame = {
        "order": order,
        "money": money_in_words(order),
        "tabs": tabs,
        "may_write": may_write and not order.is_removed,
        "may_restore": may_write and order.is_removed,
        "may_send": request.user.may(Right.SEND) and not order.is_removed,
        "moves": moves_of(order) if may_write and not order.is_removed else [],
    }
    return render(request, f"orders/{tab}.html", frame | shown, status=status)
