"""Price lists and categories."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from depesa.catalog.models import Category, PriceList, Product
from depesa.catalog.queries import default_price_list
from depesa.core.errors import Faults
from depesa.core.reasons import gettext as _
from depesa.core.records import Ref
from depesa.history.services import Fact, record
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


def save_price_list(price_list: PriceList, values: Mapping[str, Any], *, by: User | None) -> PriceList:
    """Keep a new or changed price list; making it the default one takes that from the other."""
    with transaction.atomic():
        row = PriceList.objects.select_for_update().filter(pk=price_list.pk).first() or PriceList()
        before = _told(row, LIST_FIELDS) if row.pk else None
        for name in LIST_FIELDS:
            if name in values:
                setattr(row, name, values[name])
        _check_list(row, before)
        if row.is_default:
            PriceList.objects.filter(is_default=True).exclude(pk=row.pk).update(is_default=False)
        row.save()
        _record("price-list-saved", row.ref, before, _told(row, LIST_FIELDS), by)
    return row


def save_category(category: Category, values: Mapping[str, Any], *, by: User | None) -> Category:
    """Keep a new or changed category."""
    with transaction.atomic():
        row = Category.objects.select_for_update().filter(pk=category.pk).first() or Category()
        before = _told(row, CATEGORY_FIELDS) if row.pk else None
        for name in CATEGORY_FIELDS:
            if name in values:
                setattr(row, name, values[name])
        row.names = {language: text.strip() for language, text in row.names.items() if text.strip()}
        if not row.names:
            raise Faults({"names": _("Write the name in at least one language.")})
        if Category.objects.filter(code=row.code).exclude(pk=row.pk).exists():
            raise Faults({"code": _("Another category has this code.")})
        row.save()
        _record("category-saved", row.ref, before, _told(row, CATEGORY_FIELDS), by)
    return row


def _check_list(row: PriceList, before: dict[str, Any] | None) -> None:
    if PriceList.objects.filter(code=row.code).exclude(pk=row.pk).exists():
        raise Faults({"code": _("Another price list has this code.")})
    if before and before["is_default"] and not row.is_default:
        raise Faults({"is_default": _("One list is the default one: make another list the default instead.")})
    usual = default_price_list()
    has_products = Product.objects.exists()
    if row.is_default and usual.pk and usual.currency != row.currency and has_products:
        sentence = _("The products' prices are in %(currency)s. The default list keeps this currency.")
        raise Faults({"currency": sentence % {"currency": usual.currency}})


def _told(row: PriceList | Category, names: tuple[str, ...]) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in names}
    texts = found.pop("names", {})
    return {**found, **{f"name, {language}": text for language, text in sorted(texts.items())}}


def _record(event: str, subject: Ref, before: dict[str, Any] | None, after: dict[str, Any], by: User | None) -> None:
    if before != after:
        record([Fact(event=f"catalog.{event}", subject=subject, before=before, after=after)], by=by)
