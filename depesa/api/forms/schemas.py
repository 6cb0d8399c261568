"""What programs send and get, checked before anything is done with it."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from depesa.core.languages import codes
from depesa.orders.models import ItemKind, PaymentKind


def _writable(text: str) -> str:
    """Refuse what no database keeps: NUL and halves of characters."""
    if "\0" in text or any(0xD800 <= ord(c) < 0xE000 for c in text):
        raise ValueError("this text has characters that cannot be kept")
    return text


def _language(code: str) -> str:
    """Refuse a language that is not ours."""
    if code not in codes():
        *others, last = (f"'{known}'" for known in codes())
        expected = f"{', '.join(others)} or {last}"
        raise PydanticCustomError("literal_error", "Input should be {expected}", {"expected": expected})
    return code


def _of_ours(schema: dict[str, Any]) -> None:
    """Name the languages in the schema: those that are there when it is asked for."""
    schema["enum"] = codes()


Kept = AfterValidator(_writable)
Short = Annotated[str, StringConstraints(max_length=40), Kept]
Line = Annotated[str, StringConstraints(max_length=100), Kept]
Name = Annotated[str, StringConstraints(max_length=200), Kept]
Long = Annotated[str, StringConstraints(max_length=5000), Kept]
Amount = Annotated[Decimal, Field(max_digits=14, decimal_places=4)]
Day = Annotated[dt.date, Field(ge=dt.date(2000, 1, 1), le=dt.date(2099, 12, 31))]
Speech = Annotated[str, AfterValidator(_language), Field(json_schema_extra=_of_ours)]
Kind = Literal["product", "discount", "shipping", "payment", "fee", "rounding"]
Payment = Literal["transfer", "cash-on-delivery", "other"]
assert set(ItemKind.values) == {"product", "discount", "shipping", "payment", "fee", "rounding"}  # noqa: S101
assert set(PaymentKind.values) == {"transfer", "cash-on-delivery", "other"}  # noqa: S101


class Sent(Schema):
    """A body: a field that is not known is a mistake of spelling, so it is refused."""

    model_config = ConfigDict(extra="forbid")


class ErrorOut(Schema):
    """One thing that is wrong, in a sentence."""

    field: str
    message: str


class Errors(Schema):
    """Why nothing was done."""

    errors: list[ErrorOut]


class ItemIn(Sent):
    """A line of an order; with the code of a product its text, unit and VAT rate may be left out."""

    code: Annotated[str, StringConstraints(max_length=60), Kept] = ""
    text: Annotated[str, StringConstraints(max_length=500), Kept] = ""
    quantity: Amount = Decimal(1)
    unit: Annotated[str, StringConstraints(max_length=20), Kept] = ""
    price: Amount
    vat_rate: Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)] | None = None
    kind: Kind = "product"


class WayIn(Sent):
    """Shipping or payment with its price. Without a VAT rate it has that of most of the goods."""

    name: Line
    code: Short = ""
    price: Amount = Decimal(0)
    vat_rate: Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)] | None = None


class PartyIn(Sent):
    """Who orders: the customer of this code, else the one with this e-mail address and this company code or name, else
    a new one. An address that no letter can go to is kept as it was told, and the order says what is wrong with it.
    """

    code: Short = ""
    name: Name = ""
    company_code: Annotated[str, StringConstraints(max_length=32), Kept] = ""
    vat_code: Annotated[str, StringConstraints(max_length=32), Kept] = ""
    street: Name = ""
    postcode: Annotated[str, StringConstraints(max_length=20), Kept] = ""
    city: Line = ""
    country: Annotated[str, StringConstraints(max_length=60), Kept] = ""
    email: Annotated[str, StringConstraints(max_length=254), Kept] = ""
    phone: Short = ""
    salutation: Line = ""


class DeliveryIn(Sent):
    """Where it goes, if not to the billing address."""

    name: Name = ""
    street: Name = ""
    postcode: Annotated[str, StringConstraints(max_length=20), Kept] = ""
    city: Line = ""
    country: Annotated[str, StringConstraints(max_length=60), Kept] = ""


class OrderIn(Sent):
    """An order to be placed."""

    customer: PartyIn
    delivery: DeliveryIn = DeliveryIn()
    items: Annotated[list[ItemIn], Field(min_length=1, max_length=1000)]
    number: Short = ""
    external_number: Annotated[str, StringConstraints(max_length=60), Kept] = ""
    language: Speech | None = None
    currency: Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")] | None = None
    includes_vat: bool = False
    is_reverse_charge: bool = False
    has_account: bool = False
    shipping: WayIn | None = None
    is_individual_shipping: bool = False
    payment: WayIn | None = None
    payment_kind: Payment = "other"
    variable_symbol: Annotated[str, StringConstraints(pattern="^[0-9]{0,10}$")] = ""
    note: Long = ""
    send_emails: bool = True


class OrderPatch(Sent):
    """What is to be changed; what is left out stays."""

    state: Short | None = None
    paid: bool | None = None
    resolved: bool | None = None
    tracking_code: Line | None = None
    tracking_url: Annotated[str, StringConstraints(max_length=300), Kept] | None = None
    external_number: Annotated[str, StringConstraints(max_length=60), Kept] | None = None
    variable_symbol: Annotated[str, StringConstraints(pattern="^[0-9]{0,10}$")] | None = None
    note: Long | None = None
    send_emails: bool = True


class ItemOut(Schema):
    """A line of an order."""

    kind: str
    code: str
    text: str
    quantity: str
    unit: str
    price: str
    vat_rate: str
    total: str


class DocumentOut(Schema):
    """A document of an order; `is_ready`: its PDF can be fetched."""

    id: int
    type: str
    number: str
    language: str
    issued_on: str
    due_on: str | None
    tax_on: str | None
    variable_symbol: str
    currency: str
    gross: str
    revision: int
    is_ready: bool
    problem: str
    order: str


class OrderOut(Schema):
    """An order; amounts are texts, so that no cent is lost on the way."""

    number: str
    external_number: str
    origin: str
    differs: str
    customer: str
    state: str
    placed_at: str
    paid_at: str | None
    resolved_at: str | None
    changed_at: str
    language: str
    currency: str
    includes_vat: bool
    is_reverse_charge: bool
    has_account: bool
    name: str
    person: str
    company_code: str
    vat_code: str
    street: str
    postcode: str
    city: str
    country: str
    email: str
    email_fault: str
    phone: str
    salutation: str
    delivery_name: str
    delivery_street: str
    delivery_postcode: str
    delivery_city: str
    delivery_country: str
    note: str
    shipping_code: str
    shipping_name: str
    is_individual_shipping: bool
    payment_code: str
    payment_name: str
    payment_kind: str
    variable_symbol: str
    tracking_code: str
    tracking_url: str
    net: str
    vat: str
    gross: str
    items: list[ItemOut]
    documents: list[DocumentOut]


class OrdersOut(Schema):
    """A page of orders, newest first; `next` is the `after` of the following page, empty on the last one."""

    items: list[OrderOut]
    next: str


class DocumentIn(Sent):
    """A document to be generated; what is left out gets its usual value."""

    type: Short
    issued_on: Day | None = None
    due_on: Day | None = None
    tax_on: Day | None = None
    variable_symbol: Annotated[str, StringConstraints(pattern="^[0-9]{0,10}$")] = ""
    language: Speech | None = None
    send_emails: bool = True


class NoteIn(Sent):
    """What another system says about an order; longer texts are cut to 50 and 500 characters."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=1000), Kept]
    value: Annotated[str, StringConstraints(max_length=10_000), Kept] = ""


class EntryOut(Schema):
    """One entry of the history."""

    id: int
    at: str
    event: str
    by: str
    through: str
    before: Any
    after: Any
    note: str


class HistoryOut(Schema):
    """A page of the history, newest first."""

    items: list[EntryOut]
    next: str


class CustomerIn(Sent):
    """A customer to be entered."""

    code: Short = ""
    name: Annotated[str, StringConstraints(min_length=1, max_length=200), Kept]
    email: Annotated[str, StringConstraints(max_length=254), Kept] = ""
    kind: Literal["contact", "customer", "company"] = "contact"
    company_code: Annotated[str, StringConstraints(max_length=32), Kept] = ""
    vat_code: Annotated[str, StringConstraints(max_length=32), Kept] = ""
    street: Name = ""
    postcode: Annotated[str, StringConstraints(max_length=20), Kept] = ""
    city: Line = ""
    country: Annotated[str, StringConstraints(max_length=60), Kept] = ""
    phone: Short = ""
    language: Speech | None = None
    salutation: Line = ""
    newsletter: Literal["", "yes", "no"] = ""
    send_emails: bool = True


class CustomerOut(Schema):
    """The card of a customer."""

    code: str
    name: str
    kind: str
    company_code: str
    vat_code: str
    street: str
    postcode: str
    city: str
    country: str
    email: str
    phone: str
    language: str
    salutation: str
    newsletter: str
    is_blocked: bool
    created_at: str


class CustomersOut(Schema):
    """A page of customers, newest first."""

    items: list[CustomerOut]
    next: str
