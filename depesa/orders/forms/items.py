"""The lines of an order as a table of fields: adding, removing, products of the catalogue."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, override

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from depesa.catalog.models import PriceList, Product
from depesa.catalog.queries import default_price_list, price_of
from depesa.catalog.rules import with_vat, without_vat
from depesa.core.inputs import read_number
from depesa.core.money import rounded
from depesa.documents.forms.lines import LineForm, lines_of, typed_rows, written_lines
from depesa.imports.forms.fields import written
from depesa.orders.models import Item, ItemKind
from depesa.orders.services import ItemDraft
from depesa.ui.forms import KeyField

PREFIX: Final = "items"
MOST_ROWS: Final = 500  # a form of more is no form; longer orders come from files and the API
MORE: Final = 3
NAMES: Final = ("kind", "product", "code", "text", "quantity", "unit", "price", "vat_rate", "invoice_note")


class ItemForm(LineForm):
    """One line of an order, with what the catalogue brought along."""

    lacks_price = gettext_lazy("Write the price of one.")
    lacks_text = gettext_lazy("Write what is sold.")
    field_order = ("product", "invoice_note", "code", "text", "quantity", "unit", "price", "vat_rate", "kind")

    product = KeyField()
    invoice_note = forms.CharField(widget=forms.HiddenInput, max_length=300, required=False)
    text = forms.CharField(label=gettext_lazy("Text"), max_length=500, required=False)
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=20, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ItemKind.choices, required=False)

    @override
    def clean(self) -> dict[str, Any]:
        values = super().clean()
        quantity = values.get("quantity")
        if quantity is not None and quantity <= 0:
            self.add_error("quantity", _("The quantity is above 0; what is taken back is a credit note."))
        return values


ItemFormSet = lines_of(
    ItemForm,
    most=MOST_ROWS,
    too_many=gettext_lazy("A form takes at most %(num)d lines; longer orders come from files."),
)


def lines_from(data: QueryDict) -> Any:
    return ItemFormSet(data, prefix=PREFIX)


def lines_with(rows: Sequence[Mapping[str, Any]]) -> Any:
    """The lines to be shown with these values."""
    return ItemFormSet(initial=rows, prefix=PREFIX)


def row_of(item: Item | ItemDraft) -> dict[str, Any]:
    """A line as its fields show it."""
    return {
        "kind": item.kind,
        "product": item.product_id if isinstance(item, Item) else item.product and item.product.pk,
        "code": item.code,
        "text": item.text,
        "quantity": written(item.quantity),
        "unit": item.unit,
        "price": written(item.price),
        "vat_rate": written(item.vat_rate),
        "invoice_note": item.invoice_note,
    }


def row_of_product(
    product: Product, price_list: PriceList | None, *, currency: str, includes_vat: bool, language: str
) -> dict[str, Any]:
    """A product as a new line, with its price in the list; open where it is not sold there or in this currency."""
    chosen = price_list or default_price_list()
    price = price_of(product, price_list) if chosen.currency == currency else None
    if price is not None and chosen.includes_vat != includes_vat:
        turned = with_vat if includes_vat else without_vat
        price = rounded(turned(price, product.vat_rate), currency)
    return {
        "product": product.pk,
        "code": product.code,
        "text": product.name_in(language),
        "quantity": "1",
        "unit": product.unit,
        "price": "" if price is None else written(price),
        "vat_rate": written(product.vat_rate),
        "kind": ItemKind.PRODUCT.value,
    }


def after(act: str, data: QueryDict, product: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """The lines after "more", "drop-2" or with a product of the catalogue, which takes the first empty line."""
    rows = typed_rows(data, PREFIX, NAMES, most=MOST_ROWS)
    word, _dash, place = act.partition("-")
    if word == "drop":
        rows = [row for n, row in enumerate(rows) if n != read_number(place)]
    elif product:
        kept = [row for row in rows if any(row[name] for name in ("text", "price", "code"))]
        rows = [*kept, dict(product), *rows[len(kept) + 1 :]]
    elif word == "more":
        rows += [{} for _n in range(MORE)]
    return rows[:MOST_ROWS]


def drafts_of(formset: Iterable[Any]) -> list[ItemDraft]:
    """The written lines as the services take them; errors are added to the lines that lack something."""
    lines = list(written_lines(formset))
    products = Product.objects.in_bulk({form.cleaned_data["product"] for form, _rate in lines})
    return [
        ItemDraft(
            **{name: form.cleaned_data[name] for name in ("text", "code", "unit", "price", "invoice_note")},
            quantity=form.quantity_or_one,
            vat_rate=rate,
            kind=form.cleaned_data["kind"] or ItemKind.PRODUCT.value,
            product=products.get(form.cleaned_data["product"]),
        )
        for form, rate in lines
    ]
