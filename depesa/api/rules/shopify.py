"""Orders and customers of Shopify (Admin REST, as its webhooks send them)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from depesa.api.rules.foreign import (
    ForeignCustomer,
    ForeignItem,
    ForeignOrder,
    amount_of,
    day_of,
    each,
    identity,
    language_of,
    lines,
    part,
    text_of,
)

SIGNATURE: Final = "X-Shopify-Hmac-Sha256"
TOPIC: Final = "X-Shopify-Topic"
TOPICS: Final = {
    "orders/create": "order",
    "orders/updated": "order",
    "orders/paid": "order",
    "orders/cancelled": "order",
    "orders/fulfilled": "order",
    "customers/create": "customer",
}
STATES: Final = {
    "pending": "payment-pending",
    "authorized": "payment-pending",
    "paid": "payment-succeeded",
    "voided": "payment-cancelled",
    "fulfilled": "sent",
    "cancelled": "cancelled",
    "refunded": "",
    "partially_refunded": "",
    "partially_paid": "",
    "partial": "",
    "restocked": "",
}


def order_of(payload: Mapping[str, Any]) -> ForeignOrder:
    """The order of a webhook; Unreadable when it has another shape."""
    billing = part(payload, "billing_address") or part(payload, "shipping_address")
    gateways = payload.get("payment_gateway_names")
    gateway = text_of(gateways[0], 100) if isinstance(gateways, list) and gateways else ""
    financial = text_of(payload.get("financial_status"), 40)
    return ForeignOrder(
        id=identity(payload),
        number=text_of(payload.get("name") or payload.get("order_number"), 60),
        state=_state_word(payload, financial),
        changed=day_of(payload.get("updated_at") or payload.get("created_at")),
        currency=text_of(payload.get("currency"), 3),
        is_paid=financial in {"paid", "partially_refunded", "refunded"},
        total=amount_of(payload.get("total_price", "0")),
        party=_party(payload, billing),
        delivery=_delivery(part(payload, "shipping_address")),
        items=list(_items(payload)),
        payment=gateway,
        payment_kind=_kind(gateway),
        shipping=", ".join(text_of(one.get("title"), 50) for one in lines(payload, "shipping_lines"))[:100],
        note=text_of(payload.get("note"), 5000),
        language=language_of(payload.get("customer_locale")),
        has_account=text_of(part(payload, "customer").get("state")) == "enabled",
        returned=sum(map(_returned, lines(payload, "refunds")), Decimal(0)),
    )


def _returned(refund: Mapping[str, Any]) -> Decimal:
    done = (one for one in lines(refund, "transactions") if one.get("kind") == "refund")
    return sum((amount_of(one.get("amount", "0")) for one in done if one.get("status") == "success"), Decimal(0))


def is_ping(_body: bytes, _topic: str) -> bool:
    """Shopify never calls unsigned."""
    return False


def _state_word(payload: Mapping[str, Any], financial: str) -> str:
    if payload.get("cancelled_at"):
        return "cancelled"
    fulfilled = text_of(payload.get("fulfillment_status"), 40)
    return fulfilled or financial


def _kind(gateway: str) -> str:
    word = gateway.lower()
    if "cod" in word.split() or "cash on delivery" in word:
        return "cash-on-delivery"
    return "transfer" if "bank" in word or "transfer" in word else "other"


def _items(payload: Mapping[str, Any]) -> Iterator[ForeignItem]:
    includes_vat = payload.get("taxes_included") is True
    for line in lines(payload, "line_items"):
        quantity = amount_of(line.get("quantity", 1))
        if quantity > 0:
            total = amount_of(line.get("price", "0")) * quantity - _discounts(line)
            yield _foreign_item(line, total, quantity, includes_vat=includes_vat)
    for line in lines(payload, "shipping_lines"):
        total = amount_of(line.get("price", "0")) - _discounts(line)
        if total:
            yield _foreign_item(line, total, Decimal(1), includes_vat=includes_vat, kind="shipping")


def _discounts(line: Mapping[str, Any]) -> Decimal:
    return sum((amount_of(one.get("amount", "0")) for one in lines(line, "discount_allocations")), Decimal(0))


def _foreign_item(
    line: Mapping[str, Any], total: Decimal, quantity: Decimal, *, includes_vat: bool, kind: str = "product"
) -> ForeignItem:
    rate = sum((amount_of(one.get("rate", 0)) for one in lines(line, "tax_lines")), Decimal(0)) * 100
    net = total / (1 + rate / 100) if includes_vat else total
    return ForeignItem(
        text=text_of(line.get("title"), 500) or "?",
        code=text_of(line.get("sku"), 60),
        quantity=quantity,
        price=each(net, quantity),
        vat_rate=min(rate.quantize(Decimal("0.01")), Decimal(100)),
        kind=kind if net >= 0 else "discount",
    )


def _party(payload: Mapping[str, Any], billing: Mapping[str, Any]) -> dict[str, str]:
    person = part(payload, "customer")
    email = text_of(payload.get("email") or person.get("email"), 254)
    named = f"{text_of(person.get('first_name'), 90)} {text_of(person.get('last_name'), 90)}".strip()
    return {
        **_address(billing),
        "name": text_of(billing.get("company")) or text_of(billing.get("name")) or named or email,
        "email": email,
        "phone": text_of(payload.get("phone") or billing.get("phone"), 40),
    }


def _address(place: Mapping[str, Any]) -> dict[str, str]:
    return {
        "street": f"{text_of(place.get('address1'), 100)} {text_of(place.get('address2'), 90)}".strip(),
        "postcode": text_of(place.get("zip"), 20),
        "city": text_of(place.get("city"), 100),
        "country": text_of(place.get("country_code") or place.get("country"), 60),
    }


def _delivery(place: Mapping[str, Any]) -> dict[str, str]:
    return {"name": text_of(place.get("company")) or text_of(place.get("name")), **_address(place)} if place else {}


def customer_of(payload: Mapping[str, Any]) -> ForeignCustomer:
    """The customer of a webhook; Unreadable when it has another shape."""
    party = _party({"customer": payload, "phone": payload.get("phone")}, part(payload, "default_address"))
    return ForeignCustomer(
        id=identity(payload), changed=day_of(payload.get("updated_at") or payload.get("created_at")), card=party
    )
