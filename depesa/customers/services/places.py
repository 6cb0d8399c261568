"""People at a customer and places to deliver to."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from depesa.core.edits import Snapshot, edited, put, removed
from depesa.core.errors import Faults
from depesa.core.reasons import gettext as _
from depesa.customers.models import Address, Contact, Customer
from depesa.customers.services.checks import check_contact, cleaned, sound
from depesa.customers.services.snapshots import tell, told
from depesa.staff.models import User

CONTACT_FIELDS: Final = ("name", "email", "phone", "gets_statements", "gets_invoices")
ADDRESS_FIELDS: Final = ("name", "street", "postcode", "city", "country")


def add_contact(customer: Customer, values: Mapping[str, Any], *, by: User | None) -> Contact:
    """Somebody at the customer who gets letters."""
    return change_contact(Contact(customer=customer), values, by=by)


def change_contact(
    contact: Contact, values: Mapping[str, Any], *, by: User | None, version: int | None = None
) -> Contact:
    """Change a contact as somebody saw it in this version, or keep a new one."""
    checked = sound(check_contact(values))
    with edited(
        contact, version, by=by, told=partial(told, names=CONTACT_FIELDS), tell=partial(_tell_place, by=by)
    ) as row:
        put(row, checked.values, CONTACT_FIELDS)
        others = Contact.objects.filter(customer=row.customer_id, email_key=row.email.lower())
        if others.exclude(pk=row.pk).exists():
            raise Faults({"email": _("This address is a contact of the customer already.")})
    return row


def remove_contact(contact: Contact, *, by: User | None, version: int | None = None) -> None:
    """Take a contact away as somebody saw it in this version; letters that it got stay in the history."""
    with removed(contact, version) as row:
        tell(row.customer_id, "customers.contact-removed", before=told(row, CONTACT_FIELDS), by=by)


def add_address(customer: Customer, values: Mapping[str, Any], *, by: User | None) -> Address:
    """A place to deliver to."""
    return change_address(Address(customer=customer), values, by=by)


def change_address(
    address: Address, values: Mapping[str, Any], *, by: User | None, version: int | None = None
) -> Address:
    """Change a delivery address as somebody saw it in this version, or keep a new one."""
    with edited(
        address, version, by=by, told=partial(told, names=ADDRESS_FIELDS), tell=partial(_tell_place, by=by)
    ) as row:
        put(row, cleaned(values), ADDRESS_FIELDS)
    return row


def remove_address(address: Address, *, by: User | None, version: int | None = None) -> None:
    """Take a delivery address away as somebody saw it in this version."""
    with removed(address, version) as row:
        tell(row.customer_id, "customers.address-removed", before=told(row, ADDRESS_FIELDS), by=by)


def _tell_place(row: Contact | Address, before: Snapshot | None, after: Snapshot, *, by: User | None) -> None:
    """Write into the history of the customer what became of a contact or an address."""
    added, changed = (
        ("customers.contact-added", "customers.contact-changed")
        if isinstance(row, Contact)
        else ("customers.address-added", "customers.address-changed")
    )
    if before is None:
        after = {name: value for name, value in after.items() if value not in ("", False)}
    tell(row.customer_id, added if before is None else changed, before=before or {}, after=after, by=by)
