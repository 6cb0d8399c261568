"""Everything that a document of an order prints, as raw facts: frozen when the document is made, never re-read.

Amounts carry no sign of the type: a credit note is written with positive amounts and `takes_back`, and prints
them below zero. Texts are as the customer reads them; days and amounts are written in the language when printing.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any, Final, Self

from depesa.documents.rules import ACCOUNTING
from depesa.documents.rules.sums import Rate

DAYS: Final = ("issued_on", "due_on", "tax_on", "ordered_on", "related_on", "paid_on", "home_rate_on")
AMOUNTS: Final = ("net", "vat", "gross", "rounding", "home_rate", "home_vat")
NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A firm or a person as it stands on the paper."""

    name: str
    company_code: str = ""  # IČO, įmonės kodas
    vat_code: str = ""  # DIČ, PVM mokėtojo kodas
    address_lines: tuple[str, ...] = ()
    country: str = ""  # ISO 3166, for the words of the codes; the address lines say it to the reader
    email: str = ""
    phone: str = ""
    website: str = ""
    bank_account: str = ""
    register_note: str = ""  # entry in the companies register, as the law asks for on papers

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        known = _known(cls, kept)
        return cls(**{**known, "address_lines": tuple(known.get("address_lines", ()))})


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """One line; `price` is per unit, with VAT if the paper's prices include it; sums are of the whole line."""

    text: str
    quantity: Decimal
    price: Decimal
    vat_rate: Decimal
    net: Decimal
    vat: Decimal
    gross: Decimal
    code: str = ""
    unit: str = ""
    note: str = ""

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        numbers = ("quantity", "price", "vat_rate", "net", "vat", "gross")
        return cls(**{**_known(cls, kept), **{name: Decimal(kept[name]) for name in numbers}})


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaper:
    """A document of an order. `gross` is the sum of the rates; what is to be paid is that and the rounding."""

    type: str  # code of the document type
    title: str  # name of the type in the language of the paper
    number: str
    order_number: str
    language: str
    currency: str
    issued_on: dt.date
    supplier: Party
    customer: Party
    lines: tuple[PaperLine, ...]
    rates: tuple[Rate, ...]
    net: Decimal
    vat: Decimal
    gross: Decimal
    rounding: Decimal = NOTHING
    delivery: Party | None = None
    due_on: dt.date | None = None
    tax_on: dt.date | None = None
    ordered_on: dt.date | None = None
    variable_symbol: str = ""
    related_number: str = ""  # the invoice that a credit note takes back
    related_on: dt.date | None = None
    reason: str = ""  # why a credit note corrects it
    prices_include_vat: bool = False
    shows_prices: bool = True  # a delivery note may do without
    payment: str = ""
    shipping: str = ""
    asks_payment: bool = True  # by transfer to the supplier's account: prints the account and, if unpaid, a QR code
    is_paid: bool = False
    paid_on: dt.date | None = None
    customer_note: str = ""
    remarks: tuple[str, ...] = ()  # what the law or the firm adds, such as the reverse charge
    takes_back: bool = False
    books: str = ""  # the sales document that it also makes
    home_currency: str = ""  # of the supplier's country, where the law wants the VAT in it too
    home_rate: Decimal | None = None  # units of home currency for one of the paper's
    home_rate_on: dt.date | None = None  # the day that the rate is of
    home_vat: Decimal | None = None

    @property
    def is_accounting(self) -> bool:
        """Whether it is a tax document, and not an order confirmation or a document of a firm's own."""
        return self.type in ACCOUNTING or bool(self.books)

    @property
    def to_pay(self) -> Decimal:
        """What the customer owes by this paper: nothing if it is paid, less than nothing if what was paid goes back."""
        owed = self.gross + self.rounding
        if self.takes_back:
            return -owed if self.is_paid else NOTHING
        return NOTHING if self.is_paid else owed

    def kept(self) -> dict[str, Any]:
        """The paper as it is kept: JSON with plain decimal and ISO texts."""
        return {name: _plain_data(value) for name, value in asdict(self).items()}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """The paper that was kept, by this version or an earlier one."""
        values = _known(cls, kept)
        values |= {name: dt.date.fromisoformat(values[name]) for name in DAYS if values.get(name)}
        values |= {name: Decimal(values[name]) for name in AMOUNTS if values.get(name) is not None}
        delivery = values.get("delivery")
        return cls(
            **{
                **values,
                "supplier": Party.of(kept["supplier"]),
                "customer": Party.of(kept["customer"]),
                "delivery": Party.of(delivery) if delivery else None,
                "lines": tuple(PaperLine.of(line) for line in kept["lines"]),
                "rates": tuple(Rate(*map(Decimal, rate)) for rate in kept["rates"]),
                "remarks": tuple(values.get("remarks", ())),
            }
        )


def _known(kind: Any, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the kept values that this version knows."""
    return {field.name: kept[field.name] for field in fields(kind) if field.name in kept}


def _plain_data(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain_data(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_data(part) for part in value]
    return value
