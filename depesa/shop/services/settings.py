"""Change the shop's settings and its ways of delivery and payment; the history tells of it."""

import secrets
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.db import transaction

from depesa.core.edits import edited, put, snapshot
from depesa.core.errors import Faults
from depesa.core.locks import lock
from depesa.core.reasons import gettext as _
from depesa.history.services import tell, teller
from depesa.shop.models import PaymentMethod, ShippingMethod
from depesa.shop.queries import the_shop
from depesa.staff.models import User

FIELDS: Final = ("name", "is_open", "terms")
WAY_FIELDS: Final = ("code", "kind", "names", "price", "vat_rate", "position", "is_active")


def save_shop(values: Mapping[str, Any], *, by: User | None, version: int | None = None) -> None:
    """Keep the shop's name, whether it is open, and the terms of sale, as somebody saw them."""
    told, tell = partial(snapshot, names=FIELDS), teller("shop.settings-saved", by=by)
    with edited(the_shop(), version, by=by, told=told, tell=tell) as shop:
        put(shop, values, FIELDS)


def renew_secret(*, by: User | None) -> str:
    """A new secret for the messages of the payment gateway, shown now and never again; the old one is worth nothing."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        shop = the_shop()
        shop.secret = lock(secret, "gateway")
        shop.save(update_fields=["secret"])
        tell(shop, "shop.secret-renewed", by=by)
    return secret


def save_way(
    way: ShippingMethod | PaymentMethod, values: Mapping[str, Any], *, by: User | None, version: int | None = None
) -> None:
    """Keep a new way of delivery or payment, or one as it was seen; orders keep the words and prices they have."""
    with edited(way, version, by=by, told=_way_told, tell=teller("shop.way-saved", by=by)) as row:
        put(row, values, WAY_FIELDS)
        row.names = {language: text.strip() for language, text in row.names.items() if text.strip()}
        if not row.names:
            raise Faults({"names": _("Write the name in at least one language.")})
        if type(row)._default_manager.filter(code=row.code).exclude(pk=row.pk).exists():
            raise Faults({"code": _("Another one has this code.")})


def _way_told(way: ShippingMethod | PaymentMethod) -> dict[str, Any]:
    told = snapshot(way, (name for name in WAY_FIELDS if name not in ("names", "price", "vat_rate")))
    names = {f"name, {language}": text for language, text in sorted(way.names.items())}
    return {**told, **names, "price": f"{way.price.normalize():f}", "vat_rate": f"{way.vat_rate.normalize():f}"}
