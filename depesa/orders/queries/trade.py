"""What a customer ordered."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from depesa.orders.models import Order
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
    """What a customer has not paid yet, per currency; cancelled orders are not waited for."""
    rows = orders_of(customer_id, user).filter(paid_at__isnull=True).exclude(state__type__in=_GIVEN_UP)
    sums = rows.order_by().values("currency").annotate(count=Count("pk"), sum=Sum("gross"))
    found = [Unpaid(row["currency"], row["count"], row["sum"] or Decimal(0)) for row in sums]
    return sorted(found, key=lambda each: each.currency)
