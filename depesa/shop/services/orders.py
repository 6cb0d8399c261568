"""A cart becomes an order: once, however often it is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from depesa.core.errors import Faults, Refused
from depesa.core.reasons import gettext as _
from depesa.customers.queries import is_blocked_address
from depesa.customers.services import agree
from depesa.orders.models import Order
from depesa.orders.services import ItemDraft, OrderDraft, place
from depesa.orders.services import Way as Charged
from depesa.shop.models import Account, Checkout, PaymentMethod, ShippingMethod, Way
from depesa.shop.queries import Cart, Review, way_price
from depesa.shop.services import accounts, newsletter
from depesa.shop.services.links import ORIGIN
from depesa.staff.services import limits

PARTY: Final = ("name", "email", "phone", "street", "postcode", "city", "country", "company_code", "vat_code")
DELIVERY: Final = ("delivery_name", "delivery_street", "delivery_postcode", "delivery_city", "delivery_country")
TERMS: Final = "terms"


class CartNotOrderable(Refused):
    """Something in the cart cannot be had any more. Look at the cart."""


class NotAsReviewed(Refused):
    """Something is no longer as you saw it. Look at the whole sum again."""


class Blocked(Refused):
    """With this e-mail address we cannot take an order here. Write to us, please."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Everything that the checkout asks for."""

    key: str  # of the cart: the same cart sent twice is one order
    cart: Cart
    reviewed: str  # what the page of the whole sum said, see queries.Review
    values: Mapping[str, Any]  # of PARTY and DELIVERY, and note
    shipping: ShippingMethod
    payment: PaymentMethod
    language: str
    machine: str
    account: Account | None = None
    password: str = ""  # not empty: an account is wanted
    wants_newsletter: bool = False

    @property
    def review(self) -> Review:
        """What the page of the whole sum says now."""
        return Review(self.cart, (self.shipping, self.payment))


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order of the shop, and what was asked for beside it and had to be put off."""

    order: Order
    put_off: Sequence[str] = ()


def order(wish: Wish) -> Ordered:
    """Place the order in the visitor's language; its letter, and that of a new account, leave by themselves.

    NotAsReviewed unless goods, prices and sum are those that the visitor has seen and confirmed. What is wished
    beside the order and cannot be now is put off, and the order stands.
    """
    if known := known_order(wish.key):
        return Ordered(known)
    if not wish.cart.is_orderable:
        raise CartNotOrderable
    if not wish.review.is_as(wish.reviewed):
        raise NotAsReviewed
    values = dict(wish.values) | {"email": accounts.checked_address(wish.values["email"])}
    _check_customer(values["email"], wish.account)
    if wish.password:
        accounts.check_new_password(wish.password)
    limits.pass_through(order_machine=wish.machine, order=values["email"])
    wish, put_off = _possible(wish, values["email"])
    try:
        with transaction.atomic():
            placed = _place(wish, values)
            Checkout.objects.create(key=wish.key, order=placed)
    except IntegrityError:
        if known := known_order(wish.key):
            return Ordered(known)
        raise
    return Ordered(placed, put_off)


def _possible(wish: Wish, email: str) -> tuple[Wish, list[str]]:
    """The wish without the letters of which too many were asked for, and what has to be said of each."""
    put_off = []
    if wish.password and not _may_write(wish, email):
        wish = replace(wish, password="")
        put_off.append(_("No account was made: too many letters were asked for. Make one below in an hour."))
    if wish.wants_newsletter and not _may_write(wish, email):
        wish = replace(wish, wants_newsletter=False)
        put_off.append(_("The newsletter was not subscribed to: too many letters were asked for. Try in an hour."))
    return wish, put_off


def _may_write(wish: Wish, email: str) -> bool:
    try:
        limits.pass_through(letter_machine=wish.machine, letter=email)
    except limits.TooOften:
        return False
    return True


def known_order(key: str) -> Order | None:
    """The order that the cart of this key has become."""
    found = Checkout.objects.select_related("order").filter(key=key).first()
    return found.order if found else None


def _check_customer(email: str, account: Account | None) -> None:
    """Blocked if either the address or the account's customer may not order."""
    is_blocked = account is not None and account.customer.is_blocked
    if is_blocked or is_blocked_address(email):
        raise Blocked


def _place(wish: Wish, values: dict[str, Any]) -> Order:
    name = _("terms of sale")
    consent = {"code": TERMS, "name": name, "given_at": timezone.now().isoformat()}
    draft = OrderDraft(
        items=[_draft_of(line, wish.language) for line in wish.cart.lines],
        customer=wish.account.customer if wish.account else None,
        party={field: str(values.get(field, "")) for field in PARTY},
        delivery={field: str(values.get(field, "")) for field in DELIVERY},
        language=wish.language,
        currency=wish.cart.money.currency,
        price_list=wish.cart.money.price_list if wish.cart.money.price_list.pk else None,
        includes_vat=wish.cart.money.includes_vat,
        has_account=wish.account is not None or bool(wish.password),
        is_proven=accounts.is_owner(wish.account, values["email"]),
        shipping=_charged(wish.shipping, wish),
        is_individual_shipping=wish.shipping.is_individual,
        payment=_charged(wish.payment, wish),
        payment_kind=wish.payment.kind,
        note=str(values.get("note", "")),
        consents=[consent],
    )
    [placed] = place([draft], origin=ORIGIN)
    agree(placed.customer, code=TERMS, name=name, source=placed.number, origin=ORIGIN)
    if wish.password:
        accounts.enter(placed.email, wish.password, name=placed.name, language=placed.language, order=placed)
    if wish.wants_newsletter:
        newsletter.send_link(placed.email, language=wish.language)
    return placed


def register_with(placed: Order, password: str, *, machine: str) -> None:
    """Register an account for who has placed the order."""
    accounts.register(
        email=placed.email,
        password=password,
        name=placed.name,
        language=placed.language,
        machine=machine,
        order=placed,
    )


def _draft_of(line: Any, language: str) -> ItemDraft:
    return ItemDraft(
        text=line.product.name_in(language),
        quantity=Decimal(line.quantity),
        price=line.price,
        vat_rate=line.vat_rate,
        code=line.product.code,
        unit=line.product.unit,
        product=line.product,
    )


def _charged(way: Way, wish: Wish) -> Charged:
    price = way_price(way, wish.cart.money)
    return Charged(name=way.name_in(wish.language), code=way.code, price=price, vat_rate=way.vat_rate)


def check_address(values: Mapping[str, Any], shipping: ShippingMethod | None) -> None:
    """Faults names what of the address is missing for this way of delivery."""
    if shipping is None or not shipping.needs_address:
        return
    is_elsewhere = any(values.get(field) for field in DELIVERY)
    prefix = "delivery_" if is_elsewhere else ""
    missing = [f"{prefix}{field}" for field in ("street", "city") if not values.get(f"{prefix}{field}")]
    if missing:
        raise Faults(dict.fromkeys(missing, _("Write where the goods go, or collect them yourself.")))
