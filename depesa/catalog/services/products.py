"""Enter and change products; every change stands in the history."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from depesa.catalog.models import Price, PriceList, Product
from depesa.core import blobs
from depesa.core.errors import Faults, StaleState
from depesa.core.languages import codes
from depesa.core.money import SCALE
from depesa.core.reasons import gettext as _
from depesa.history.services import Fact, record
from depesa.staff.models import User

FIELDS: Final = (
    "code", "names", "descriptions", "category", "unit", "price", "vat_rate", "stock", "is_active", "position",
)  # fmt: skip


def create(values: Mapping[str, Any], *, by: User | None, origin: str = "") -> Product:
    """A new product with its history; Faults names the wrong fields."""
    return create_many([values], by=by, origin=origin)[0]


def create_many(rows: Sequence[Mapping[str, Any]], *, by: User | None, origin: str = "") -> list[Product]:
    """New products with their history; Faults names the wrong fields of the first wrong one."""
    products = [Product(**_sound(values)) for values in rows]
    codes = [product.code for product in products]
    if len(set(codes)) != len(codes) or Product.objects.filter(code__in=codes).exists():
        raise Faults({"code": _("Another product has this code.")})
    with transaction.atomic():
        Product.objects.bulk_create(products)
        record([_fact("product-entered", product, after=_told(product)) for product in products], by=by, origin=origin)
    return products


def change(product: Product, values: Mapping[str, Any], *, version: int, by: User | None) -> Product:
    """Change the product as somebody saw it in this version; StaleState when it has changed since."""
    sound = _sound(values)
    with transaction.atomic():
        row = Product.objects.select_for_update().get(pk=product.pk)
        if row.version != version:
            raise StaleState
        if Product.objects.filter(code=sound.get("code", row.code)).exclude(pk=row.pk).exists():
            raise Faults({"code": _("Another product has this code.")})
        before = _told(row)
        for name, value in sound.items():
            setattr(row, name, value)
        after = _told(row)
        changed = [name for name in after if before[name] != after[name]]
        if changed:
            row.version += 1
            row.save()
            told = {name: before[name] for name in changed}, {name: after[name] for name in changed}
            record([_fact("product-changed", row, *told)], by=by)
    return row


def set_picture(product: Product, content: bytes | None, *, by: User | None) -> None:
    """Give the product this picture (see company.services.cleaned_logo), or none."""
    with transaction.atomic():
        row = Product.objects.select_for_update().get(pk=product.pk)
        before = row.image.sha256 if row.image else ""
        row.image = blobs.keep(content) if content else None
        after = row.image.sha256 if row.image else ""
        if before != after:
            row.save(update_fields=["image"])
            record([_fact("product-changed", row, {"picture": before}, {"picture": after})], by=by)


def set_prices(product: Product, wanted: Mapping[PriceList, Decimal | None], *, by: User | None) -> None:
    """What the product costs in these lists; None: it has no price of its own there."""
    lists = {each.pk: each for each in wanted if not each.is_default}
    with transaction.atomic():
        rows = Price.objects.filter(product=product, price_list__in=lists).select_for_update()
        known = {row.price_list_id: row for row in rows}
        before, after = {}, {}
        for price_list, price in wanted.items():
            row = known.get(price_list.pk)
            if price_list.is_default or (row.price if row else None) == price:
                continue
            before[price_list.name], after[price_list.name] = _amount(row.price if row else None), _amount(price)
            if price is None:
                Price.objects.filter(product=product, price_list=price_list).delete()
            else:
                Price.objects.update_or_create(
                    product=product, price_list=price_list, defaults={"price": _sound_price(price)}
                )
        if after:
            record([_fact("product-changed", product, before, after)], by=by)


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
        faults["names"] = _("The shop speaks English, Czech and Lithuanian.")
    if "code" in sound and not sound["code"].strip():
        faults["code"] = _("Write a code.")
    if (price := sound.get("price")) is not None and not _is_price(price):
        faults["price"] = _("A price is zero or more, with at most four decimals.")
    if faults:
        raise Faults(faults)
    return sound


def _sound_price(price: Decimal) -> Any:
    if not _is_price(price):
        raise Faults({"price": _("A price is zero or more, with at most four decimals.")})
    return price


def _is_price(price: Decimal) -> bool:
    return price.is_finite() and price >= 0 and -int(price.normalize().as_tuple().exponent) <= SCALE


def _told(product: Product) -> dict[str, Any]:
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
    }


def _amount(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _fact(event: str, product: Product, before: Any = None, after: Any = None) -> Fact:
    return Fact(event=f"catalog.{event}", subject=product.ref, before=before, after=after)
