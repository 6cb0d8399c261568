"""What stands behind the placeholders of an order: facts in, plain values in the language of the letter out."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from depesa.company.models import Company
from depesa.core.languages import formatter, words
from depesa.emails.placeholders import Table, TableRow
from depesa.emails.services.values import values_of_company

DOCUMENTS: Final = ("order_confirmation", "invoice", "credit_note", "receipt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """To whom the letter speaks, as the order keeps it."""

    name: str
    code: str = ""
    email: str = ""
    salutation: str = ""
    vocative: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """One line of an order; prices as they were agreed, VAT included."""

    text: str
    quantity: Decimal
    price: Decimal
    total: Decimal
    code: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """A document of the order, by its type."""

    number: str
    issued_on: dt.date | None = None
    due_on: dt.date | None = None
    total: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """What a letter may tell about an order. `state`, `shipping` and `payment` are words in the letter's language."""

    number: str
    placed_on: dt.date
    state: str
    currency: str
    net: Decimal
    vat: Decimal
    total: Decimal
    items: Sequence[ItemFacts]
    shipping: str = ""
    shipping_price: Decimal | None = None
    payment: str = ""
    payment_price: Decimal | None = None
    payment_is_transfer: bool = False
    is_paid: bool = False
    variable_symbol: str = ""
    bank_account: str = ""
    due_on: dt.date | None = None
    note: str = ""
    tracking_link: str = ""
    link: str = ""
    billing_address: Sequence[str] = ()
    delivery_address: Sequence[str] = ()
    documents: Mapping[str, DocumentFacts] = field(default_factory=dict)


def order_values(
    order: OrderFacts, *, reader: Reader, company: Company, language: str, contact: str = ""
) -> dict[str, Any]:
    """The values of the context "order", in the language of the letter; keys of `documents` are those of DOCUMENTS."""
    return {
        "customer": values_of_reader(reader, language),
        "order": _of_order(order, language),
        "documents": {code: _of_document(order, code, language) for code in DOCUMENTS},
        "company": values_of_company(company),
        "contact": contact or company.name,
    }


def values_of_reader(reader: Reader, language: str) -> dict[str, Any]:
    """The placeholders that begin with "customer."."""
    return {
        "name": reader.name,
        "code": reader.code,
        "email": reader.email,
        "vocative": reader.vocative,
        "salutation": formatter(language).salutation(reader.salutation, reader.vocative),
    }


def _of_order(order: OrderFacts, language: str) -> dict[str, Any]:
    rows = [_row(item, order.currency, language) for item in order.items]
    return {
        "number": order.number,
        "placed_on": formatter(language).day(order.placed_on),
        "state": order.state,
        "total": formatter(language).money_with_sign(order.total, order.currency),
        "net": formatter(language).money_with_sign(order.net, order.currency),
        "vat": formatter(language).money_with_sign(order.vat, order.currency),
        "items": rows,
        "table": _table(order, rows, language),
        "shipping": order.shipping,
        "payment": order.payment,
        "payment_is_transfer": order.payment_is_transfer,
        "is_paid": order.is_paid,
        "variable_symbol": order.variable_symbol,
        "bank_account": order.bank_account,
        "due_on": _day(order.due_on, language),
        "note": order.note,
        "tracking_link": order.tracking_link,
        "link": order.link,
        "billing_address": "\n".join(order.billing_address),
        "delivery_address": "\n".join(order.delivery_address),
    }


def _row(item: ItemFacts, currency: str, language: str) -> dict[str, str]:
    quantity = formatter(language).quantity(item.quantity)
    return {
        "code": item.code,
        "text": item.text,
        "quantity": f"{quantity}\xa0{item.unit}" if item.unit else quantity,
        "price": formatter(language).money_with_sign(item.price, currency),
        "total": formatter(language).money_with_sign(item.total, currency),
    }


def _table(order: OrderFacts, rows: list[dict[str, str]], language: str) -> Table:
    say = words("letter", language)
    lines = (
        TableRow(
            row["text"],
            " · ".join(part for part in (row["code"], f"{row['quantity']} × {row['price']}") if part),
            row["total"],
        )
        for row in rows
    )
    sums = [
        (f"{say[what]}: {name}", formatter(language).money_with_sign(price, order.currency))
        for what, name, price in (
            ("shipping", order.shipping, order.shipping_price),
            ("payment", order.payment, order.payment_price),
        )
        if name and price is not None
    ]
    for what, amount in (("net", order.net), ("vat", order.vat), ("total", order.total)):
        if what == "total" or order.vat:
            sums.append((say[what], formatter(language).money_with_sign(amount, order.currency)))
    return Table(tuple(lines), tuple(sums))


def _of_document(order: OrderFacts, code: str, language: str) -> dict[str, Any]:
    document = order.documents.get(code)
    values: dict[str, Any] = {
        "number": document.number if document else "",
        "issued_on": _day(document.issued_on, language) if document else "",
    }
    if code == "invoice":
        total = document.total if document else None
        values["due_on"] = _day(document.due_on, language) if document else ""
        values["total"] = "" if total is None else formatter(language).money_with_sign(total, order.currency)
    return values


def _day(day: dt.date | None, language: str) -> str:
    return formatter(language).day(day) if day else ""
