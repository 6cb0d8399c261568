"""Find orders: by what people type, by what a list filters, and how many stand in each state."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from depesa.company.queries import midnight
from depesa.core.search import few_or_all, has_words
from depesa.orders.models import Item, ItemKind, Order, OrderDocument, State
from depesa.orders.models.orders import found_by


def found(rows: QuerySet[Order], text: str) -> QuerySet[Order]:
    """Orders found by their own words (see found_by), or by the number of a document of theirs."""
    documents = OrderDocument.objects.filter(has_words(OrderDocument, text)).values_list("order", flat=True)
    return rows.filter(found_by(text) | Q(pk__in=few_or_all(documents)))


def since(rows: QuerySet[Order], day: dt.date) -> QuerySet[Order]:
    """Placed on this day of the reader's clock or later."""
    return rows.filter(placed_at__gte=midnight(day))


def until(rows: QuerySet[Order], day: dt.date) -> QuerySet[Order]:
    """Placed on this day of the reader's clock or earlier."""
    return rows.filter(placed_at__lt=midnight(day + dt.timedelta(days=1)))


def with_counts(rows: QuerySet[Order]) -> QuerySet[Order]:
    """Each order with the number of its products, as `product_count`."""
    products = Item.objects.filter(order=OuterRef("pk"), kind=ItemKind.PRODUCT).order_by().values("order")
    return rows.annotate(product_count=Coalesce(Subquery(products.annotate(n=Count("pk")).values("n")), 0))


@dataclass(frozen=True, slots=True)
class InState:
    """A state and how many orders stand in it."""

    state: State
    count: int


def by_state() -> list[InState]:
    """Every state with the number of its orders, removed ones left out, in the order of states."""
    rows: Any = Order.objects.filter(removed_at__isnull=True).order_by().values_list("state").annotate(Count("pk"))
    counts = dict(rows)
    return [InState(state, counts.get(state.pk, 0)) for state in State.objects.all()]
