"""What a customer ordered."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from depesa.orders.models import Order, OrderDocument
from depesa.orders.rules.states import StateType
from depesa.staff.models import User

_GIVEN_UP = (StateType.CANCELLED.value, StateType.PAYMENT_CANCELLED.value)


@dataclass(frozen=True, slots=True)
class Unpaid:
    """Orders of one currency that nobody has paid yet; currencies are never added."""

    currency: str
    count: int
    gross: Decimal


def orders_of(customer_id: int, user: User) -> QuerySet[Order]:
    """The orders of a customer that nobody removed, newest first, with their states."""
    rows = Order.objects.visible_to(user).present().filter(customer=customer_id)
    return rows.select_related("state").defer("rates", "consents").order_by("-placed_at", "-id")


def unpaid_of(customer_id: int, user: User) -> list[Unpaid]:
    """What a customer has not paid yet, per currency, less what was credited; cancelled orders are not waited for."""
    rows = orders_of(customer_id, user).filter(paid_at__isnull=True).exclude(state__type__in=_GIVEN_UP)
    notes = OrderDocument.objects.filter(invoice__isnull=False, order__in=rows.order_by().values("pk"))
    credited: dict[int, Decimal] = defaultdict(Decimal)
    for order_id, gross in notes.values_list("order_id", "gross"):
        credited[order_id] += gross
    owed: dict[str, list[Decimal]] = defaultdict(list)
    for pk, currency, gross in rows.values_list("pk", "currency", "gross"):
        if left := gross - credited[pk]:
            owed[currency].append(left)
    return [Unpaid(currency, len(each), sum(each, Decimal(0))) for currency, each in sorted(owed.items())]
