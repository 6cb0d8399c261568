"""What letters about an order may name."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from depesa.emails.placeholders.kinds import Column, Context, Kind, Placeholder, Row, Sample, in_all, in_each
from depesa.emails.placeholders.shared import COMPANY, FIRM, READER
from depesa.emails.placeholders.tables import Table, TableRow


def _maybe(name: str, kind: Kind, meaning: str | Promise, en: Sample, cs: Sample, lt: Sample) -> Placeholder:
    return Placeholder(name, kind, meaning, in_each(en, cs, lt), may_be_empty=True)


def _rows(hammer: str, nails: str, unit: str, *amounts: str) -> list[Row]:
    one, two, three = amounts
    return [
        {"code": "KL-500", "text": hammer, "quantity": f"2\xa0{unit}", "price": one, "total": two},
        {"code": "HR-80", "text": nails, "quantity": f"1\xa0{unit}", "price": three, "total": three},
    ]


_EN: Final = _rows("Hammer 500 g", "Nails 80 mm, 1 kg", "pcs", "€10.00", "€20.00", "€4.20")
_CS: Final = _rows("Kladivo 500 g", "Hřebíky 80 mm, 1 kg", "ks", "250,00\xa0Kč", "500,00\xa0Kč", "105,00\xa0Kč")
_LT: Final = _rows("Plaktukas 500 g", "Vinys 80 mm, 1 kg", "vnt.", "10,00\xa0€", "20,00\xa0€", "4,20\xa0€")


def _table(rows: list[Row], *sums: tuple[str, str]) -> Table:
    lines = (
        TableRow(str(row["text"]), f"{row['code']} · {row['quantity']} × {row['price']}", str(row["total"]))
        for row in rows
    )
    return Table(tuple(lines), sums)


_TABLES: Final = in_each(
    _table(_EN, ("Delivery: courier", "€3.50"), ("Payment: bank transfer", "€0.00"), ("Total, VAT included", "€27.70")),
    _table(
        _CS,
        ("Doprava: kurýr", "89,00\xa0Kč"),
        ("Platba: bankovní převod", "0,00\xa0Kč"),
        ("Celkem včetně DPH", "694,00\xa0Kč"),
    ),
    _table(
        _LT,
        ("Pristatymas: kurjeris", "3,50\xa0€"),
        ("Mokėjimas: banko pavedimas", "0,00\xa0€"),
        ("Iš viso su PVM", "27,70\xa0€"),
    ),
)
_NUMBER: Final = in_all("2011-000118")
_DAY: Final = ("5 July 2011", "5. července 2011", "2011 m. liepos 5 d.")
_DUE: Final = ("19 July 2011", "19. července 2011", "2011 m. liepos 19 d.")

_THE_ORDER: Final = (
    Placeholder("order.number", Kind.TEXT, _("number of the order"), _NUMBER),
    Placeholder("order.placed_on", Kind.DATE, _("day of the order"), in_each(*_DAY)),
    Placeholder("order.state", Kind.TEXT, _("where the order stands"), in_each("Sent", "Odesláno", "Išsiųsta")),
    Placeholder("order.total", Kind.MONEY, _("sum, VAT included"), in_each("€27.70", "694,00\xa0Kč", "27,70\xa0€")),
    Placeholder("order.net", Kind.MONEY, _("sum without VAT"), in_each("€22.89", "573,55\xa0Kč", "22,89\xa0€")),
    Placeholder("order.vat", Kind.MONEY, _("VAT"), in_each("€4.81", "120,45\xa0Kč", "4,81\xa0€")),
    Placeholder(
        "order.table",
        Kind.TABLE,
        _("items, delivery, payment and sum as a finished table; lines in the text part"),
        _TABLES,
    ),
    Placeholder(
        "order.items",
        Kind.ROWS,
        _("the items one by one, for a table of your own"),
        in_each(_EN, _CS, _LT),
        columns=(
            Column("code", _("code of the product; may be empty"), may_be_empty=True),
            Column("text", _("what it is")),
            Column("quantity", _("how many, with the unit")),
            Column("price", _("price of one")),
            Column("total", _("price of all")),
        ),
    ),
    _maybe("order.shipping", Kind.TEXT, _("way of delivery; may be empty"), "courier", "kurýr", "kurjeris"),
    _maybe("order.payment", Kind.TEXT, _("way of payment; may be empty"), "transfer", "převodem", "pavedimu"),
    Placeholder(
        "order.payment_is_transfer",
        Kind.YES_NO,
        _("whether it is paid by bank transfer"),
        in_all(True),
        may_be_empty=True,
    ),
    Placeholder("order.is_paid", Kind.YES_NO, _("whether it is paid"), in_all(True), may_be_empty=True),
    _maybe("order.variable_symbol", Kind.TEXT, _("payment reference; may be empty"), *["2011000118"] * 3),
    _maybe("order.bank_account", Kind.TEXT, _("account to pay to; may be empty"), *["LT12 1000 0111 0100 1000"] * 3),
    _maybe("order.due_on", Kind.DATE, _("day by which to pay; may be empty"), *_DUE),
    _maybe(
        "order.note",
        Kind.BLOCK,
        _("the customer's note; may be empty"),
        "Please ring twice.",
        "Zvoňte prosím dvakrát.",
        "Prašome skambinti du kartus.",
    ),
    _maybe(
        "order.tracking_link",
        Kind.LINK,
        _("where the parcel can be followed; may be empty"),
        *["https://courier.example/track/118"] * 3,
    ),
    _maybe(
        "order.link",
        Kind.LINK,
        _("the order's page for the customer; may be empty"),
        *["https://vaivorykste.example/orders/118/"] * 3,
    ),
    _maybe(
        "order.billing_address",
        Kind.BLOCK,
        _("billing address; may be empty"),
        *["Šroub & matka, s.r.o.\nDlouhá 12\n110 00 Praha"] * 3,
    ),
    _maybe(
        "order.delivery_address",
        Kind.BLOCK,
        _("delivery address; may be empty"),
        *["Šroub & matka, s.r.o.\nKrátká 1\n602 00 Brno"] * 3,
    ),
)


def _document(code: str, meaning: str | Promise) -> tuple[Placeholder, ...]:
    return (
        _maybe(f"documents.{code}.number", Kind.TEXT, meaning, *["2011-0042"] * 3),
        _maybe(f"documents.{code}.issued_on", Kind.DATE, _("day on which it was issued; may be empty"), *_DAY),
    )


_DOCUMENTS: Final = (
    *_document("order_confirmation", _("number of the order confirmation; empty while there is none")),
    *_document("invoice", _("number of the invoice; empty while there is none")),
    _maybe("documents.invoice.due_on", Kind.DATE, _("day by which to pay; may be empty"), *_DUE),
    _maybe(
        "documents.invoice.total",
        Kind.MONEY,
        _("sum of the invoice; empty while there is none"),
        "€27.70",
        "694,00\xa0Kč",
        "27,70\xa0€",
    ),
    *_document("credit_note", _("number of the credit note; empty while there is none")),
    *_document("receipt", _("number of the receipt; empty while there is none")),
)

ORDER: Final = Context("order", _("Order"), (*READER, *_THE_ORDER, *_DOCUMENTS, *COMPANY, *FIRM))
