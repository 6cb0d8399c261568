"""Orders and customers of WooCommerce (REST API v3, as its webhooks send them)."""

import html
import re
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
    lines,
    moment_of,
    part,
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
    "refunded": "",
    "trash": "",
}
DRAFTS: Final = frozenset({"checkout-draft", "auto-draft", "draft", "new", "trash"})
"""States of what is no order yet or no more: somebody opened the checkout, or the desk began to write one."""
PAYMENTS: Final = {"bacs": "transfer", "cod": "cash-on-delivery"}
OF_ADDRESS: Final = frozenset({
    "first_name", "last_name", "company", "address_1", "address_2", "city", "state", "postcode", "country", "email",
    "phone",
})  # fmt: skip


def order_of(payload: Mapping[str, Any], home: Home) -> ForeignOrder:
    """The order of a webhook; Unreadable when it has another shape."""
    billing, shipping = part(payload, "billing"), part(payload, "shipping")
    state = text_of(payload.get("status"), 40)
    placed = moment_of(payload.get("date_created_gmt")) or moment_of(payload.get("date_created"), home.zone)
    codes, more = codes_of(_told_besides(payload, billing, shipping))
    bill = _bill(payload, known_groups(home, text_of((shipping or billing).get("country")), placed))
    settled = settle(list(_lines(payload)), bill)
    total = bill.round(amount_of(payload.get("total", "0")))
    return ForeignOrder(
        id=identity(payload),
        number=_said(payload.get("number") or payload.get("id"), 60),
        state=state,
        is_real=state not in DRAFTS,
        changed=day_of(payload.get("date_modified_gmt") or payload.get("date_created_gmt")),
        placed=placed,
        currency=bill.currency,
        includes_vat=payload.get("prices_include_tax") is True,
        is_paid=bool(payload.get("date_paid_gmt") or payload.get("date_paid")),
        paid=moment_of(payload.get("date_paid_gmt")) or moment_of(payload.get("date_paid"), home.zone),
        total=total,
        first_total=total,
        party=_party(billing) | codes,
        person=_person(billing) if _said(billing.get("company")) else "",
        delivery=_delivery(shipping),
        items=settled.items,
        differs=settled.differs,
        more=more,
        payment=_said(payload.get("payment_method_title"), 100),
        payment_kind=PAYMENTS.get(text_of(payload.get("payment_method")), "other"),
        shipping=", ".join(_said(one.get("method_title"), 50) for one in lines(payload, "shipping_lines"))[:100],
        note=_said(payload.get("customer_note"), 5000),
        has_account=bool(payload.get("customer_id")),
        returned=sum((abs(amount_of(one.get("total", "0"))) for one in lines(payload, "refunds")), Decimal(0)),
    )


def is_ping(body: bytes, topic: str) -> bool:
    """Whether it only tries whether we are there: WooCommerce sends this, unsigned, when a webhook is saved."""
    return not topic and re.fullmatch(rb"webhook_id=\d+", body) is not None


def _said(value: Any, most: int = 200) -> str:
    """A text of at most so many characters: WooCommerce writes its texts as HTML does, so entities are read, once."""
    return text_of(html.unescape(value) if isinstance(value, str) else value, most)


def _bill(payload: Mapping[str, Any], known: list[tuple[Decimal, ...]]) -> Bill:
    taxes: dict[Decimal, Decimal] = {}
    for line in lines(payload, "tax_lines"):
        if (rate := _percent(line)) is not None:
            tax = amount_of(line.get("tax_total", "0")) + amount_of(line.get("shipping_tax_total", "0"))
            taxes[rate] = taxes.get(rate, Decimal(0)) + tax
    return Bill(
        currency=text_of(payload.get("currency"), 3),
        holds_vat=False,
        total=amount_of(payload["total"]) if "total" in payload else None,
        vat=amount_of(payload["total_tax"]) if "total_tax" in payload else None,
        taxes=taxes,
        known=[list(taxes), *known],
    )


def _percent(tax_line: Mapping[str, Any]) -> Decimal | None:
    told = tax_line.get("rate_percent")
    return None if told is None else amount_of(told)


def _lines(payload: Mapping[str, Any]) -> Iterator[ToldLine]:
    percents = {str(line.get("rate_id")): _percent(line) for line in lines(payload, "tax_lines")}
    for line in lines(payload, "line_items"):
        quantity, net = amount_of(line.get("quantity", 1)), amount_of(line.get("total", "0"))
        if quantity > 0 or net:
            yield _told_line(line, "name", quantity if quantity > 0 else Decimal(1), percents, "product")
    for name, title, kind in (("shipping_lines", "method_title", "shipping"), ("fee_lines", "name", "fee")):
        for line in lines(payload, name):
            if amount_of(line.get("total", "0")) or amount_of(line.get("total_tax", "0")):
                yield _told_line(line, title, Decimal(1), percents, kind)


def _told_line(
    line: Mapping[str, Any], title: str, quantity: Decimal, percents: Mapping[str, Decimal | None], kind: str
) -> ToldLine:
    return ToldLine(
        text=_said(line.get(title), 500) or "?",
        code=_said(line.get("sku"), 60),
        quantity=quantity,
        amount=amount_of(line.get("total", "0")),
        vat=amount_of(line.get("total_tax", "0")),
        rate=_rate(line, percents),
        kind=kind,
        is_taxed=line.get("tax_status") != "none",
    )


def _rate(line: Mapping[str, Any], percents: Mapping[str, Decimal | None]) -> Decimal | None:
    """The rate of a line, through the ids of its taxes; None where the shop tells none of them."""
    ids = [str(tax.get("id")) for tax in lines(line, "taxes") if tax.get("total") not in (None, "")]
    told = [percents.get(each) for each in ids]
    known = [percent for percent in told if percent is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(told) else None


def _told_besides(
    payload: Mapping[str, Any], billing: Mapping[str, Any], shipping: Mapping[str, Any]
) -> dict[str, Any]:
    """What plugins and fields of the shop's own tell of the order and its addresses."""
    found: dict[str, Any] = {}
    for line in lines(payload, "meta_data"):
        name = _said(line.get("key"), 100).removeprefix("_") if _is_for_people(line.get("key")) else ""
        found |= {name: _said(line.get("value"), 500)} if name else {}
    for where, address in (("billing", billing), ("shipping", shipping)):
        found |= {f"{where} {name}": _said(value, 500) for name, value in address.items() if name not in OF_ADDRESS}
    phone = _said(shipping.get("phone"), 40)
    return found | ({"shipping phone": phone} if phone and phone != _said(billing.get("phone"), 40) else {})


def _is_for_people(key: Any) -> bool:
    """Plugins write their own bookkeeping under names with an underline; fields of the checkout are the exception."""
    return isinstance(key, str) and (not key.startswith("_") or key.startswith(("_billing", "_shipping", "_vat")))


def _person(address: Mapping[str, Any]) -> str:
    return f"{_said(address.get('first_name'), 90)} {_said(address.get('last_name'), 90)}".strip()


def _party(billing: Mapping[str, Any]) -> dict[str, str]:
    country = _said(billing.get("country"), 60)
    return {
        "name": _said(billing.get("company")) or _person(billing) or _said(billing.get("email")),
        "street": f"{_said(billing.get('address_1'), 100)} {_said(billing.get('address_2'), 90)}".strip(),
        "postcode": _said(billing.get("postcode"), 20),
        "city": city_with(_said(billing.get("city"), 100), _said(billing.get("state"), 60), country),
        "country": country,
        "email": _said(billing.get("email"), 254),
        "phone": _said(billing.get("phone"), 40),
    }


def _delivery(shipping: Mapping[str, Any]) -> dict[str, str]:
    found = _party(shipping)
    if not found["street"] and not found["city"]:
        return {}
    name = ", ".join(filter(None, [_said(shipping.get("company")), _person(shipping)]))
    return {"name": name[:200]} | {each: found[each] for each in ("street", "postcode", "city", "country")}


def customer_of(payload: Mapping[str, Any]) -> ForeignCustomer:
    """The customer of a webhook; Unreadable when it has another shape."""
    billing = part(payload, "billing")
    card = _party(billing)
    codes, _more = codes_of(_told_besides(payload, billing, {}))
    email = _said(payload.get("email"), 254) or card["email"]
    return ForeignCustomer(
        id=identity(payload),
        changed=day_of(payload.get("date_modified_gmt") or payload.get("date_created_gmt")),
        card=card | codes | {"email": email, "name": card["name"] or _person(payload) or email},
    )
