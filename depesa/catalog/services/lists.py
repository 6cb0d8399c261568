"""Price lists and categories."""

from collections.abc import Mapping, Sequence
from copy import copy
from functools import partial
from typing import Any, Final

from depesa.catalog.models import Category, Price, PriceList, Product
from depesa.catalog.queries import default_price_list, prices
from depesa.core.edits import RAISED, Snapshot, edited, put, raise_version, raised, snapshot
from depesa.core.errors import Faults
from depesa.core.reasons import gettext as _
from depesa.history.services import teller
from depesa.staff.models import User

LIST_FIELDS: Final = ("code", "name", "currency", "includes_vat", "is_default")
CATEGORY_FIELDS: Final = ("code", "names", "position", "is_active")


def ensure_default_list() -> PriceList:
    """The default price list, stored: in the company's currency, VAT included, if nobody set one up."""
    usual = default_price_list()
    if usual.pk:
        return usual
    found, _made = PriceList.objects.get_or_create(
        is_default=True, defaults={"code": usual.code, "name": usual.name, "currency": usual.currency}
    )
    return found


def save_price_list(
    price_list: PriceList, values: Mapping[str, Any], *, by: User | None, version: int | None = None
) -> PriceList:
    """Keep a new price list, or one as it was seen; making it the default one takes that from the other.

    No price changes by that: what a product costs in each list is carried over.
    """

    def save(row: PriceList) -> None:
        others = PriceList.objects.filter(is_default=True).exclude(pk=row.pk)
        is_taking_over = row.is_default and others.exists()
        row.is_default = row.is_default and not is_taking_over
        row.save()
        if not is_taking_over:
            return
        products = list(Product.objects.select_for_update(of=("self",), no_key=True).order_by("pk"))
        cost = prices(products, row)
        before: dict[PriceList, Mapping[int, Any]] = {
            each: prices(products, each) for each in PriceList.objects.exclude(pk=row.pk)
        }
        others.update(is_default=False, **raised(by))
        row.is_default = True
        row.save()
        _carry_over(products, row, cost, by)
        for each, costs in before.items():
            each.refresh_from_db()
            now = prices(products, each)
            missing = [
                Price(price_list=each, product_id=pk, price=costs[pk]) for pk in costs if now.get(pk) != costs[pk]
            ]
            Price.objects.bulk_create(missing, batch_size=500)

    told, tell = partial(snapshot, names=LIST_FIELDS), teller("catalog.price-list-saved", by=by)
    with edited(price_list, version, by=by, told=told, tell=tell, save=save) as row:
        was = copy(row)
        put(row, values, LIST_FIELDS)
        _check_list(row, was)
    return row


def save_category(
    category: Category, values: Mapping[str, Any], *, by: User | None, version: int | None = None
) -> Category:
    """Keep a new category, or one as it was seen."""
    tell = teller("catalog.category-saved", by=by)
    with edited(category, version, by=by, told=_category_told, tell=tell) as row:
        put(row, values, CATEGORY_FIELDS)
        row.names = {language: text.strip() for language, text in row.names.items() if text.strip()}
        if not row.names:
            raise Faults({"names": _("Write the name in at least one language.")})
        if Category.objects.filter(code=row.code).exclude(pk=row.pk).exists():
            raise Faults({"code": _("Another category has this code.")})
    return row


def _carry_over(products: Sequence[Product], usual: PriceList, cost: Mapping[int, Any], by: User | None) -> None:
    """Let every product cost in the new default list what it cost there before."""
    moved = [product for product in products if product.price != cost[product.pk]]
    for product in moved:
        product.price = cost[product.pk]
        raise_version(product, by)
    Product.objects.bulk_update(moved, ["price", *RAISED], batch_size=500)
    Price.objects.filter(price_list=usual).delete()


def _check_list(row: PriceList, was: PriceList) -> None:
    if PriceList.objects.filter(code=row.code).exclude(pk=row.pk).exists():
        raise Faults({"code": _("Another price list has this code.")})
    if was.pk and was.is_default and not row.is_default:
        raise Faults({"is_default": _("One list is the default one: make another list the default instead.")})
    usual = default_price_list()
    if row.is_default and usual.pk and Product.objects.exists():
        if usual.currency != row.currency:
            sentence = _("The products' prices are in %(currency)s. The default list keeps this currency.")
            raise Faults({"currency": sentence % {"currency": usual.currency}})
        if usual.includes_vat != row.includes_vat:
            raise Faults({"includes_vat": _("The default list keeps counting as it does, with or without VAT.")})
    if was.pk and row.prices.exists() and (was.currency, was.includes_vat) != (row.currency, row.includes_vat):
        name = "currency" if was.currency != row.currency else "includes_vat"
        raise Faults({name: _("The list has prices of its own, and they would mean another sum. Make a new list.")})


def _category_told(row: Category) -> Snapshot:
    texts = {f"name, {language}": text for language, text in sorted(row.names.items())}
    return snapshot(row, (name for name in CATEGORY_FIELDS if name != "names")) | texts
