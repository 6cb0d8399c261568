"""What is known of an order before it is placed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from depesa.catalog.models import PriceList, Product
from depesa.core.errors import Faults
from depesa.core.money import digits_of
from depesa.core.reasons import gettext as _
from depesa.customers.models import Customer
from depesa.documents.rules import MOST_LINES, MOST_PRICE, MOST_QUANTITY, MOST_TOTAL, Sums, sum_up
from depesa.orders.models import Item, ItemKind, Order, PaymentKind

PARTY: Final = (
    "name", "company_code", "vat_code", "street", "postcode", "city", "country", "email", "phone", "salutation",
)  # fmt: skip
FINEST: Final = Decimal("0.0001")
DELIVERY: Final = (
    "delivery_name", "delivery_street", "delivery_postcode", "delivery_city", "delivery_country",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDraft:
    """One line: quantity above 0, price of one unit with or without VAT as the order says, VAT rate in percent."""

    text: str
    quantity: Decimal
    price: Decimal
    vat_rate: Decimal = Decimal(0)
    code: str = ""
    unit: str = ""
    kind: str = ItemKind.PRODUCT.value
    product: Product | None = None
    invoice_note: str = ""
    told: tuple[Decimal, Decimal] | None = None  # net and VAT of the whole line, where another shop has fixed them


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way of shipping or paying as it was offered, with its price. Its VAT rate is that of most of the goods, unless
    given: it shares the treatment of what it is ancillary to (CJEU C-349/96, Card Protection Plan).
    """

    name: str
    code: str = ""
    price: Decimal = Decimal(0)
    vat_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft:
    """An order to be placed. `party` and `delivery` are the snapshot (see PARTY and DELIVERY); what is missing there
    comes from the customer's card. Without `customer` the card with the same e-mail and company code or name is found,
    or a contact is made.
    """

    items: Sequence[ItemDraft]
    customer: Customer | None = None
    party: Mapping[str, str] = field(default_factory=dict)
    delivery: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    currency: str = ""
    price_list: PriceList | None = None
    includes_vat: bool = False
    is_reverse_charge: bool = False
    has_account: bool = False
    is_proven: bool = True  # else letters repeat nothing that whoever ordered could have written to somebody else
    shipping: Way | None = None
    is_individual_shipping: bool = False
    is_paid: bool = False
    is_cancelled: bool = False
    elsewhere: str = ""  # the name of the shop where it was placed
    differs: str = ""  # what that shop says otherwise
    told_more: Mapping[str, str] = field(default_factory=dict)  # what else it told, by its own names
    person: str = ""  # at the firm that orders
    paid_at: dt.datetime | None = None
    payment: Way | None = None
    payment_kind: str = PaymentKind.OTHER.value
    note: str = ""
    internal_note: str = ""
    consents: Sequence[Mapping[str, Any]] = ()
    number: str = ""
    external_number: str = ""
    variable_symbol: str = ""
    placed_at: dt.datetime | None = None
    content_hash: str = ""


def items_of(draft: OrderDraft) -> list[ItemDraft]:
    """The lines with shipping and payment, as lines of their own."""
    found = list(draft.items)
    for way, kind in ((draft.shipping, ItemKind.SHIPPING), (draft.payment, ItemKind.PAYMENT)):
        if way and way.price:
            found.append(
                ItemDraft(
                    text=way.name,
                    quantity=Decimal(1),
                    price=way.price,
                    vat_rate=main_rate(draft.items) if way.vat_rate is None else way.vat_rate,
                    code=way.code,
                    kind=kind.value,
                )
            )
    return found


def main_rate(items: Sequence[ItemDraft]) -> Decimal:
    """The VAT rate of most of the goods, by what they cost."""
    sums: dict[Decimal, Decimal] = {}
    for item in items:
        sums[item.vat_rate] = sums.get(item.vat_rate, Decimal(0)) + item.quantity * item.price
    return max(sums, key=lambda rate: sums[rate], default=Decimal(0))


def check_items(items: Sequence[ItemDraft], currency: str, *, includes_vat: bool) -> Sums:
    """What the lines add up to; Faults names the line that is wrong."""
    if not items:
        raise Faults({"items": _("Write at least one item.")})
    if len(items) > MOST_LINES:
        raise Faults({"items": _("An order has at most %(n)s items.") % {"n": MOST_LINES}})
    for number, item in enumerate(items, start=1):
        if problem := _item_fault(item):
            raise Faults({"items": _("Line %(n)s: %(problem)s") % {"n": number, "problem": problem}})
    sums = sum_up(items, digits_of(currency), includes_vat=includes_vat)
    if sums.gross < 0:
        raise Faults({"items": _("The order adds up to less than zero. Look at the discounts.")})
    if sums.gross > MOST_TOTAL:
        raise Faults({"items": _("The order adds up to more than %(n)s.") % {"n": MOST_TOTAL}})
    return sums


def _item_fault(item: ItemDraft) -> str:
    if not item.text.strip():
        return _("write what is sold.")
    if item.quantity <= 0:
        return _("the quantity is above 0; what is taken back is a credit note.")
    if item.quantity > MOST_QUANTITY:
        return _("the quantity is at most %(n)s.") % {"n": MOST_QUANTITY}
    if abs(item.price) > MOST_PRICE:
        return _("the price is at most %(n)s.") % {"n": MOST_PRICE}
    if item.price < 0 and item.kind not in (ItemKind.DISCOUNT, ItemKind.ROUNDING):
        return _("a price below 0 is a discount; choose that kind of line.")
    if not 0 <= item.vat_rate <= 100:
        return _("the VAT rate lies between 0 and 100.")
    if any(value != value.quantize(FINEST) for value in (item.quantity, item.price)):
        return _("at most 4 decimals.")
    return ""


def item_rows(order: Order, items: Sequence[ItemDraft]) -> list[Item]:
    """The lines as rows of the order."""
    rows = []
    for position, item in enumerate(items):
        row = Item(order=order, position=position, kind=item.kind, product=item.product)
        row.code, row.text, row.unit = item.code[:60], item.text.strip()[:500], item.unit[:20]
        row.quantity, row.price, row.vat_rate = item.quantity, item.price, item.vat_rate
        row.told_net, row.told_vat = item.told or (None, None)
        row.invoice_note = item.invoice_note[:300]
        rows.append(row)
    return rows
