"""Enter and change the cards of customers; every change stands in the history."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import transaction

from depesa.core.edits import Snapshot, edited, put, unless_there
from depesa.core.errors import Faults
from depesa.core.reasons import gettext as _
from depesa.customers.models import Customer, Group, Kind
from depesa.customers.services.checks import check, sound
from depesa.customers.services.snapshots import tell, told
from depesa.staff.models import User

FIELDS: Final = (
    "code", "name", "kind", "company_code", "vat_code", "street", "postcode", "city", "country",
    "email", "phone", "language", "salutation", "vocative", "newsletter", "copy_format", "note", "is_blocked",
    "blocked_reason", "price_list",
)  # fmt: skip


def create(values: Mapping[str, Any], *, by: User | None, origin: str = "") -> Customer:
    """A new customer with its history; Faults names the wrong fields. `groups` are rows of Group."""
    checked = sound(check(values))
    with transaction.atomic():
        customer = Customer(**{name: checked.values[name] for name in FIELDS if name in checked.values})
        _save_card(customer)
        after = told(customer, FIELDS, leave_out_empty=True)
        if groups := list(values.get("groups") or []):
            customer.groups.set(groups)
            after["groups"] = _names(groups)
        tell(customer, "customers.entered", after=after, by=by, origin=origin)
    return customer


def change(
    customer: Customer, values: Mapping[str, Any], *, version: int | None, by: User | None, origin: str = ""
) -> Customer:
    """Change the card as somebody saw it in this version; Overtaken when it has changed since.

    Without a version (None) the values are put on the card whatever it holds now.
    """
    checked = sound(check(values))

    def tell_change(card: Customer, before: Snapshot | None, after: Snapshot) -> None:
        tell(card, "customers.changed", before=before, after=after, by=by, origin=origin)

    with edited(customer, version, by=by, told=_card_told, tell=tell_change, save=_save_card) as card:
        put(card, checked.values, FIELDS)
        if "groups" in values:
            card.groups.set(values["groups"])
    return card


def register_account(customer: Customer, kind: str = Kind.CUSTOMER, *, origin: str = "") -> Customer:
    """The customer has an account of the shop from now on, as a person or as a company."""
    return change(customer, {"kind": kind}, version=None, by=None, origin=origin)


def set_newsletter(customer: Customer, wish: str, *, origin: str = "") -> Customer:
    """What the customer says about the newsletter: "yes", "no" or, taken back to the start, nothing."""
    return change(customer, {"newsletter": wish}, version=None, by=None, origin=origin)


def _card_told(card: Customer) -> Snapshot:
    return told(card, FIELDS) | {"groups": _names(card.groups.all())}


def _names(groups: Iterable[Group]) -> str:
    return ", ".join(sorted(group.name for group in groups))


def _save_card(customer: Customer) -> None:
    with unless_there(Faults({"code": _("Another customer has this code.")})):
        customer.save()
