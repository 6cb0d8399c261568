"""People at a customer and places to deliver to."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from depesa.core.errors import Faults
from depesa.core.reasons import gettext as _
from depesa.customers.models import Address, Contact, Customer
from depesa.customers.services.checks import check_contact, cleaned, sound
from depesa.customers.services.snapshots import apply, tell, told
from depesa.staff.models import User

CONTACT_FIELDS: Final = ("name", "email", "phone", "gets_statements", "gets_invoices")
ADDRESS_FIELDS: Final = ("name", "street", "postcode", "city", "country")


def add_contact(customer: Customer, values: Mapping[str, Any], *, by: User | None) -> Contact:
    """Somebody at the customer who gets letters."""
    contact = Contact(customer=customer)
    _change_contact(contact, values, event="customers.contact-added", by=by)
    return contact


def change_contact(contact: Contact, values: Mapping[str, Any], *, by: User | None) -> Contact:
    """Change a contact."""
    _change_contact(contact, values, event="customers.contact-changed", by=by)
    return contact


def remove_contact(contact: Contact, *, by: User | None) -> None:
    """Take a contact away; letters that it got stay in the history."""
    with transaction.atomic():
        tell(contact.customer_id, "customers.contact-removed", before=told(contact, CONTACT_FIELDS), by=by)
        contact.delete()


def add_address(customer: Customer, values: Mapping[str, Any], *, by: User | None) -> Address:
    """A place to deliver to."""
    address = Address(customer=customer)
    change_address(address, values, by=by)
    return address


def change_address(address: Address, values: Mapping[str, Any], *, by: User | None) -> Address:
    """Change a delivery address, or keep a new one."""
    event = "customers.address-changed" if address.pk else "customers.address-added"
    with transaction.atomic():
        before, after = apply(address, cleaned(values), ADDRESS_FIELDS)
        address.save()
        if after:
            tell(address.customer_id, event, before=before, after=after, by=by)
    return address


def remove_address(address: Address, *, by: User | None) -> None:
    """Take a delivery address away."""
    with transaction.atomic():
        tell(address.customer_id, "customers.address-removed", before=told(address, ADDRESS_FIELDS), by=by)
        address.delete()


def _change_contact(contact: Contact, values: Mapping[str, Any], *, event: str, by: User | None) -> None:
    checked = sound(check_contact(values))
    with transaction.atomic():
        before, after = apply(contact, checked.values, CONTACT_FIELDS)
        others = Contact.objects.filter(customer=contact.customer_id, email_key=contact.email.lower())
        if others.exclude(pk=contact.pk).exists():
            raise Faults({"email": _("This address is a contact of the customer already.")})
        contact.save()
        if after:
            tell(contact.customer_id, event, before=before, after=after, by=by)
