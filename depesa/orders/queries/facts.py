"""What letters about orders may tell, for many orders at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from depesa.company.models import Company
from depesa.company.queries import current
from depesa.core.money import digits_of
from depesa.emails.services import DocumentFacts, ItemFacts, OrderFacts, Reader, order_values
from depesa.history.models import Origin
from depesa.orders.models import Item, ItemKind, Order, OrderDocument, PaymentKind
from depesa.orders.rules.sums import sums_of


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
        card = order.customer
        reader = Reader(
            name=order.name,
            code=card.code,
            email=order.email,
            salutation=order.salutation or card.salutation,
            vocative=card.vocative if order.name == card.name else "",
        )
        return order_values(self._facts(order, language), reader=reader, company=self.company, language=language)

    def _facts(self, order: Order, language: str) -> OrderFacts:
        items = self.items[order.pk]
        documents = _documents(self.documents[order.pk])
        invoice = documents.get("invoice")
        return OrderFacts(
            number=order.number,
            placed_on=timezone.localtime(order.placed_at).date(),
            state=order.state.name_in(language),
            currency=order.currency,
            net=order.net,
            vat=order.vat,
            total=order.gross,
            items=[_item(order, item) for item in items if item.kind in (ItemKind.PRODUCT, ItemKind.DISCOUNT)],
            shipping=order.shipping_name,
            shipping_price=_price_of(order, items, ItemKind.SHIPPING),
            payment=order.payment_name,
            payment_price=_price_of(order, items, ItemKind.PAYMENT),
            payment_is_transfer=order.payment_kind == PaymentKind.TRANSFER,
            is_paid=order.is_paid,
            variable_symbol=order.variable_symbol,
            bank_account=self.company.bank_account,
            due_on=invoice.due_on if invoice else None,
            note=order.note,
            tracking_link=order.tracking_url,
            link=link_of(order),
            billing_address=[order.name, *order.address_lines],
            delivery_address=order.delivery_lines,
            documents=documents,
        )


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


def link_of(order: Order) -> str:
    """The order's page for its customer; empty unless it came through our own shop."""
    page = reverse("shop:order", args=[order.token])
    return f"{settings.DEPESA_SITE_URL}{page}" if order.origin == Origin.SHOP else ""


def _item(order: Order, item: Item) -> ItemFacts:
    """The line with prices that include VAT, as a customer reads them."""
    total = sums_of([item], digits_of(order.currency), includes_vat=order.includes_vat).gross
    price = item.price if order.includes_vat else item.price * (1 + item.vat_rate / 100)
    return ItemFacts(text=item.text, quantity=item.quantity, price=price, total=total, code=item.code, unit=item.unit)


def _price_of(order: Order, items: Iterable[Item], kind: ItemKind) -> Decimal | None:
    lines = [item for item in items if item.kind == kind]
    if not lines:
        return None if order.is_individual_shipping and kind == ItemKind.SHIPPING else Decimal(0)
    return sums_of(lines, digits_of(order.currency), includes_vat=order.includes_vat).gross


def _documents(rows: Iterable[OrderDocument]) -> dict[str, DocumentFacts]:
    """The newest document of each type, by its code as placeholders write it."""
    return {
        row.type.code.replace("-", "_"): DocumentFacts(
            number=row.number, issued_on=row.issued_on, due_on=row.due_on, total=row.gross
        )
        for row in rows
    }
