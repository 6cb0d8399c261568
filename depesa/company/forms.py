"""What people type about their own firm."""

import re
import zoneinfo
from collections.abc import Callable
from typing import Any, Final, override

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from depesa.company.models import Company
from depesa.company.services import FIELDS, LARGEST_LOGO, NotALogo, cleaned_logo
from depesa.core.codes import CodeFault, account_fault, compact, company_code_fault, is_czech_account, vat_code_fault
from depesa.core.languages import formatter, spoken
from depesa.core.links import is_web_address
from depesa.core.texts import fold, one_line
from depesa.mail.addresses import AddressError, check_address
from depesa.ui.forms import SeenForm

CURRENCIES: Final = ("EUR", "CZK", "BGN", "CHF", "DKK", "GBP", "HUF", "NOK", "PLN", "RON", "SEK", "UAH", "USD")
_FAULTS: Final = {
    CodeFault.CHECK_DIGIT: _("Check digit does not match. Compare it with the document it comes from."),
    CodeFault.SHAPE: _("It has a wrong length or wrong characters for this country."),
}
_MORE_THAN_ONE: Final = 2
# What Unicode lists beside countries: unions, islands without people, names for tests.
_NO_COUNTRIES: Final = frozenset(["EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"])


def countries() -> list[tuple[str, str]]:
    """Every country by its code (ISO 3166) and its name in the reader's language; first none."""
    names = formatter(spoken()).territories
    known = [(code, name) for code, name in names.items() if len(code) == _MORE_THAN_ONE and code not in _NO_COUNTRIES]
    return [("", "–"), *sorted(known, key=lambda pair: (fold(pair[1]), pair[1]))]


def _zones() -> list[tuple[str, str]]:
    zones = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return [(zone, zone.replace("_", " ")) for zone in (*zones, "UTC")]


class LongSelect(forms.Select):
    """A choice among hundreds: written in one go, for Django renders a template for each option."""

    @override
    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        context = self.get_context(name, None, attrs)["widget"]["attrs"]
        chosen = str(value or "")
        options = format_html_join(
            "\n",
            '<option value="{}"{}>{}</option>',
            ((code, mark_safe(" selected") if code == chosen else "", word) for code, word in self.choices),
        )
        return format_html('<select name="{}"{}>{}</select>', name, flatatt(context), options)

    @override
    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> list[Any]:
        return []


class PictureField(forms.FileField):
    """A picture without what cameras write into it."""

    widget = forms.FileInput(attrs={"accept": "image/png,image/jpeg"})

    @override
    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        upload = super().clean(data, initial)
        try:
            return cleaned_logo(upload.read(LARGEST_LOGO + 1)) if upload else None
        except NotALogo as problem:
            raise forms.ValidationError(str(problem)) from problem


class CompanyForm(SeenForm, forms.ModelForm):  # type: ignore[type-arg]
    """The sender of every letter and paper."""

    country = forms.ChoiceField(label=_("Country"), choices=countries, required=False, widget=LongSelect)
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(code, code) for code in CURRENCIES], help_text=_("Of new documents.")
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=_zones, widget=LongSelect, help_text=_("Days and months begin at its midnight.")
    )
    new_logo = PictureField(
        label=_("Logo"), help_text=_("PNG or JPEG up to 2 MB. It stands at the top of every PDF."), required=False
    )
    drop_logo = forms.BooleanField(label=_("without logo"), required=False)

    class Meta:
        model = Company
        fields = FIELDS
        help_texts = {
            "bank_account": _("International (IBAN), or Czech like 19-2000145399/0800."),
            "language": _("Of letters to customers whose language is not known."),
            "website": _("For example https://firma.example."),
            "colour": _("Of buttons and links in letters, for example #1f5fa9."),
            "email": _(
                "Customers see it in letters and on papers. From which address letters leave is set at the mail server."
            ),
        }

    @override
    def clean(self) -> dict[str, Any]:
        """The codes, checked for the country that was chosen."""
        values = super().clean() or self.cleaned_data
        country = values.get("country", "")
        checks: dict[str, Callable[[str], CodeFault | None]] = {
            "company_code": lambda code: company_code_fault(code, country),
            "vat_code": lambda code: vat_code_fault(code, country),
            "bank_account": lambda account: account_fault(account, country),
        }
        for name, find_fault in checks.items():
            typed = values.get(name, "")
            if code := "".join(typed.split()) if is_czech_account(typed) else compact(typed):
                values[name] = code
                if fault := find_fault(code):
                    self.add_error(name, str(_FAULTS[fault]))
        return values

    def clean_name(self) -> str:
        """The name on one line: letters come from it."""
        return one_line(self.cleaned_data["name"])

    def clean_email(self) -> str:
        """The address as it is used."""
        typed = str(self.cleaned_data["email"])
        try:
            return check_address(typed).text if typed else ""
        except AddressError as problem:
            raise forms.ValidationError(str(problem)) from problem

    def clean_website(self) -> str:
        """The address with its scheme, so that it can be clicked."""
        typed = str(self.cleaned_data["website"])
        is_bare = "://" not in typed and ":" not in typed.partition("/")[0]
        address = f"https://{typed}" if typed and is_bare else typed
        if address and not is_web_address(address):
            raise forms.ValidationError(_now("The website begins with https:// or http://."))
        return address

    def clean_colour(self) -> str:
        """Six digits after a hash, as every mail program understands them."""
        typed = str(self.cleaned_data["colour"]).strip().lower()
        if typed and not re.fullmatch(r"#[0-9a-f]{6}", typed):
            raise forms.ValidationError(_now("Write the colour as # and six digits from 0 to 9 and a to f."))
        return typed
