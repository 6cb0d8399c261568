"""What letters about an order may name, and where it comes from."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from depesa.core.languages import Formatter, words
from depesa.core.money import digits_of
from depesa.core.texts import plain_words
from depesa.documents.rules import sum_up
from depesa.emails.placeholders import (
    COMPANY,
    FIRM,
    READER,
    AboutReader,
    Column,
    Context,
    Kind,
    Placeholder,
    Row,
    Table,
    TableRow,
    maybe,
)
from depesa.history.models import Origin
from depesa.orders.models import Item, ItemKind, Order, OrderDocument, PaymentKind

_GOODS: Final = (ItemKind.PRODUCT, ItemKind.DISCOUNT, ItemKind.FEE)


@dataclass(frozen=True, kw_only=True)
class AboutOrder(AboutReader):
    """An order as a letter tells of it: with its items and, by its type, the newest of each kind of document."""

    order: Order
    items: Sequence[Item]
    documents: Mapping[str, OrderDocument]

    def told(self, text: str) -> str:
        """A line as whoever ordered wrote it; without links to be clicked unless the address is proved to be theirs."""
        return text if self.order.is_proven else plain_words(text)

    @cached_property
    def rows(self) -> list[Row]:
        """What was ordered, with prices that include VAT, as a customer reads them."""
        goods = (item for item in self.items if item.kind in _GOODS)
        return [self._row(item) for item in goods]

    @property
    def table(self) -> Table:
        """The same as a finished table with what it sums up to."""
        order, say = self.order, words("letter", self.language)
        ways = (("shipping", order.shipping_name, ItemKind.SHIPPING), ("payment", order.payment_name, ItemKind.PAYMENT))
        priced = [
            (f"{say[what]}: {name}" if name else say[what], name, self.price_of(kind)) for what, name, kind in ways
        ]
        sums = [(label, self.money(price)) for label, name, price in priced if price is not None and (name or price)]
        rest = ((item.text, self._gross([item])) for item in self.items if item.kind == ItemKind.ROUNDING)
        sums += [(text, self.money(amount)) for text, amount in rest if amount]
        if order.vat:
            sums += [(say["net"], self.money(order.net)), (say["vat"], self.money(order.vat))]
        return _table(self.rows, *sums, (say["total"], self.money(order.gross)))

    def money(self, amount: Decimal) -> str:
        """An amount in the currency of the order."""
        return self.write.money_with_sign(amount, self.order.currency)

    def price_of(self, kind: ItemKind) -> Decimal | None:
        """What delivery or payment costs; nothing while it is to be agreed."""
        lines = [item for item in self.items if item.kind == kind]
        if not lines:
            return None if self.order.is_individual_shipping and kind == ItemKind.SHIPPING else Decimal(0)
        return self._gross(lines)

    def _row(self, item: Item) -> Row:
        price = item.price if self.order.includes_vat else item.price * (1 + item.vat_rate / 100)
        quantity = self.write.quantity(item.quantity)
        return {
            "code": item.code,
            "text": item.text,
            "quantity": f"{quantity}\xa0{item.unit}" if item.unit else quantity,
            "price": self.money(price),
            "total": self.money(self._gross([item])),
        }

    def _gross(self, lines: Iterable[Item]) -> Decimal:
        return sum_up(lines, digits_of(self.order.currency), includes_vat=self.order.includes_vat).gross


def link_of(order: Order) -> str:
    """The order's page for its customer; empty unless it came through our own shop."""
    page = reverse("shop:order", args=[order.token])
    return f"{settings.DEPESA_SITE_URL}{page}" if order.origin == Origin.SHOP else ""


def _table(rows: Sequence[Row], *sums: tuple[str, str]) -> Table:
    lines = (
        TableRow(
            str(row["text"]),
            " · ".join(part for part in (row["code"], f"{row['quantity']} × {row['price']}") if part),
            str(row["total"]),
        )
        for row in rows
    )
    return Table(tuple(lines), sums)


def _euros(amount: str) -> Callable[[Formatter], str]:
    return lambda write: write.money_with_sign(Decimal(amount), "EUR")


def _day(year: int, month: int, day: int) -> Callable[[Formatter], str]:
    return lambda write: write.day(dt.date(year, month, day))


def _sample_rows(write: Formatter) -> list[Row]:
    goods = (
        ("KL-500", pgettext("sample", "Hammer 500 g"), 2, "10", "20"),
        ("HR-80", pgettext("sample", "Nails 80 mm, 1 kg"), 1, "4.20", "4.20"),
    )
    return [
        {
            "code": code,
            "text": text,
            "quantity": f"{number}\xa0{pgettext('sample', 'pcs')}",
            "price": _euros(price)(write),
            "total": _euros(total)(write),
        }
        for code, text, number, price, total in goods
    ]


def _sample_table(write: Formatter) -> Table:
    say = words("letter", write.language)
    ways = (("shipping", pgettext("sample", "courier"), "3.50"), ("payment", pgettext("sample", "bank transfer"), "0"))
    sums = [(f"{say[what]}: {name}", _euros(price)(write)) for what, name, price in ways]
    return _table(_sample_rows(write), *sums, (say["total"], _euros("27.70")(write)))


def _due(about: AboutOrder) -> str:
    invoice = about.documents.get("invoice")
    return about.write.day(invoice.due_on) if invoice and invoice.due_on else ""


_THE_ORDER: Final[tuple[Placeholder[AboutOrder], ...]] = (
    Placeholder("order.number", Kind.TEXT, _("number of the order"), lambda it: it.order.number, "2011-000118"),
    Placeholder(
        "order.placed_on",
        Kind.DATE,
        _("day of the order"),
        lambda it: it.write.day(timezone.localtime(it.order.placed_at).date()),
        _day(2011, 7, 5),
    ),
    Placeholder(
        "order.state",
        Kind.TEXT,
        _("where the order stands"),
        lambda it: it.order.state.name_in(it.language),
        pgettext_lazy("sample, state of an order", "Sent"),
    ),
    Placeholder(
        "order.total", Kind.MONEY, _("sum, VAT included"), lambda it: it.money(it.order.gross), _euros("27.70")
    ),
    Placeholder("order.net", Kind.MONEY, _("sum without VAT"), lambda it: it.money(it.order.net), _euros("22.89")),
    Placeholder("order.vat", Kind.MONEY, _("VAT"), lambda it: it.money(it.order.vat), _euros("4.81")),
    Placeholder(
        "order.table",
        Kind.TABLE,
        _("items, delivery, payment and sum as a finished table; lines in the text part"),
        lambda it: it.table,
        _sample_table,
    ),
    Placeholder(
        "order.items",
        Kind.ROWS,
        _("the items one by one, for a table of your own"),
        lambda it: it.rows,
        _sample_rows,
        columns=(
            Column("code", _("code of the product; may be empty"), may_be_empty=True),
            Column("text", _("what it is")),
            Column("quantity", _("how many, with the unit")),
            Column("price", _("price of one")),
            Column("total", _("price of all")),
        ),
    ),
    maybe(
        "order.shipping",
        Kind.TEXT,
        _("way of delivery; may be empty"),
        lambda it: it.order.shipping_name,
        pgettext_lazy("sample", "courier"),
    ),
    maybe(
        "order.payment",
        Kind.TEXT,
        _("way of payment; may be empty"),
        lambda it: it.order.payment_name,
        pgettext_lazy("sample, way of payment", "transfer"),
    ),
    maybe(
        "order.payment_is_transfer",
        Kind.YES_NO,
        _("whether it is paid by bank transfer"),
        lambda it: it.order.payment_kind == PaymentKind.TRANSFER,
        True,
    ),
    maybe("order.is_paid", Kind.YES_NO, _("whether it is paid"), lambda it: it.order.is_paid, True),
    maybe(
        "order.variable_symbol",
        Kind.TEXT,
        _("payment reference; may be empty"),
        lambda it: it.order.variable_symbol,
        "2011000118",
    ),
    maybe(
        "order.bank_account",
        Kind.TEXT,
        _("account to pay to; may be empty"),
        lambda it: it.company.bank_account,
        "LT12 1000 0111 0100 1000",
    ),
    maybe("order.due_on", Kind.DATE, _("day by which to pay; may be empty"), _due, _day(2011, 7, 19)),
    maybe(
        "order.note",
        Kind.BLOCK,
        _("the customer's note; empty for whoever ordered without having signed in with this address"),
        lambda it: it.order.note if it.order.is_proven else "",
        pgettext_lazy("sample", "Please ring twice."),
    ),
    maybe(
        "order.tracking_link",
        Kind.LINK,
        _("where the parcel can be followed; may be empty"),
        lambda it: it.order.tracking_url,
        "https://courier.example/track/118",
    ),
    maybe(
        "order.link",
        Kind.LINK,
        _("the order's page for the customer; may be empty"),
        lambda it: link_of(it.order),
        "https://vaivorykste.example/orders/118/",
    ),
    maybe(
        "order.billing_address",
        Kind.BLOCK,
        _("billing address; may be empty"),
        lambda it: "\n".join(map(it.told, [it.order.name, *it.write.address(it.order.address_lines)])),
        "Šroub & matka, s.r.o.\nDlouhá 12\n110 00 Praha",
    ),
    maybe(
        "order.delivery_address",
        Kind.BLOCK,
        _("delivery address; may be empty"),
        lambda it: "\n".join(map(it.told, it.order.delivery_lines)),
        "Šroub & matka, s.r.o.\nKrátká 1\n602 00 Brno",
    ),
)


def _document(code: str, meaning: str | Promise) -> tuple[Placeholder[AboutOrder], ...]:
    def number(about: AboutOrder) -> str:
        document = about.documents.get(code)
        return document.number if document else ""

    def issued_on(about: AboutOrder) -> str:
        document = about.documents.get(code)
        return about.write.day(document.issued_on) if document else ""

    return (
        maybe(f"documents.{code}.number", Kind.TEXT, meaning, number, "2011-0042"),
        maybe(
            f"documents.{code}.issued_on",
            Kind.DATE,
            _("day on which it was issued; may be empty"),
            issued_on,
            _day(2011, 7, 5),
        ),
    )


def _invoiced(about: AboutOrder) -> str:
    invoice = about.documents.get("invoice")
    return about.money(invoice.gross) if invoice and invoice.gross is not None else ""


_DOCUMENTS: Final = (
    *_document("order_confirmation", _("number of the order confirmation; empty while there is none")),
    *_document("invoice", _("number of the invoice; empty while there is none")),
    maybe("documents.invoice.due_on", Kind.DATE, _("day by which to pay; may be empty"), _due, _day(2011, 7, 19)),
    maybe(
        "documents.invoice.total",
        Kind.MONEY,
        _("sum of the invoice; empty while there is none"),
        _invoiced,
        _euros("27.70"),
    ),
    *_document("credit_note", _("number of the credit note; empty while there is none")),
    *_document("receipt", _("number of the receipt; empty while there is none")),
)
ORDER: Final[Context[AboutOrder]] = Context("order", _("Order"), (*READER, *_THE_ORDER, *_DOCUMENTS, *COMPANY, *FIRM))
