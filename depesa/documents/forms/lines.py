"""Lines of a paper as a table of fields: what was typed, what was written, and the VAT rate that goes on downwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, ClassVar, override

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from depesa.core.inputs import read_number
from depesa.core.money import check_rate
from depesa.imports.forms.fields import NumberField
from depesa.ui.parts import Text


class LineForm(forms.Form):
    """One line; an empty one is left out, an empty quantity is 1, an empty VAT rate is that of the line above."""

    lacks_price: ClassVar[Text]
    lacks_text: ClassVar[Text]

    code = forms.CharField(label=_("Code"), max_length=60, required=False)
    text = forms.CharField(label=_("Text"), max_length=10_000, required=False)
    quantity = NumberField(label=_("Quantity"), required=False)
    price = NumberField(label=_("Price"), required=False)
    vat_rate = NumberField(label=_("VAT %"), required=False, validators=[check_rate])

    @override
    def clean(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        if any(values.get(name) not in (None, "") for name in ("code", "text", "quantity", "price")):
            if values.get("price") is None and "price" not in self.errors:
                self.add_error("price", str(self.lacks_price))
            if not values.get("text") and "text" not in self.errors:
                self.add_error("text", str(self.lacks_text))
        return values

    @property
    def is_written(self) -> bool:
        """Whether somebody wrote this line."""
        return self.cleaned_data.get("price") is not None

    @property
    def quantity_or_one(self) -> Decimal:
        quantity: Decimal | None = self.cleaned_data["quantity"]
        return Decimal(1) if quantity is None else quantity


class _Lines(forms.BaseFormSet):  # type: ignore[type-arg]
    default_error_messages = {
        "missing_management_form": _("The form came incomplete. Reload the page and try again."),
    }


def lines_of(form: type[LineForm], *, most: int, too_many: Text) -> type[forms.BaseFormSet[LineForm]]:
    """A table of such lines; `too_many` says where longer ones come from."""
    messages = {**_Lines.default_error_messages, "too_many_forms": too_many}
    kind = type("Lines", (_Lines,), {"default_error_messages": messages})
    return forms.formset_factory(form, formset=kind, extra=0, max_num=most, absolute_max=most, validate_max=True)


def typed_rows(data: QueryDict, prefix: str, names: Sequence[str], *, most: int) -> list[dict[str, Any]]:
    """What was typed, line by line, whether it is right or not."""
    count = min(read_number(data.get(f"{prefix}-TOTAL_FORMS")) or 0, most)
    return [{name: data.get(f"{prefix}-{n}-{name}", "") for name in names} for n in range(count)]


def written_lines(lines: Iterable[LineForm]) -> Iterator[tuple[LineForm, Decimal]]:
    """The written lines, each with its VAT rate; one without, with none above it, gets a fault and is left out."""
    above: Decimal | None = None
    for form in lines:
        if not form.is_written:
            continue
        above = form.cleaned_data["vat_rate"] if form.cleaned_data["vat_rate"] is not None else above
        if above is None:
            form.add_error("vat_rate", _("Write the VAT rate; later lines take it over."))
        else:
            yield form, above
