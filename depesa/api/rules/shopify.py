"""Orders and customers of Shopify (Admin REST, as its webhooks send them)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from depesa.api.rules.figures import Bill, ToldLine, settle
from depesa.api.rules.foreign import (
    ForeignCustomer,
    ForeignOrder,
    Home,
    amount_of,
    city_with,
    codes_of,
    day_of,
    identity,
    known_groups,
    language_of,
    lines,
    moment_of,
    part,
    text_of,
)
from depesa.core.languages import words

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
OF_ADDRESS: Final = frozenset({
    "id", "customer_id", "first_name", "last_name", "name", "company", "address1", "address2", "city", "zip",
    "province", "province_code", "country", "country_code", "country_name", "phone", "latitude", "longitude", "default",
})  # fmt: skip


def order_of(payload: Mapping[str, Any], home: Home) -> ForeignOrder:
    """The order of a webhook; Unreadable when it has another shape.

    `current_…` are the figures of an order that was edited or partly given back; where nothing is left, or it is
    cancelled, it is the order as it was placed.
    """
    billing = part(payload, "billing_address") or part(payload, "shipping_address")
    gateways = payload.get("payment_gateway_names")
    gateway = text_of(gateways[0], 100) if isinstance(gateways, list) and gateways else ""
    financial = text_of(payload.get("financial_status"), 40)
    placed = moment_of(payload.get("processed_at") or payload.get("created_at"), home.zone)
    is_paid = financial in {"paid", "partially_refunded", "refunded"}
    is_current = not payload.get("cancelled_at") and any(map(_quantity_left, lines(payload, "line_items")))
    delivery = part(payload, "shipping_address")
    country = text_of((delivery or billing).get("country_code"))
    bill = _bill(payload, known_groups(home, country, placed), is_current=is_current)
    settled = settle(_lines(payload, bill, is_current=is_current), bill)
    codes, more = codes_of(_told_besides(payload))
    return ForeignOrder(
        id=identity(payload),
        number=text_of(payload.get("name") or payload.get("order_number"), 60),
        state=_state_word(payload, financial),
        is_real=payload.get("test") is not True,
        changed=day_of(payload.get("updated_at") or payload.get("created_at")),
        placed=placed,
        currency=bill.currency,
        includes_vat=bill.holds_vat,
        is_paid=is_paid,
        paid=moment_of(payload.get("updated_at") or payload.get("created_at"), home.zone) if is_paid else None,
        total=bill.round(bill.total or Decimal(0)),
        first_total=bill.round(amount_of(payload.get("total_price", "0"))),
        party=_party(payload, billing) | codes,
        person=_person(billing) if text_of(billing.get("company")) else "",
        delivery=_delivery(delivery),
        items=settled.items,
        differs=settled.differs,
        more=more,
        payment=gateway,
        payment_kind=_kind(gateway),
        shipping=", ".join(text_of(one.get("title"), 50) for one in lines(payload, "shipping_lines"))[:100],
        note=text_of(payload.get("note"), 5000),
        language=bill.language if text_of(payload.get("customer_locale")) else "",
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


def _bill(payload: Mapping[str, Any], known: list[tuple[Decimal, ...]], *, is_current: bool) -> Bill:
    taxes: dict[Decimal, Decimal] = {}
    for line in lines(payload, "tax_lines"):
        rate = amount_of(line.get("rate", 0)) * 100
        taxes[rate] = taxes.get(rate, Decimal(0)) + amount_of(line.get("price", "0"))
    told = {}
    for name in ("total_price", "total_tax"):
        found = [payload.get(f"current_{name}") if is_current else None, payload.get(name)]
        told[name] = next((amount_of(each) for each in found if each is not None), None)
    return Bill(
        currency=text_of(payload.get("currency"), 3),
        holds_vat=payload.get("taxes_included") is True,
        total=told["total_price"],
        vat=told["total_tax"],
        taxes=taxes,
        known=[list(taxes), *known],
        language=language_of(payload.get("customer_locale")) or "en",
    )


def _lines(payload: Mapping[str, Any], bill: Bill, *, is_current: bool) -> list[ToldLine]:
    found = list(_goods(payload, is_current=is_current))
    for line in lines(payload, "shipping_lines"):
        amount = amount_of(line.get("price", "0")) - _discounts(line)
        if (amount or _tax(line)) and line.get("is_removed") is not True:
            found.append(_told_line(line, Decimal(1), amount, _tax(line), "shipping"))
    missing = (bill.total or Decimal(0)) - sum((line.amount for line in found), Decimal(0))
    missing -= Decimal(0) if bill.holds_vat else bill.vat or sum((line.vat for line in found), Decimal(0))
    for word, amount in _extras(payload):
        if 0 < amount <= missing + bill.unit:
            text = words("order", bill.language)[word]
            one, none = Decimal(1), Decimal(0)
            found.append(ToldLine(text=text, quantity=one, amount=amount, vat=none, rate=none, kind="fee"))
            missing -= amount
    return found


def _goods(payload: Mapping[str, Any], *, is_current: bool) -> Iterator[ToldLine]:
    for line in lines(payload, "line_items"):
        ordered = amount_of(line.get("quantity", 1))
        quantity = _quantity_left(line) if is_current else ordered
        if quantity > 0:
            share = quantity / ordered if ordered else Decimal(1)
            amount = amount_of(line.get("price", "0")) * quantity - _discounts(line) * share
            yield _told_line(line, quantity, amount, _tax(line) * share, "fee" if line.get("tip") else "product")


def _quantity_left(line: Mapping[str, Any]) -> Decimal:
    """How many there are after edits and returns."""
    left = line.get("current_quantity")
    return amount_of(line.get("quantity", 1) if left is None else left)


def _extras(payload: Mapping[str, Any]) -> Iterator[tuple[str, Decimal]]:
    """What is in the total beside lines and shipping, and is not always a line."""
    if not any(line.get("tip") for line in lines(payload, "line_items")):
        yield "tip", amount_of(payload.get("total_tip_received") or "0")
    for word, names in (("duties", "total_duties_set"), ("fees", "total_additional_fees_set")):
        told = part(payload, f"current_{names}") or part(payload, f"original_{names}")
        yield word, amount_of(part(told, "shop_money").get("amount") or "0")


def _discounts(line: Mapping[str, Any]) -> Decimal:
    if "discount_allocations" not in line:
        return amount_of(line.get("total_discount") or "0")
    return sum((amount_of(one.get("amount", "0")) for one in lines(line, "discount_allocations")), Decimal(0))


def _tax(line: Mapping[str, Any]) -> Decimal:
    return sum((amount_of(one.get("price", "0")) for one in lines(line, "tax_lines")), Decimal(0))


def _told_line(line: Mapping[str, Any], quantity: Decimal, amount: Decimal, vat: Decimal, kind: str) -> ToldLine:
    told = [one.get("rate") for one in lines(line, "tax_lines")]
    rates = [amount_of(rate) for rate in told if rate is not None]
    return ToldLine(
        text=text_of(line.get("title"), 500) or "?",
        code=text_of(line.get("sku"), 60),
        quantity=quantity,
        amount=amount,
        vat=vat,
        rate=sum(rates, Decimal(0)) * 100 if len(rates) == len(told) else None,
        kind=kind,
        is_taxed=line.get("taxable") is not False,
    )


def _told_besides(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What fields of the shop's own tell of the order and its addresses."""
    found = {text_of(one.get("name"), 100): one.get("value") for one in lines(payload, "note_attributes")}
    for where in ("billing_address", "shipping_address"):
        found |= {f"{where} {name}": text for name, text in part(payload, where).items() if name not in OF_ADDRESS}
    phone = text_of(part(payload, "shipping_address").get("phone"), 40)
    known = (text_of(payload.get("phone"), 40), text_of(part(payload, "billing_address").get("phone"), 40))
    return found | ({"shipping phone": phone} if phone and phone not in known else {})


def _person(address: Mapping[str, Any]) -> str:
    named = f"{text_of(address.get('first_name'), 90)} {text_of(address.get('last_name'), 90)}".strip()
    return text_of(address.get("name")) or named


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
    country = text_of(place.get("country_code") or place.get("country"), 60)
    by_code = country in {"US", "CA", "AU"}  # where letters bear the code of the state
    region = place.get("province_code") if by_code else place.get("province")
    return {
        "street": f"{text_of(place.get('address1'), 100)} {text_of(place.get('address2'), 90)}".strip(),
        "postcode": text_of(place.get("zip"), 20),
        "city": city_with(text_of(place.get("city"), 100), text_of(region or place.get("province"), 60), country),
        "country": country,
    }


def _delivery(place: Mapping[str, Any]) -> dict[str, str]:
    name = ", ".join(filter(None, [text_of(place.get("company")), _person(place)]))[:200]
    return {"name": name, **_address(place)} if place else {}


def customer_of(payload: Mapping[str, Any]) -> ForeignCustomer:
    """The customer of a webhook; Unreadable when it has another shape."""
    party = _party({"customer": payload, "phone": payload.get("phone")}, part(payload, "default_address"))
    return ForeignCustomer(
        id=identity(payload), changed=day_of(payload.get("updated_at") or payload.get("created_at")), card=party
    )
