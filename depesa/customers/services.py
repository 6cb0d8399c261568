"""Enter and change customers, their contacts and delivery addresses; every change stands in the history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from depesa.core.addresses import AddressError, Remark, check_address
from depesa.core.codes import CodeFault, company_code_fault, vat_code_fault
from depesa.core.errors import Faults, StaleState
from depesa.customers.models import Address, Contact, Customer
from depesa.history.services import Fact, record
from depesa.imports.rules.countries import find_country
from depesa.staff.models import User

FIELDS: Final = (
    "code", "name", "company_code", "vat_code", "street", "postcode", "city", "country",
    "email", "phone", "language", "salutation", "twin", "note", "is_blocked",
)  # fmt: skip
CONTACT_FIELDS: Final = ("name", "email", "phone", "gets_statements", "gets_invoices")
ADDRESS_FIELDS: Final = ("name", "street", "postcode", "city", "country")


@dataclass(slots=True)
class Checked:
    """Values as they will be kept, one sentence for each wrong field, and what was noticed about the address."""

    values: dict[str, Any]
    faults: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def warnings(self) -> list[str]:
        """What a person has to confirm before it is saved."""
        return [str(remark.sentence) for remark in self.remarks if remark.is_warning]

    @property
    def notices(self) -> list[str]:
        """What was changed about the input, to be said after saving."""
        return [str(remark.sentence) for remark in self.remarks if not remark.is_warning]


def check(values: Mapping[str, Any]) -> Checked:
    """What the values of a card become, and what is wrong with them: address, company code, VAT code."""
    checked = Checked(_cleaned(values))
    _check_email(checked, is_needed=False)
    country = find_country(checked.values.get("country", ""))
    country = country if len(country) == 2 else ""
    if code := checked.values.get("company_code"):
        _say_code_fault(checked, "company_code", company_code_fault(code, country))
    if code := checked.values.get("vat_code"):
        _say_code_fault(checked, "vat_code", vat_code_fault(code, country))
    return checked


def check_contact(values: Mapping[str, Any]) -> Checked:
    """What the values of a contact become; a name pasted with the address becomes the contact's name."""
    checked = Checked(_cleaned(values))
    _check_email(checked, is_needed=True)
    return checked


def create(values: Mapping[str, Any], *, by: User | None, origin: str = "") -> Customer:
    """A new customer with its history; Faults names the wrong fields."""
    checked = _sound(check(values))
    with transaction.atomic():
        customer = Customer(**{name: checked.values[name] for name in FIELDS if name in checked.values})
        _save(customer)
        fact = Fact(
            event="customers.entered",
            subject=_subject(customer),
            customer_id=customer.pk,
            after=_told(customer, FIELDS, leave_out_empty=True),
        )
        record([fact], by=by, origin=origin)
    return customer


def change(customer: Customer, values: Mapping[str, Any], *, version: int, by: User | None) -> Customer:
    """Change the card as somebody saw it in this version; StaleState when it has changed since."""
    checked = _sound(check(values))
    with transaction.atomic():
        card = Customer.objects.select_for_update().get(pk=customer.pk)
        if card.version != version:
            raise StaleState
        before, after = _apply(card, checked.values, FIELDS)
        if after:
            card.version += 1
            _save(card)
            fact = Fact(
                event="customers.changed", subject=_subject(card), customer_id=card.pk, before=before, after=after
            )
            record([fact], by=by)
    return card


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
        _tell(contact, "customers.contact-removed", before=_told(contact, CONTACT_FIELDS), by=by)
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
        before, after = _apply(address, _cleaned(values), ADDRESS_FIELDS)
        address.save()
        if after:
            _tell(address, event, before=before, after=after, by=by)
    return address


def remove_address(address: Address, *, by: User | None) -> None:
    """Take a delivery address away."""
    with transaction.atomic():
        _tell(address, "customers.address-removed", before=_told(address, ADDRESS_FIELDS), by=by)
        address.delete()


def _change_contact(contact: Contact, values: Mapping[str, Any], *, event: str, by: User | None) -> None:
    checked = _sound(check_contact(values))
    with transaction.atomic():
        before, after = _apply(contact, checked.values, CONTACT_FIELDS)
        others = Contact.objects.filter(customer=contact.customer_id, email_key=contact.email.lower())
        if others.exclude(pk=contact.pk).exists():
            raise Faults({"email": _("This address is a contact of the customer already.")})
        contact.save()
        if after:
            _tell(contact, event, before=before, after=after, by=by)


def _check_email(checked: Checked, *, is_needed: bool) -> None:
    text = checked.values.get("email", "")
    if not text.strip() and not is_needed:
        return
    try:
        address = check_address(text)
    except AddressError as problem:
        checked.faults["email"] = str(problem)
        return
    checked.values["email"] = address.text
    checked.remarks.extend(address.remarks)
    if address.name and not checked.values.get("name"):
        checked.values["name"] = address.name


def _say_code_fault(checked: Checked, name: str, fault: CodeFault | None) -> None:
    if fault is CodeFault.CHECK_DIGIT:
        checked.faults[name] = _("Check digit does not match. Look for a mistyped digit.")
    elif fault is CodeFault.SHAPE:
        checked.faults[name] = _("This is not how such a code is written in this country. Compare it letter by letter.")


def _sound(checked: Checked) -> Checked:
    if checked.faults:
        raise Faults(checked.faults)
    return checked


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values without control characters and outer blanks; the address is looked at as it was typed."""
    return {
        name: "".join(c for c in value if c.isprintable() or (c == "\n" and name == "note")).strip()
        if isinstance(value, str) and name != "email"
        else value
        for name, value in values.items()
    }


def _apply(row: models.Model, values: Mapping[str, Any], names: Iterable[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Put the values on the row; what they were and are, of those that differ."""
    before, after = {}, {}
    for name in names:
        if name in values and getattr(row, name) != values[name]:
            before[name], after[name] = getattr(row, name), values[name]
            setattr(row, name, values[name])
    return before, after


def _told(row: models.Model, names: Iterable[str], *, leave_out_empty: bool = False) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in names}
    return {name: value for name, value in found.items() if value not in ("", False) or not leave_out_empty}


def _tell(row: Contact | Address, event: str, *, by: User | None, before: Any = None, after: Any = None) -> None:
    subject = f"customer:{row.customer_id}"
    record([Fact(event=event, subject=subject, customer_id=row.customer_id, before=before, after=after)], by=by)


def _save(customer: Customer) -> None:
    try:
        with transaction.atomic():
            customer.save()
    except IntegrityError:
        raise Faults({"code": _("Another customer has this code.")}) from None


def _subject(customer: Customer) -> str:
    return f"customer:{customer.pk}"
