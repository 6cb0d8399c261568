"""The lines of an order as a table of fields: adding, removing, products of the catalogue."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, override

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from depesa.catalog.models import PriceList, Product
from depesa.catalog.queries import default_price_list, price_of
from depesa.catalog.rules import with_vat, without_vat
from depesa.core.money import rounded
from depesa.imports.forms.fields import NumberField, written
from depesa.orders.models import Item, ItemKind
from depesa.orders.services import ItemDraft

PREFIX: Final = "items"
MOST_ROWS: Final = 500  # a form of more is no form; longer orders come from files and the API
MORE: Final = 3
NAMES: Final = ("kind", "product", "code", "text", "quantity", "unit", "price", "vat_rate", "invoice_note")


class ItemForm(forms.Form):
    """One line; an empty one is left out, an empty quantity is 1, an empty VAT rate is that of the line above."""

    product = forms.IntegerField(widget=forms.HiddenInput, required=False)
    invoice_note = forms.CharField(widget=forms.HiddenInput, max_length=300, required=False)
    code = forms.CharField(label=gettext_lazy("Code"), max_length=60, required=False)
    text = forms.CharField(label=gettext_lazy("Text"), max_length=500, required=False)
    quantity = NumberField(label=gettext_lazy("Quantity"), required=False)
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=20, required=False)
    price = NumberField(label=gettext_lazy("Price"), required=False)
    vat_rate = NumberField(label=gettext_lazy("VAT %"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ItemKind.choices, required=False)

    @override
    def clean(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        if any(values.get(name) not in (None, "") for name in ("code", "text", "quantity", "price")):
            if values.get("price") is None and "price" not in self.errors:
                self.add_error("price", _("Write the price of one."))
            if not values.get("text") and "text" not in self.errors:
                self.add_error("text", _("Write what is sold."))
            quantity = values.get("quantity")
            if quantity is not None and quantity <= 0:
                self.add_error("quantity", _("The quantity is above 0; what is taken back is a credit note."))
        return values

    @property
    def is_written(self) -> bool:
        """Whether somebody wrote this line."""
        return self.cleaned_data.get("price") is not None


class _Lines(forms.BaseFormSet):  # type: ignore[type-arg]
    default_error_messages = {
        "missing_management_form": gettext_lazy("The form came incomplete. Reload the page and try again."),
        "too_many_forms": gettext_lazy("A form takes at most %(num)d lines; longer orders come from files."),
    }


ItemFormSet = forms.formset_factory(
    ItemForm, formset=_Lines, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True
)


def lines_from(data: QueryDict) -> Any:
    """The lines as they were sent."""
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


def typed_rows(data: QueryDict) -> list[dict[str, Any]]:
    """What was typed, line by line, whether it is right or not."""
    total = data.get(f"{PREFIX}-TOTAL_FORMS", "0")
    count = min(int(total) if total.isascii() and total.isdigit() and len(total) < 6 else 0, MOST_ROWS)
    return [{name: data.get(f"{PREFIX}-{n}-{name}", "") for name in NAMES} for n in range(count)]


def after(act: str, data: QueryDict, product: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """The lines after "more", "drop-2" or with a product of the catalogue, which takes the first empty line."""
    rows = typed_rows(data)
    word, _dash, place = act.partition("-")
    if word == "drop" and place.isascii() and place.isdigit() and len(place) < 6:
        rows = [row for n, row in enumerate(rows) if n != int(place)]
    elif product:
        kept = [row for row in rows if any(row[name] for name in ("text", "price", "code"))]
        rows = [*kept, dict(product), *rows[len(kept) + 1 :]]
    elif word == "more":
        rows += [{} for _n in range(MORE)]
    return rows[:MOST_ROWS]


def drafts_of(formset: Iterable[Any]) -> list[ItemDraft]:
    """The written lines as the services take them; errors are added to the lines that lack something."""
    written_forms = [form for form in formset if form.is_written]
    ids = {form.cleaned_data["product"] for form in written_forms if form.cleaned_data["product"]}
    products = Product.objects.in_bulk({pk for pk in ids if pk < 2**63})
    found: list[ItemDraft] = []
    for form in written_forms:
        values = form.cleaned_data
        rate = values["vat_rate"] if values["vat_rate"] is not None else found[-1].vat_rate if found else None
        if rate is None:
            form.add_error("vat_rate", _("Write the VAT rate; later lines take it over."))
            continue
        found.append(
            ItemDraft(
                text=values["text"],
                code=values["code"],
                unit=values["unit"],
                quantity=Decimal(1) if values["quantity"] is None else values["quantity"],
                price=values["price"],
                vat_rate=rate,
                kind=values["kind"] or ItemKind.PRODUCT.value,
                product=products.get(values["product"]),
                invoice_note=values["invoice_note"],
            )
        )
    return found
