"""Enter and change products; every change stands in the history."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from depesa.catalog.models import Price, PriceList, Product
from depesa.core import blobs
from depesa.core.edits import Overtaken, edited
from depesa.core.errors import DomainError, Faults, raise_faults
from depesa.core.languages import codes
from depesa.core.money import SCALE
from depesa.core.reasons import gettext as _
from depesa.history.services import fact_of, record, teller
from depesa.staff.models import User

FIELDS: Final = (
    "code", "names", "descriptions", "category", "unit", "price", "vat_rate", "stock", "is_active", "position",
)  # fmt: skip


class StockMoved(Overtaken):
    """What is in stock has changed since you opened the page. Look at it, count, then save again."""

    def __init__(self, now: Product) -> None:
        super().__init__(now)
        DomainError.__init__(self)


def create(values: Mapping[str, Any], *, by: User | None, origin: str = "") -> Product:
    """A new product with its history; Faults names the wrong fields."""
    return create_many([values], by=by, origin=origin)[0]


def create_many(rows: Sequence[Mapping[str, Any]], *, by: User | None, origin: str = "") -> list[Product]:
    """New products with their history; Faults names the wrong fields of the first wrong one."""
    products = [_put(Product(), values) for values in rows]
    codes = [product.code for product in products]
    if len(set(codes)) != len(codes) or Product.objects.filter(code__in=codes).exists():
        raise Faults({"code": _("Another product has this code.")})
    with transaction.atomic():
        Product.objects.bulk_create(products)
        for product, values in zip(products, rows, strict=True):
            _put_prices(product, values.get("prices", {}))
        facts = [fact_of(each, "catalog.product-entered", after=_product_told(each)) for each in products]
        record(facts, by=by, origin=origin)
    return products


def change(product: Product, values: Mapping[str, Any], *, version: int | None, by: User | None) -> Product:
    """Change the product as somebody saw it in this version; Overtaken when it has changed since.

    `picture` among the values is a new one (see company.services.cleaned_logo), or None for none; `prices` what it
    costs in other lists, None where it has no price of its own. "stock_seen" is the stock that somebody saw who types
    another one: StockMoved when something was sold or came back since.
    """
    tell = teller("catalog.product-changed", by=by)
    with edited(product, version, by=by, told=_product_told, tell=tell) as row:
        if "stock_seen" in values and "stock" in values and values["stock_seen"] != row.stock:
            raise StockMoved(row)
        _put(row, values)
        if Product.objects.filter(code=row.code).exclude(pk=row.pk).exists():
            raise Faults({"code": _("Another product has this code.")})
        _put_prices(row, values.get("prices", {}))
    return row


def _put(product: Product, values: Mapping[str, Any]) -> Product:
    for name, value in _sound(values).items():
        setattr(product, name, value)
    if "picture" in values:
        product.image = blobs.keep(values["picture"]) if values["picture"] else None
    return product


def _put_prices(product: Product, wanted: Mapping[PriceList, Decimal | None]) -> None:
    for price_list, price in wanted.items():
        own = Price.objects.filter(product=product, price_list=price_list)
        if price_list.is_default:
            continue
        if price is None:
            own.delete()
        elif not own.update(price=_sound_price(price)):
            Price.objects.create(product=product, price_list=price_list, price=_sound_price(price))


def _sound(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are kept, or Faults."""
    sound = {name: values[name] for name in FIELDS if name in values}
    faults = {}
    for name in ("names", "descriptions"):
        if name in sound:
            sound[name] = {code: text.strip() for code, text in sound[name].items() if text.strip()}
    if "names" in sound and not sound["names"]:
        faults["names"] = _("Write the name in at least one language.")
    if set(sound.get("names", ())) - set(codes()):
        faults["names"] = _("Choose one of: %(known)s.") % {"known": ", ".join(codes())}
    if "code" in sound and not sound["code"].strip():
        faults["code"] = _("Write a code.")
    if (price := sound.get("price")) is not None and not _is_price(price):
        faults["price"] = _("A price is zero or more, with at most four decimals.")
    raise_faults(faults)
    return sound


def _sound_price(price: Decimal) -> Any:
    if not _is_price(price):
        raise Faults({"price": _("A price is zero or more, with at most four decimals.")})
    return price


def _is_price(price: Decimal) -> bool:
    return price.is_finite() and price >= 0 and -int(price.normalize().as_tuple().exponent) <= SCALE


def _product_told(product: Product) -> dict[str, Any]:
    names = {f"name, {language}": text for language, text in sorted(product.names.items())}
    texts = {f"description, {language}": text for language, text in sorted(product.descriptions.items())}
    blank = {f"{what}, {language}": "" for what in ("name", "description") for language in codes()}
    return {
        "code": product.code,
        **blank,
        **names,
        **texts,
        "category": product.category.code if product.category else "",
        "unit": product.unit,
        "price": _amount(product.price),
        "vat_rate": _amount(product.vat_rate),
        "stock": _amount(product.stock),
        "is_active": product.is_active,
        "shown_at": product.position,
        "picture": product.image.sha256 if product.image else "",
        **{own.price_list.name: _amount(own.price) for own in product.prices.select_related("price_list")},
    }


def _amount(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"
