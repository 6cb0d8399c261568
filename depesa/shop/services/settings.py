"""Change the shop's settings and its ways of delivery and payment; the history tells of it."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from depesa.core.errors import Faults
from depesa.core.reasons import gettext as _
from depesa.core.records import Ref
from depesa.history.services import Fact, record
from depesa.shop.models import PaymentMethod, ShippingMethod, new_secret
from depesa.shop.queries import the_shop
from depesa.staff.models import User

FIELDS: Final = ("name", "is_open", "terms")
WAY_FIELDS: Final = ("code", "kind", "names", "price", "vat_rate", "position", "is_active")


def save_shop(values: Mapping[str, Any], *, by: User | None) -> None:
    """Keep the shop's name, whether it is open, and the terms of sale."""
    with transaction.atomic():
        shop = the_shop()
        before = {name: getattr(shop, name) for name in FIELDS}
        for name in FIELDS:
            if name in values:
                setattr(shop, name, values[name])
        shop.save()
        after = {name: getattr(shop, name) for name in FIELDS}
        if before != after:
            _tell("shop.settings-saved", shop.ref, before, after, by)


def renew_secret(*, by: User | None) -> None:
    """A new secret for the messages of the payment gateway; the old one is worth nothing from now on."""
    with transaction.atomic():
        shop = the_shop()
        shop.secret = new_secret()
        shop.save(update_fields=["secret"])
        _tell("shop.secret-renewed", shop.ref, None, None, by)


def save_way(way: ShippingMethod | PaymentMethod, values: Mapping[str, Any], *, by: User | None) -> None:
    """Keep a new or changed way of delivery or payment; orders that were placed keep their own words and prices."""
    with transaction.atomic():
        before = _told(way) if way.pk else None
        for name in WAY_FIELDS:
            if name in values:
                setattr(way, name, values[name])
        way.names = {language: text.strip() for language, text in way.names.items() if text.strip()}
        if not way.names:
            raise Faults({"names": _("Write the name in at least one language.")})
        if type(way)._default_manager.filter(code=way.code).exclude(pk=way.pk).exists():
            raise Faults({"code": _("Another one has this code.")})
        way.save()
        if before != _told(way):
            _tell("shop.way-saved", way.ref, before, _told(way), by)


def _told(way: ShippingMethod | PaymentMethod) -> dict[str, Any]:
    told = {name: getattr(way, name) for name in WAY_FIELDS if name not in ("names", "price", "vat_rate")}
    names = {f"name, {language}": text for language, text in sorted(way.names.items())}
    return {**told, **names, "price": f"{way.price.normalize():f}", "vat_rate": f"{way.vat_rate.normalize():f}"}


def _tell(event: str, subject: Ref, before: Any, after: Any, by: User | None) -> None:
    record([Fact(event=event, subject=subject, before=before, after=after)], by=by)
