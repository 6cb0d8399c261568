"""What every tab of an order has in common: the line on top, the tabs, the ways to go on."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from depesa.core.errors import DomainError, Faults
from depesa.orders.models import Order
from depesa.orders.queries.detail import moves_of
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
        "tabs": tabs,
        "may_write": may_write and not order.is_removed,
        "may_restore": may_write and order.is_removed,
        "may_send": request.user.may(Right.SEND) and not order.is_removed,
        "moves": moves_of(order) if may_write and not order.is_removed else [],
    }
    return render(request, f"orders/{tab}.html", frame | shown, status=status)


def posted(request: DeskRequest) -> QueryDict | None:
    """What was sent, even if it is nothing; None while nothing was."""
    return request.POST if request.method == "POST" else None


def show_faults(form: Any, problem: DomainError, places: Mapping[str, str] = MappingProxyType({})) -> None:
    """Put the sentences of a refusal at their fields, the rest above the form; `places`: fields of another name."""
    by_field = problem.by_field if isinstance(problem, Faults) else {"": str(problem)}
    for name, sentence in by_field.items():
        place = places.get(name, name)
        form.add_error(place if place in form.fields else None, sentence)
