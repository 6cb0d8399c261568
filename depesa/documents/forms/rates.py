"""The form of exchange rates: one by hand, or the list of a bank."""

from typing import Any, Final, override

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from depesa.documents.rules.rates import Quote
from depesa.imports.forms.fields import CurrencyCleaned, DayField, NumberField

LARGEST_LIST: Final = 2 * 1024 * 1024  # bytes
ALL: Final = ("valid_on", "currency", "units", "value")


class RateForm(CurrencyCleaned, forms.Form):
    """A rate of a day, or a file with many."""

    list = forms.FileField(
        label=_("List of rates"),
        required=False,
        help_text=_("Of the Czech National Bank (TXT) or the European Central Bank (CSV or XML), up to 2 MB."),
    )
    valid_on = DayField(label=_("Day"), required=False)
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False)
    units = NumberField(label=_("Units"), required=False, initial="1")
    value = NumberField(label=_("are worth"), required=False)
    widths: Final = dict.fromkeys(ALL, "is-quarter") | {"list": "is-half"}

    def __init__(self, *args: Any, home: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["value"].help_text = home

    @override
    def clean_currency(self) -> str:
        """Three letters that are a currency; none beside a list."""
        return super().clean_currency() if self.cleaned_data["currency"] else ""

    def clean_list(self) -> str:
        """The text of the file."""
        file = self.cleaned_data["list"]
        content = file.read(LARGEST_LIST + 1) if file else b""
        if len(content) > LARGEST_LIST:
            raise forms.ValidationError(_now("The file is larger than 2 MB. Take the list of a day or of 90 days."))
        return bytes(content).decode("utf-8-sig", "replace")

    @override
    def clean(self) -> dict[str, Any]:
        """Either a list, or all of a rate."""
        if not self.cleaned_data.get("list") and "list" not in self.errors:
            for name in ALL:
                if self.cleaned_data.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, _now("Fill it in, or choose a list of rates."))
        return self.cleaned_data

    @property
    def quote(self) -> Quote:
        """The rate that was typed."""
        return Quote(*(self.cleaned_data[name] for name in ALL))
