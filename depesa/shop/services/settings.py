"""Change the shop's settings and its ways of delivery and payment; the history tells of it."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.db import transaction

from depesa.core.edits import Snapshot, edited
from depesa.core.errors import Faults
from depesa.core.reasons import gettext as _
from depesa.core.records import Ref
from depesa.history.services import Fact, record
from depesa.shop.models import PaymentMethod, ShippingMethod, Shop, new_secret
from depesa.shop.queries import the_shop
from depesa.staff.models import User

FIELDS: Final = ("name", "is_open", "terms")
WAY_FIELDS: Final = ("code", "kind", "names", "price", "vat_rate", "position", "is_active")


def save_shop(values: Mapping[str, Any], *, by: User | None, version: int | None = None) -> None:
    """Keep the shop's name, whether it is open, and the terms of sale, as somebody saw them."""
    with edited(the_shop(), version, by=by, told=_shop_told, tell=partial(_tell_saved, by=by)) as shop:
        for name in FIELDS:
            if name in values:
                setattr(shop, name, values[name])


def renew_secret(*, by: User | None) -> None:
    """A new secret for the messages of the payment gateway; the old one is worth nothing from now on."""
    with transaction.atomic():
        shop = the_shop()
        shop.secret = new_secret()
        shop.save(update_fields=["secret"])
        _tell("shop.secret-renewed", shop.ref, None, None, by)


def save_way(
    way: ShippingMethod | PaymentMethod, values: Mapping[str, Any], *, by: User | None, version: int | None = None
) -> None:
    """Keep a new way of delivery or payment, or one as it was seen; orders keep the words and prices they have."""
    with edited(way, version, by=by, told=_told, tell=partial(_tell_saved, by=by)) as row:
        for name in WAY_FIELDS:
            if name in values:
                setattr(row, name, values[name])
        row.names = {language: text.strip() for language, text in row.names.items() if text.strip()}
        if not row.names:
            raise Faults({"names": _("Write the name in at least one language.")})
        if type(row)._default_manager.filter(code=row.code).exclude(pk=row.pk).exists():
            raise Faults({"code": _("Another one has this code.")})


def _shop_told(shop: Shop) -> Snapshot:
    return {name: getattr(shop, name) for name in FIELDS}


def _told(way: ShippingMethod | PaymentMethod) -> dict[str, Any]:
    told = {name: getattr(way, name) for name in WAY_FIELDS if name not in ("names", "price", "vat_rate")}
    names = {f"name, {language}": text for language, text in sorted(way.names.items())}
    return {**told, **names, "price": f"{way.price.normalize():f}", "vat_rate": f"{way.vat_rate.normalize():f}"}


def _tell_saved(
    row: Shop | ShippingMethod | PaymentMethod, before: Snapshot | None, after: Snapshot, *, by: User | None
) -> None:
    _tell("shop.settings-saved" if isinstance(row, Shop) else "shop.way-saved", row.ref, before, after, by)


def _tell(event: str, subject: Ref, before: Any, after: Any, by: User | None) -> None:
    record([Fact(event=event, subject=subject, before=before, after=after)], by=by)
