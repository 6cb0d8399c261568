"""Reads of the catalogue: which list is usual, and what a product costs in a list."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from depesa.catalog.models import Category, Price, PriceList, Product
from depesa.catalog.rules import with_vat, without_vat
from depesa.company.queries import current
from depesa.core.money import rounded


def default_price_list() -> PriceList:
    """The list that counts for whoever has no other; not stored while nothing was set up."""
    found = PriceList.objects.filter(is_default=True).first()
    return found or PriceList(code="default", name="Default", currency=current().currency, is_default=True)


def price_lists() -> list[PriceList]:
    """Every price list, the default one first."""
    return list(PriceList.objects.order_by("-is_default", "name", "pk"))


def price_of(product: Product, price_list: PriceList | None = None) -> Decimal | None:
    """What the product costs in the list (none: the default one); None where it is not sold in that list."""
    return prices([product], price_list).get(product.pk)


def prices(products: Iterable[Product], price_list: PriceList | None = None) -> Mapping[int, Decimal]:
    """What the products cost in the list, by id; one that is not sold there is missing.

    A list has prices of its own. Where it has none, the price of the default list serves, with or without VAT as the
    list says; but never in another currency.
    """
    wanted = list(products)
    usual = default_price_list()
    chosen = price_list or usual
    if chosen.is_default:
        return {product.pk: _exact(product.price) for product in wanted}
    own = _own_prices(wanted, chosen)
    if chosen.currency != usual.currency:
        return own
    return {product.pk: own.get(product.pk, _as_in(chosen, usual, product)) for product in wanted}


def _exact(amount: Any) -> Decimal:
    """The amount as it is: the type checker takes the field for a whole number."""
    return Decimal(amount)


def _own_prices(products: list[Product], price_list: PriceList) -> dict[int, Decimal]:
    rows = Price.objects.filter(price_list=price_list, product__in=[product.pk for product in products])
    return {row.product_id: _exact(row.price) for row in rows}


def _as_in(chosen: PriceList, usual: PriceList, product: Product) -> Decimal:
    if chosen.includes_vat == usual.includes_vat:
        return _exact(product.price)
    turned = with_vat if chosen.includes_vat else without_vat
    return rounded(turned(_exact(product.price), product.vat_rate), chosen.currency)


def categories_on_sale() -> QuerySet[Category]:
    """The categories that the shop shows: active, with at least one product, `count` says how many."""
    on_sale = Count("products", filter=Q(products__is_active=True))
    return (
        Category.objects.filter(is_active=True).annotate(count=on_sale).filter(count__gt=0).order_by("position", "pk")
    )


def with_codes(codes: Iterable[str]) -> Mapping[str, Product]:
    """The products of these codes, by code."""
    return {product.code: product for product in Product.objects.filter(code__in=list(codes))}
