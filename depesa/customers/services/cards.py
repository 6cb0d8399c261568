"""Enter and change the cards of customers; every change stands in the history."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import IntegrityError, transaction

from depesa.core.errors import Faults, StaleState
from depesa.core.reasons import gettext as _
from depesa.customers.models import Customer, Group, Kind
from depesa.customers.services.checks import check, sound
from depesa.customers.services.snapshots import apply, tell, told
from depesa.staff.models import User

FIELDS: Final = (
    "code", "name", "kind", "company_code", "vat_code", "street", "postcode", "city", "country",
    "email", "phone", "language", "salutation", "vocative", "newsletter", "twin", "note", "is_blocked",
    "blocked_reason", "price_list",
)  # fmt: skip


def create(values: Mapping[str, Any], *, by: User | None, origin: str = "") -> Customer:
    """A new customer with its history; Faults names the wrong fields. `groups` are rows of Group."""
    checked = sound(check(values))
    with transaction.atomic():
        customer = Customer(**{name: checked.values[name] for name in FIELDS if name in checked.values})
        _save(customer)
        after = told(customer, FIELDS, leave_out_empty=True)
        if groups := list(values.get("groups") or []):
            customer.groups.set(groups)
            after["groups"] = _names(groups)
        tell(customer, "customers.entered", after=after, by=by, origin=origin)
    return customer


def change(
    customer: Customer, values: Mapping[str, Any], *, version: int | None, by: User | None, origin: str = ""
) -> Customer:
    """Change the card as somebody saw it in this version; StaleState when it has changed since.

    Without a version (None) the values are put on the card whatever it holds now.
    """
    checked = sound(check(values))
    with transaction.atomic():
        card = Customer.objects.select_for_update().get(pk=customer.pk)
        if version is not None and card.version != version:
            raise StaleState
        before, after = apply(card, checked.values, FIELDS)
        if "groups" in values:
            _regroup(card, list(values["groups"]), before, after)
        if after:
            card.version += 1
            _save(card)
            tell(card, "customers.changed", before=before, after=after, by=by, origin=origin)
    return card


def register_account(
    customer: Customer, kind: str = Kind.CUSTOMER, *, by: User | None = None, origin: str = ""
) -> Customer:
    """The customer has an account of the shop from now on, as a person or as a company."""
    return change(customer, {"kind": kind}, version=None, by=by, origin=origin)


def set_newsletter(customer: Customer, wish: str, *, by: User | None = None, origin: str = "") -> Customer:
    """What the customer says about the newsletter: "yes", "no" or, taken back to the start, nothing."""
    return change(customer, {"newsletter": wish}, version=None, by=by, origin=origin)


def _regroup(card: Customer, groups: list[Group], before: dict[str, Any], after: dict[str, Any]) -> None:
    were, are = _names(card.groups.all()), _names(groups)
    if were != are:
        card.groups.set(groups)
        before["groups"], after["groups"] = were, are


def _names(groups: Iterable[Group]) -> str:
    return ", ".join(sorted(group.name for group in groups))


def _save(customer: Customer) -> None:
    try:
        with transaction.atomic():
            customer.save()
    except IntegrityError:
        raise Faults({"code": _("Another customer has this code.")}) from None
