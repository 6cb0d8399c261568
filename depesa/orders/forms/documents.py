"""Forms by which documents of an order are generated and taken back."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from depesa.company.queries import today
from depesa.core.inputs import read_number
from depesa.documents.models import DocumentType
from depesa.documents.services import wrong_year
from depesa.imports.forms.fields import DayField, NumberField, written
from depesa.orders.models import OrderDocument
from depesa.orders.services.documents.content import Portion
from depesa.orders.services.documents.revisions import LONGEST_REASON


class GenerateForm(forms.Form):
    """Days and variable symbol of a document; what is left empty gets its usual value."""

    issued_on = DayField(label=gettext_lazy("Issued"), required=False)
    due_on = DayField(label=gettext_lazy("Due"), required=False)
    tax_on = DayField(label=gettext_lazy("Tax date"), required=False)
    variable_symbol = forms.CharField(label=gettext_lazy("Variable symbol"), max_length=10, required=False)
    send_emails = forms.BooleanField(label=gettext_lazy("send e-mails"), required=False)

    def __init__(self, *args: Any, kind: DocumentType, is_again: bool = False, **options: Any) -> None:
        """Only the fields that documents of this type have."""
        super().__init__(*args, **options)
        self.kind = kind
        if not kind.has_due_on:
            del self.fields["due_on"]
        if not kind.has_tax_on:
            del self.fields["tax_on"]
        if not kind.has_due_on and not kind.asks_payment:
            del self.fields["variable_symbol"]
        if is_again or kind.code != "invoice":
            del self.fields["send_emails"]

    def clean_variable_symbol(self) -> str:
        """At most ten digits."""
        symbol = str(self.cleaned_data["variable_symbol"]).strip()
        if symbol and read_number(symbol, most=10**10 - 1) is None:
            raise forms.ValidationError(_("A variable symbol is at most 10 digits."))
        return symbol

    def clean(self) -> dict[str, Any]:
        """Nothing is due before it is issued."""
        issued, due = self.cleaned_data.get("issued_on"), self.cleaned_data.get("due_on")
        if issued and due and due < issued:
            self.add_error("due_on", _("It would be due before it is issued. Correct one of the days."))
        return self.cleaned_data

    @property
    def number_hint(self) -> str:
        """Which number it will have, or why none."""
        series = self.kind.series
        if series is None:
            return ""
        if not series.preview:
            return _("Series %(code)s has come to its end; open a new one.") % {"code": series.code}
        will_be = _("The number will be %(number)s if nobody is faster.") % {"number": series.preview}
        return wrong_year(series, today()) or will_be

    @property
    def days(self) -> dict[str, Any]:
        """What was wished, as the services take it."""
        return {
            name: self.cleaned_data[name]
            for name in ("issued_on", "due_on", "tax_on", "variable_symbol")
            if self.cleaned_data.get(name)
        }


@dataclass(frozen=True, slots=True)
class CreditLine:
    """A line of the invoice: what was sold, what is left to take back, and the field for how much."""

    portion: Portion
    left: Decimal
    field: forms.BoundField


class CreditForm(forms.Form):
    """How much of each line of an invoice is taken back, and why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("It is printed: the law asks why an invoice is corrected. For example goods returned."),
    )
    issued_on = DayField(label=gettext_lazy("Issued"), required=False)
    tax_on = DayField(label=gettext_lazy("Tax date"), required=False)

    def __init__(self, data: Any, *, invoice: OrderDocument, left: Mapping[int, Decimal], today: dt.date) -> None:
        super().__init__(data, initial={"issued_on": today, "tax_on": today})
        self.left = left
        self.portions: Sequence[Portion] = [Portion.of(kept) for kept in invoice.portions]
        for portion in self.portions:
            rest = left[portion.position]
            label = _("How much of %(text)s is taken back") % {"text": portion.text}
            field = NumberField(label=label, required=False, initial=written(rest) if rest else "0", disabled=not rest)
            self.fields[f"line_{portion.position}"] = field

    @property
    def lines(self) -> list[CreditLine]:
        """The lines with their fields."""
        return [CreditLine(each, self.left[each.position], self[f"line_{each.position}"]) for each in self.portions]

    @property
    def quantities(self) -> dict[int, Decimal]:
        """What is taken back, by line."""
        found = {each.position: self.cleaned_data.get(f"line_{each.position}") for each in self.portions}
        return {place: value for place, value in found.items() if value and self.left[place]}

    def clean(self) -> dict[str, Any]:
        """Never more than is left, and at least something."""
        for each in self.portions:
            name, value = f"line_{each.position}", self.cleaned_data.get(f"line_{each.position}")
            if value is not None and self.left[each.position] and not 0 <= value <= self.left[each.position]:
                self.add_error(name, _("At most %(n)s can be taken back.") % {"n": written(self.left[each.position])})
        if not self.errors and not self.quantities:
            raise forms.ValidationError(_("Nothing is taken back. Write how much of at least one item."))
        return self.cleaned_data
