"""Reads of the API: records as other programs see them, and subscribers that were given up."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet

from depesa.api.models import ApiToken, Source, Subscription
from depesa.core.reasons import said
from depesa.customers.models import Customer
from depesa.history.models import Entry
from depesa.history.queries import entries_of
from depesa.history.rules import NOTED
from depesa.orders.models import Item, Order, OrderDocument, State
from depesa.staff.models import User
from depesa.staff.rules import Right

PARTY = (
    "name", "company_code", "vat_code", "street", "postcode", "city", "country", "email", "phone", "salutation",
)  # fmt: skip
DELIVERY = ("delivery_name", "delivery_street", "delivery_postcode", "delivery_city", "delivery_country")
OF_ORDER = (
    "number", "external_number", "origin", "language", "currency", "includes_vat", "is_reverse_charge",
    "has_account", "note", "shipping_code", "shipping_name", "is_individual_shipping", "payment_code",
    "payment_name", "payment_kind", "variable_symbol", "tracking_code", "tracking_url", "person",
    "differs", "email_fault", *PARTY, *DELIVERY,
)  # fmt: skip
OF_CUSTOMER = (
    "code", "name", "kind", "company_code", "vat_code", "street", "postcode", "city", "country", "email", "phone",
    "language", "salutation", "newsletter", "is_blocked",
)  # fmt: skip


def orders() -> QuerySet[Order]:
    """Orders with what the API tells of them; removed ones are not there."""
    return Order.objects.present().select_related("state", "customer").prefetch_related("items", "documents__type")


def order_shape(order: Order) -> dict[str, Any]:
    """The order with items and documents."""
    return {
        **{name: getattr(order, name) for name in OF_ORDER},
        "customer": order.customer.code,
        "state": order.state.code,
        "placed_at": order.placed_at.isoformat(),
        "paid_at": _moment(order.paid_at),
        "resolved_at": _moment(order.resolved_at),
        "changed_at": order.changed_at.isoformat(),
        "net": written(order.net),
        "vat": written(order.vat),
        "gross": written(order.gross),
        "items": [_item_out(item) for item in order.items.all()],
        "documents": [document_shape(document, order.number) for document in order.documents.all()],
    }


def order_again(pk: int) -> dict[str, Any]:
    """The order as it is now."""
    return order_shape(orders().get(pk=pk))


def _item_out(item: Item) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "code": item.code,
        "text": item.text,
        "quantity": written(item.quantity),
        "total": written(item.total),
        "unit": item.unit,
        "price": written(item.price),
        "vat_rate": written(item.vat_rate),
    }


def document_shape(document: OrderDocument, order: str) -> dict[str, Any]:
    """A document of the order of this number."""
    return {
        "id": document.pk,
        "type": document.type.code,
        "number": document.number,
        "language": document.language,
        "issued_on": document.issued_on.isoformat(),
        "due_on": document.due_on.isoformat() if document.due_on else None,
        "tax_on": document.tax_on.isoformat() if document.tax_on else None,
        "variable_symbol": document.variable_symbol,
        "currency": document.currency,
        "gross": written(document.gross),
        "revision": document.revision,
        "is_ready": document.paper_id is not None,
        "problem": document.problem,
        "order": order,
    }


def customer_shape(customer: Customer) -> dict[str, Any]:
    """The card of a customer."""
    return {name: getattr(customer, name) for name in OF_CUSTOMER} | {"created_at": customer.created_at.isoformat()}


def state_shape(state: State) -> dict[str, Any]:
    """A state of orders."""
    return {
        "code": state.code,
        "type": state.type,
        "names": state.names,
        "colour": state.colour,
        "position": state.position,
        "system_email": state.system_email.code if state.system_email else None,
        "marks_paid": state.marks_paid,
        "marks_resolved": state.marks_resolved,
    }


def history_of(order: Order) -> QuerySet[Entry]:
    """What happened to the order, newest first; notes of staff never leave."""
    return entries_of(order.ref).exclude(event=NOTED)


def entry_shape(entry: Entry) -> dict[str, Any]:
    """One entry of the history."""
    return {
        "id": entry.pk,
        "at": entry.at.isoformat(),
        "event": entry.event,
        "by": str(entry.actor) if entry.actor else "",
        "through": entry.origin,
        "before": entry.before,
        "after": entry.after,
        "note": entry.note,
    }


def written(value: Decimal) -> str:
    """An amount without zeros that say nothing, but with cents: 12.50, 0.1234."""
    found = f"{value.normalize():f}"
    whole, _dot, cents = found.partition(".")
    return f"{whole}.{cents.ljust(2, '0')}"


def _moment(at: dt.datetime | None) -> str | None:
    return at.isoformat() if at else None


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """The user's own tokens, an administrator's all; those in use first."""
    rows = ApiToken.objects.select_related("created_by").order_by(F("revoked_at").asc(nulls_first=True), "name", "pk")
    return rows if user.may(Right.MANAGE_USERS) else rows.filter(created_by=user)


def subscriptions() -> Iterable[Subscription]:
    """Who is told what happens here."""
    return Subscription.objects.order_by("pk")


def sources() -> Iterable[Source]:
    """The shops that tell us."""
    return Source.objects.order_by("name", "pk")


def refusing() -> list[Source]:
    """Shops of which something was refused that nobody has seen."""
    return list(Source.objects.filter(is_active=True).exclude(refusals=[]))


def refusals_of(source: Source) -> list[tuple[dt.datetime, str, str]]:
    """What of the shop was refused, newest first: when, its number or id, and why."""
    return [(dt.datetime.fromisoformat(at), what, said(why)) for at, what, why in reversed(source.refusals)]


def given_up() -> int:
    """How many subscribers are no longer called, because they did not answer for too long."""
    return Subscription.objects.filter(deactivated_at__isnull=False).count()


def customer_code(pk: int | None) -> str:
    """The code of the customer with this id."""
    return Customer.objects.filter(pk=pk or 0).values_list("code", flat=True).first() or ""
