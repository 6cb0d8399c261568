"""Price lists and categories."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from depesa.catalog.models import Category, PriceList, Product
from depesa.catalog.queries import default_price_list
from depesa.core.edits import Snapshot, edited, put, raised, snapshot
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
    """Keep a new price list, or one as it was seen; making it the default one takes that from the other."""

    def save(row: PriceList) -> None:
        if row.is_default:
            PriceList.objects.filter(is_default=True).exclude(pk=row.pk).update(is_default=False, **raised(by))
        row.save()

    told, tell = partial(snapshot, names=LIST_FIELDS), teller("catalog.price-list-saved", by=by)
    with edited(price_list, version, by=by, told=told, tell=tell, save=save) as row:
        was_default = bool(row.pk and row.is_default)
        put(row, values, LIST_FIELDS)
        _check_list(row, was_default=was_default)
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


def _check_list(row: PriceList, *, was_default: bool) -> None:
    if PriceList.objects.filter(code=row.code).exclude(pk=row.pk).exists():
        raise Faults({"code": _("Another price list has this code.")})
    if was_default and not row.is_default:
        raise Faults({"is_default": _("One list is the default one: make another list the default instead.")})
    usual = default_price_list()
    has_products = Product.objects.exists()
    if row.is_default and usual.pk and usual.currency != row.currency and has_products:
        sentence = _("The products' prices are in %(currency)s. The default list keeps this currency.")
        raise Faults({"currency": sentence % {"currency": usual.currency}})


def _category_told(row: Category) -> Snapshot:
    texts = {f"name, {language}": text for language, text in sorted(row.names.items())}
    return snapshot(row, (name for name in CATEGORY_FIELDS if name != "names")) | texts
