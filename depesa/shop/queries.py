"""Reads of the shop: its settings, what it offers, a visitor's cart, a customer's orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.core import signing
from django.db.models import QuerySet

from depesa.catalog.models import PriceList, Product
from depesa.catalog.queries import default_price_list, prices
from depesa.catalog.rules import with_vat, without_vat
from depesa.company.queries import current
from depesa.core.inputs import read_keys
from depesa.core.languages import formatter, spoken
from depesa.core.money import digits_of, rounded
from depesa.core.reasons import gettext as _
from depesa.documents.rules import sum_up
from depesa.orders.models import Order, OrderDocument, PaymentKind
from depesa.orders.rules import StateType
from depesa.shop.models import Account, PaymentMethod, ShippingMethod, Shop, Way

MOST_OF_ONE = 9999
MOST_LINES = 100
_REVIEW: Final = "depesa.shop.review"


def the_shop() -> Shop:
    """The shop's settings; a new installation has a closed one."""
    found, _made = Shop.objects.get_or_create(pk=1)
    return found


def name_of(shop: Shop) -> str:
    """How the shop is called."""
    return shop.name or current().name


@dataclass(frozen=True, slots=True)
class Money:
    """How the shop counts for a visitor: the price list, its currency, with or without VAT."""

    price_list: PriceList
    currency: str
    includes_vat: bool


def money_for(account: Account | None) -> Money:
    """The price list of the account's customer if it is in the shop's currency, else the default one."""
    usual = default_price_list()
    own: PriceList | None = getattr(account.customer, "price_list", None) if account else None
    chosen = own if own and own.currency == usual.currency else usual
    return Money(chosen, chosen.currency, chosen.includes_vat)


@dataclass(frozen=True, slots=True)
class Offer:
    """A product with its price for the visitor."""

    product: Product
    price: Decimal

    @property
    def is_sold_out(self) -> bool:
        """Whether not even one can be had."""
        return not self.product.has_stock_for(Decimal(1))


def offers(products: Sequence[Product], money: Money) -> list[Offer]:
    """The products that are sold in the visitor's list, with their prices."""
    known = prices(products, money.price_list)
    return [Offer(product, known[product.pk]) for product in products if product.pk in known]


@dataclass(frozen=True, slots=True)
class Line:
    """One product in a cart. `fault` says why so many cannot be had."""

    product: Product
    quantity: int
    price: Decimal
    currency: str
    fault: str = ""

    @property
    def vat_rate(self) -> Decimal:
        """In percent."""
        return self.product.vat_rate

    @property
    def total(self) -> Decimal:
        """Of all of it."""
        return rounded(self.price * self.quantity, self.currency)


@dataclass(frozen=True, slots=True)
class Cart:
    """What the visitor has chosen, with the prices of now."""

    lines: Sequence[Line]
    money: Money

    @property
    def count(self) -> int:
        """How many pieces."""
        return sum(line.quantity for line in self.lines)

    @property
    def total(self) -> Decimal:
        """What the goods cost, as the price list counts."""
        return sum((line.total for line in self.lines), Decimal(0))

    @property
    def is_orderable(self) -> bool:
        """Whether there is something in it, and all of it can be had."""
        return bool(self.lines) and not any(line.fault for line in self.lines)


def cart_of(chosen: Mapping[str, int], money: Money) -> Cart:
    """The cart of these quantities by product id; what is no longer sold is left out."""
    products = list(Product.objects.on_sale().filter(pk__in=read_keys(chosen)).order_by("position", "name_key", "pk"))
    lines = [
        Line(offer.product, quantity, offer.price, money.currency, _fault(offer.product, quantity))
        for offer in offers(products, money)
        if (quantity := chosen[str(offer.product.pk)]) > 0
    ]
    return Cart(lines, money)


def _fault(product: Product, quantity: int) -> str:
    if product.has_stock_for(Decimal(quantity)):
        return ""
    left = int(product.stock or 0)
    return _("There are only %(left)s left. Take fewer.") % {"left": left} if left > 0 else _("It is sold out.")


def way_price(way: Way, money: Money) -> Decimal:
    """What a way of delivery or payment costs in the visitor's list; its own price is as the default list counts."""
    price = Decimal(way.price)
    usual = default_price_list()
    if usual.includes_vat == money.includes_vat:
        return price
    turned = with_vat if money.includes_vat else without_vat
    return rounded(turned(price, way.vat_rate), money.currency)


@dataclass(frozen=True, slots=True)
class Review:
    """What the customer is shown before ordering: each line with its price, the ways, and the whole sum."""

    cart: Cart
    ways: Sequence[Way]

    @property
    def priced_ways(self) -> list[tuple[Way, Decimal]]:
        """The ways of delivery and payment with what they cost."""
        return [(way, way_price(way, self.cart.money)) for way in self.ways]

    @property
    def total(self) -> Decimal:
        """The whole sum, VAT included."""
        return total_with(self.cart, self.ways)

    @property
    def said(self) -> dict[str, str]:
        """Everything that the page says, in words: each line, each way, the whole sum."""
        write = formatter(spoken()).money_with_sign
        currency = self.cart.money.currency
        goods = {
            f"{line.product.name} ({line.product.code})": f"{line.quantity} × {write(line.price, currency)}"
            for line in self.cart.lines
        }
        ways = {str(way): write(price, currency) for way, price in self.priced_ways}
        return goods | ways | {_("Total, VAT included"): write(self.total, currency)}

    @property
    def token(self) -> str:
        """What the page says, signed; whoever orders sends it back."""
        return signing.dumps(self.said, salt=_REVIEW)

    def is_as(self, token: str) -> bool:
        """Whether the customer was shown exactly this."""
        return _shown(token) == self.said

    def differences(self, token: str) -> list[str]:
        """What the customer was shown otherwise, a sentence each; nothing where nothing of ours was shown."""
        said = self.said
        shown = _shown(token) or said
        names = [name for name in {**shown, **said} if shown.get(name) != said.get(name)]
        return [
            _("%(what)s: before %(before)s, now %(now)s.")
            % {"what": name, "before": shown.get(name, "–"), "now": said.get(name, "–")}
            for name in names
        ]


def _shown(token: str) -> dict[str, str] | None:
    try:
        shown: dict[str, str] = signing.loads(token, salt=_REVIEW)
    except signing.BadSignature:
        return None
    return shown


@dataclass(frozen=True, slots=True)
class _Priced:
    quantity: Decimal
    price: Decimal
    vat_rate: Decimal


def total_with(cart: Cart, ways: Sequence[Way]) -> Decimal:
    """What the order will cost, VAT included."""
    lines = [_Priced(Decimal(line.quantity), line.price, line.vat_rate) for line in cart.lines]
    lines += [_Priced(Decimal(1), way_price(way, cart.money), way.vat_rate) for way in ways if way.price]
    return sum_up(lines, digits_of(cart.money.currency), includes_vat=cart.money.includes_vat).gross


def shipping_methods() -> list[ShippingMethod]:
    """The ways of delivery that are offered."""
    return list(ShippingMethod.objects.filter(is_active=True))


def payment_methods() -> list[PaymentMethod]:
    """The ways of payment that are offered."""
    return list(PaymentMethod.objects.filter(is_active=True))


def orders_of(account: Account) -> QuerySet[Order]:
    """The orders of the account's customer, newest first."""
    present = Order.objects.present().filter(customer=account.customer_id)
    return present.select_related("state").order_by("-placed_at", "-pk")


def awaits_transfer(order: Order) -> bool:
    """Whether its customer is told where to pay: while something is owed, and its price is agreed."""
    is_owed = order.gross and not order.is_paid and not order.is_individual_shipping
    is_transfer = order.payment_kind == PaymentKind.TRANSFER
    return bool(is_owed and is_transfer and order.state.type != StateType.CANCELLED)


def documents_of(order: Order) -> list[OrderDocument]:
    """The documents of an order that its customer may have."""
    return list(OrderDocument.objects.filter(order=order).select_related("type", "paper__blob").order_by("pk"))
