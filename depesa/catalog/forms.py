"""Forms of the catalogue; names and descriptions have one field a language."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final, Self, override

from django import forms
from django.forms import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from depesa.catalog.models import Category, Price, PriceList, Product
from depesa.catalog.services.lists import LIST_FIELDS
from depesa.company.forms import CURRENCIES, PictureField
from depesa.ui.forms import InLanguages, SeenForm, Words

PLAIN: Final = ("code", "category", "unit", "price", "vat_rate", "stock", "is_active", "position")


_NAMES: Final = Words("names", _("Name"), 200)


class ProductForm(InLanguages, forms.ModelForm):  # type: ignore[type-arg]
    """A product with its texts, its picture and its prices in other lists."""

    texts = {"names": _NAMES, "descriptions": Words("descriptions", _("Description"), 4000, rows=3)}

    new_image = PictureField(label=_("Picture"), help_text=_("PNG or JPEG up to 2 MB."), required=False)
    drop_image = forms.BooleanField(label=_("without picture"), required=False)

    class Meta:
        model = Product
        fields = PLAIN
        help_texts = {
            "stock": _("Empty: it is not counted."),
            "unit": _("For example pc or m."),
        }

    def __init__(self, *args: Any, lists: Iterable[PriceList] = (), own: dict[int, Decimal] | None = None) -> None:
        super().__init__(*args[:2], instance=args[2])
        self.lists = list(lists)
        self.fields["price"].label = format_lazy("{} ({})", _("Price"), self._usual())
        for price_list in self.lists:
            if not price_list.is_default:
                self.fields[f"price_{price_list.pk}"] = forms.DecimalField(
                    label=f"{price_list.name} ({price_list.currency})",
                    required=False,
                    min_value=0,
                    max_digits=18,
                    decimal_places=4,
                    initial=(own or {}).get(price_list.pk),
                )
        for name in ("price", "stock", *(f"price_{each.pk}" for each in self.lists if not each.is_default)):
            self.initial[name] = _short(self.initial.get(name, self.fields[name].initial))

    def _usual(self) -> str:
        return next((each.currency for each in self.lists if each.is_default), "")

    @override
    def again(self, now: Product) -> Self:
        own = {row.price_list_id: row.price for row in Price.objects.filter(product=now)}
        return type(self)(None, None, now, lists=self.lists, own=own)

    def price_fields(self) -> list[BoundField]:
        """The prices in lists that are not the default one."""
        return [self[f"price_{each.pk}"] for each in self.lists if not each.is_default]

    def values(self) -> dict[str, Any]:
        """What the services take."""
        has_picture = self.cleaned_data["new_image"] or self.cleaned_data["drop_image"]
        picture = {"picture": self.cleaned_data["new_image"]} if has_picture else {}
        values = (
            {name: self.cleaned_data[name] for name in PLAIN}
            | self.written
            | picture
            | {"prices": self.wanted_prices()}
        )
        if self.instance.pk and "stock" not in self.changed_data:
            del values["stock"]  # what is sold meanwhile is sold; only a stock that somebody typed is written
        return values | self._stock_seen()

    def _stock_seen(self) -> dict[str, Decimal | None]:
        """What the page showed as in stock; nothing where a program sent none."""
        shown = self.data.get(self["stock"].html_initial_name)
        try:
            return {} if shown is None else {"stock_seen": self.fields["stock"].clean(shown)}
        except forms.ValidationError:
            return {}

    def wanted_prices(self) -> dict[PriceList, Decimal | None]:
        """What it is to cost in other lists."""
        return {each: self.cleaned_data[f"price_{each.pk}"] for each in self.lists if not each.is_default}


def _short(amount: Any) -> Any:
    """The amount as a person writes it: 4.95, not 4.9500."""
    if not isinstance(amount, Decimal):
        return amount
    return amount.quantize(Decimal("0.01")) if amount == amount.quantize(Decimal("0.01")) else amount


class CategoryForm(InLanguages, forms.ModelForm):  # type: ignore[type-arg]
    """A group of products."""

    texts = {"names": _NAMES}
    widths = {"code": "is-half", "position": "is-half"} | dict.fromkeys(_NAMES.fields, "is-third")

    class Meta:
        model = Category
        fields = ("code", "position", "is_active")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.order_fields(self.widths)

    def values(self) -> dict[str, Any]:
        """What the services take."""
        return {name: self.cleaned_data[name] for name in ("code", "position", "is_active")} | self.written


class PriceListForm(SeenForm, forms.ModelForm):  # type: ignore[type-arg]
    field_order = ("name", "code", "currency", "includes_vat", "is_default")
    widths = {"name": "is-half", "code": "is-half", "currency": "is-half"}
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])

    class Meta:
        model = PriceList
        fields = LIST_FIELDS
        help_texts = {
            "is_default": _(
                "It counts for whoever has no other list. No price changes by that, in this list or another."
            )
        }

    def values(self) -> dict[str, Any]:
        """What the services take."""
        return {name: self.cleaned_data[name] for name in LIST_FIELDS}

    def validate_constraints(self) -> None:
        """Left to the services: a new default list takes that from the old one."""
