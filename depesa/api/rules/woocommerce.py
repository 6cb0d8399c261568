"""Orders and customers of WooCommerce (REST API v3, as its webhooks send them)."""

import re
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
    lines,
    part,
    rate_of,
    text_of,
)

SIGNATURE: Final = "X-WC-Webhook-Signature"
TOPIC: Final = "X-WC-Webhook-Topic"
TOPICS: Final = {"order.created": "order", "order.updated": "order", "customer.created": "customer"}
STATES: Final = {
    "pending": "payment-pending",
    "processing": "payment-succeeded",
    "on-hold": "",
    "completed": "sent",
    "cancelled": "cancelled",
    "failed": "payment-failed",
    "checkout-draft": "",
    "refunded": "",
}
PAYMENTS: Final = {"bacs": "transfer", "cod": "cash-on-delivery"}


def order_of(payload: Mapping[str, Any]) -> ForeignOrder:
    """The order of a webhook; Unreadable when it has another shape."""
    billing, shipping = part(payload, "billing"), part(payload, "shipping")
    return ForeignOrder(
        id=identity(payload),
        number=text_of(payload.get("number") or payload.get("id"), 60),
        state=text_of(payload.get("status"), 40),
        changed=day_of(payload.get("date_modified_gmt") or payload.get("date_created_gmt")),
        currency=text_of(payload.get("currency"), 3),
        is_paid=bool(payload.get("date_paid_gmt") or payload.get("date_paid")),
        total=amount_of(payload.get("total", "0")),
        party=_party(billing),
        delivery=_delivery(shipping),
        items=list(_items(payload)),
        payment=text_of(payload.get("payment_method_title"), 100),
        payment_kind=PAYMENTS.get(text_of(payload.get("payment_method")), "other"),
        shipping=", ".join(text_of(one.get("method_title"), 50) for one in lines(payload, "shipping_lines"))[:100],
        note=text_of(payload.get("customer_note"), 5000),
        has_account=bool(payload.get("customer_id")),
        returned=sum((abs(amount_of(one.get("total", "0"))) for one in lines(payload, "refunds")), Decimal(0)),
    )


def is_ping(body: bytes, topic: str) -> bool:
    """Whether it only tries whether we are there: WooCommerce sends this, unsigned, when a webhook is saved."""
    return not topic and re.fullmatch(rb"webhook_id=\d+", body) is not None


def _items(payload: Mapping[str, Any]) -> Iterator[ForeignItem]:
    for line in lines(payload, "line_items"):
        quantity, net = amount_of(line.get("quantity", 1)), amount_of(line.get("total", "0"))
        if quantity > 0:
            yield ForeignItem(
                text=text_of(line.get("name"), 500) or "?",
                code=text_of(line.get("sku"), 60),
                quantity=quantity,
                price=each(net, quantity),
                vat_rate=rate_of(net, amount_of(line.get("total_tax", "0"))),
            )
    for name, title, kind in (("shipping_lines", "method_title", "shipping"), ("fee_lines", "name", "payment")):
        for line in lines(payload, name):
            net = amount_of(line.get("total", "0"))
            if net:
                rate = rate_of(net, amount_of(line.get("total_tax", "0")))
                text = text_of(line.get(title), 500) or "?"
                kept = kind if net > 0 else "discount"
                yield ForeignItem(text=text, quantity=Decimal(1), price=net, vat_rate=rate, kind=kept)


def _party(billing: Mapping[str, Any]) -> dict[str, str]:
    person = f"{text_of(billing.get('first_name'), 90)} {text_of(billing.get('last_name'), 90)}".strip()
    return {
        "name": text_of(billing.get("company")) or person or text_of(billing.get("email")),
        "street": f"{text_of(billing.get('address_1'), 100)} {text_of(billing.get('address_2'), 90)}".strip(),
        "postcode": text_of(billing.get("postcode"), 20),
        "city": text_of(billing.get("city"), 100),
        "country": text_of(billing.get("country"), 60),
        "email": text_of(billing.get("email"), 254),
        "phone": text_of(billing.get("phone"), 40),
    }


def _delivery(shipping: Mapping[str, Any]) -> dict[str, str]:
    found = _party(shipping)
    if not found["street"] and not found["city"]:
        return {}
    return {name: found[name] for name in ("name", "street", "postcode", "city", "country")}


def customer_of(payload: Mapping[str, Any]) -> ForeignCustomer:
    """The customer of a webhook; Unreadable when it has another shape."""
    card = _party(part(payload, "billing"))
    person = f"{text_of(payload.get('first_name'), 90)} {text_of(payload.get('last_name'), 90)}".strip()
    email = text_of(payload.get("email"), 254) or card["email"]
    return ForeignCustomer(
        id=identity(payload),
        changed=day_of(payload.get("date_modified_gmt") or payload.get("date_created_gmt")),
        card=card | {"email": email, "name": card["name"] or person or email},
    )
