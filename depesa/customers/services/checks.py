"""What is wrong with a card or a contact before it is saved, one sentence a field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from depesa.core.codes import CodeFault, company_code_fault, vat_code_fault
from depesa.core.errors import Faults
from depesa.core.reasons import gettext as _
from depesa.core.texts import as_key, one_line, some_lines
from depesa.imports.rules.countries import find_country
from depesa.mail.addresses import AddressError, Remark, check_address


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
    checked = Checked(cleaned(values))
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
    checked = Checked(cleaned(values))
    _check_email(checked, is_needed=True)
    return checked


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


def sound(checked: Checked) -> Checked:
    """The checked values; Faults names the wrong fields."""
    if checked.faults:
        raise Faults(checked.faults)
    return checked


def cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values without hidden characters and outer blanks; the address is looked at as it was typed."""
    return {
        name: _cleaned(name, value) if isinstance(value, str) and name != "email" else value
        for name, value in values.items()
    }


def _cleaned(name: str, text: str) -> str:
    return some_lines(text) if name == "note" else as_key(text) if name == "code" else one_line(text)
