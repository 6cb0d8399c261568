"""What letters about orders may tell, for many orders at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from depesa.company.models import Company
from depesa.company.queries import current
from depesa.core.texts import plain_words
from depesa.emails.placeholders import Reader
from depesa.orders.models import Item, Order, OrderDocument
from depesa.orders.placeholders import ORDER, AboutOrder


@dataclass(frozen=True, slots=True)
class Bundle:
    """Orders with their items and documents, read in a few questions."""

    company: Company
    orders: Mapping[int, Order]
    items: Mapping[int, list[Item]]
    documents: Mapping[int, list[OrderDocument]]

    def values(self, pk: int, language: str) -> dict[str, Any]:
        """The values of the context "order", as the language writes them."""
        order = self.orders[pk]
        documents = {row.type.code.replace("-", "_"): row for row in self.documents[pk]}  # the newest of a type is last
        about = AboutOrder(
            company=self.company,
            language=language,
            reader=_reader(order),
            order=order,
            items=self.items[pk],
            documents=documents,
        )
        return ORDER.values(about)


def bundle(ids: Iterable[int]) -> Bundle:
    """These orders with everything that a letter may tell about them."""
    orders = Order.objects.select_related("customer", "state").in_bulk(list(ids))
    items: dict[int, list[Item]] = {pk: [] for pk in orders}
    for item in Item.objects.filter(order__in=orders).order_by("order_id", "position", "id"):
        items[item.order_id].append(item)
    documents: dict[int, list[OrderDocument]] = {pk: [] for pk in orders}
    for row in OrderDocument.objects.filter(order__in=orders).select_related("type").defer("content").order_by("id"):
        documents[row.order_id].append(row)
    return Bundle(current(), orders, items, documents)


def _reader(order: Order) -> Reader:
    card = order.customer
    return Reader(
        name=order.name if order.is_proven else plain_words(order.name),
        code=card.code,
        email=order.email,
        salutation=order.salutation or card.salutation,
        vocative=card.vocative if order.name == card.name else "",
    )
