"""Fields of forms that read numbers, days and currencies as people write them."""

from decimal import Decimal
from typing import Any, Literal, override

from babel.numbers import is_currency
from django import forms
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from depesa.imports.rules.numbers import AMBIGUOUS, parse_number
from depesa.imports.rules.refusals import Unreadable


class NumberField(forms.Field):
    """A number as people write it (1 234,50 or 1,234.50); where it could mean two, the reader's language decides."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TextInput, **options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "class": "number"}

    @override
    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return _number_typed(text)
        except Unreadable as unreadable:
            raise forms.ValidationError(unreadable.problem.write(_)) from None


def _number_typed(text: str) -> Decimal:
    try:
        return parse_number(text)
    except Unreadable as unreadable:
        if unreadable.problem.sentence != AMBIGUOUS:
            raise
        return parse_number(text, _decimal_sign())


def _decimal_sign() -> Literal[".", ","]:
    return "," if get_format("DECIMAL_SEPARATOR") == "," else "."


def written(number: Decimal) -> str:
    """A number as it is typed in the reader's language, without thousands."""
    text = f"{number.normalize():f}"
    return text.replace(".", _decimal_sign())


class DayField(forms.DateField):
    """A day, chosen or typed."""

    widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
    default_error_messages = {"invalid": gettext_lazy("This day does not exist. Write it like 2011-06-30.")}


class CurrencyCleaned(forms.BaseForm):
    def clean_currency(self) -> str:
        """Three letters that are a currency."""
        code = str(self.cleaned_data["currency"]).strip().upper()
        if not is_currency(code):
            raise forms.ValidationError(
                _("“%(code)s” is not a currency. Write its three letters, like EUR.") % {"code": code}
            )
        return code
