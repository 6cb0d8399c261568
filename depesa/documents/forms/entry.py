"""The form by which a sales document is entered by hand: header and lines."""

from collections.abc import Iterable
from typing import Any, Final, Self, override

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from depesa.company.queries import current, today
from depesa.core.texts import as_key
from depesa.customers.queries import meant_by
from depesa.documents.forms.lines import LineForm, lines_of, typed_rows, written_lines
from depesa.documents.models import OTHER, TYPES, Document, NumberSeries
from depesa.documents.rules import Line
from depesa.imports.forms.fields import CurrencyCleaned, DayField, NumberField, written
from depesa.ui.forms import SeenForm

ROWS: Final = 5  # empty rows to begin with, and how many more come at once
MOST_ROWS: Final = 300  # a form of more is no form; longer documents come from files


class CustomerField(forms.CharField):
    """A customer by code, or by the only name that begins so."""

    @override
    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if len(found := meant_by(text)) == 1:
            return found[0]
        why = (
            _("Several customers begin with “%(text)s”. Type the code.")
            if found
            else _("No customer has the code “%(text)s”. Choose one of the list, or enter the customer first.")
        )
        raise forms.ValidationError(why % {"text": text})


class HeaderForm(CurrencyCleaned, SeenForm):
    """Everything about a document but its lines."""

    type = forms.ChoiceField(label=gettext_lazy("Type"), choices=TYPES)
    customer = CustomerField(label=gettext_lazy("Customer"), help_text=gettext_lazy("Code, or a part of the name."))
    document_on = DayField(label=gettext_lazy("Date"))
    due_on = DayField(label=gettext_lazy("Due"), required=False)
    number = forms.CharField(
        label=gettext_lazy("Number"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Leave it empty when a number series gives it at posting."),
    )
    series = forms.ModelChoiceField(
        NumberSeries.objects.exclude(type=OTHER).order_by("code"),
        label=gettext_lazy("Number series"),
        required=False,
        empty_label=gettext_lazy("the one of this type"),
    )
    currency = forms.CharField(label=gettext_lazy("Currency"), max_length=3)
    total_on_paper = NumberField(
        label=gettext_lazy("Total on the paper"),
        required=False,
        help_text=gettext_lazy("To compare: with VAT, as the paper says it."),
    )

    def __init__(self, *args: Any, document: Document | None = None, **kwargs: Any) -> None:
        self.document = document
        super().__init__(*args, **kwargs)
        self.fields["customer"].widget.attrs |= {"list": "customers", "autocomplete": "off"}
        if document and document.was_posted:
            for name in ("type", "number", "customer", "series"):
                self.fields[name].disabled = True

    @override
    def again(self, now: Document) -> Self:
        return type(self)(initial=begin(now)[0], document=now)

    @override
    def clean(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        if self.document and self.document.was_posted:
            return {
                name: value for name, value in values.items() if name not in ("type", "number", "customer", "series")
            }
        values["number"] = as_key(values.get("number", ""))
        if values["number"]:
            values["series"] = None
        elif not values.get("series") and "type" in values:
            values["series"] = NumberSeries.objects.filter(type=values["type"]).order_by("-id").first()
        return values


class DocumentLineForm(LineForm):
    """A line of a sales document, without VAT."""

    lacks_price = gettext_lazy("Write the price of one, without VAT.")
    lacks_text = gettext_lazy("Write what was sold.")

    price = NumberField(label=gettext_lazy("Price without VAT"), required=False)


LineFormSet = lines_of(
    DocumentLineForm,
    most=MOST_ROWS,
    too_many=gettext_lazy("A form takes at most %(num)d lines; longer documents come from files."),
)


def entered_lines(formset: Iterable[Any]) -> list[Line]:
    return [
        Line(
            code=form.cleaned_data["code"],
            text=form.cleaned_data["text"],
            quantity=form.quantity_or_one,
            price=form.cleaned_data["price"],
            vat_rate=rate,
        )
        for form, rate in written_lines(formset)
    ]


def begin(document: Document | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the forms show at first: header and rows, of a document or of nothing."""
    empty: list[dict[str, Any]] = [{} for _row in range(ROWS)]
    if document is None:
        return {"type": "invoice", "document_on": today(), "currency": current().currency}, empty
    header = {
        "type": document.type,
        "customer": document.customer.code,
        "document_on": document.document_on,
        "due_on": document.due_on,
        "number": document.number,
        "series": document.series_id,
        "currency": document.currency,
        "version": document.version,
    }
    rows = [
        {
            "code": line.code,
            "text": line.text,
            "quantity": written(line.quantity),
            "price": written(line.price),
            "vat_rate": written(line.vat_rate),
        }
        for line in document.entered_lines
    ]
    return header, [*rows, {}]


def with_more_rows(data: QueryDict) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What was typed, with five more rows."""
    rows = typed_rows(data, "form", list(DocumentLineForm.base_fields), most=MOST_ROWS)
    header = {name: data.get(name, "") for name in HeaderForm.base_fields}
    return header, [*rows, *({} for _row in range(ROWS))][:MOST_ROWS]
