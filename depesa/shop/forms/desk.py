"""Forms of the desk: the shop's settings, ways of delivery and payment, answers."""

from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from depesa.core.languages import ENGLISH, choices, codes
from depesa.shop.models import PaymentMethod, ShippingMethod, Shop
from depesa.ui.forms import SeenForm

PLAIN: Final = ("code", "kind", "price", "vat_rate", "position", "is_active")


class ShopForm(SeenForm, forms.ModelForm):  # type: ignore[type-arg]
    """The shop's name, whether it is open, the terms of sale in each language."""

    class Meta:
        model = Shop
        fields = ("name", "is_open")
        help_texts = {"name": _("Empty: the name of the company.")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for language, word in choices():
            self.fields[f"terms_{language}"] = forms.CharField(
                label=format_lazy("{}: {}", _("Terms of sale"), word),
                required=False,
                max_length=50_000,
                initial=self.instance.terms.get(language, ""),
                widget=forms.Textarea({"rows": 6}),
            )

    def terms_fields(self) -> list[BoundField]:
        """The terms, one field a language."""
        return [self[f"terms_{language}"] for language in codes()]

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        terms = {language: self.cleaned_data[f"terms_{language}"].strip() for language in codes()}
        plain = {"name": self.cleaned_data["name"], "is_open": self.cleaned_data["is_open"]}
        return plain | {"terms": {language: text for language, text in terms.items() if text}}


_WIDTHS: Final = dict.fromkeys(("code", "kind"), "is-half") | dict.fromkeys(
    ("price", "vat_rate", "position"), "is-third"
)


class _WayForm(SeenForm, forms.ModelForm):  # type: ignore[type-arg]
    """A way of delivery or payment with its names."""

    places = {"names": f"name_{ENGLISH}"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.widths = {f"name_{code}": "is-third" for code in codes()} | _WIDTHS
        for language, word in choices():
            label = format_lazy("{}: {}", _("Name"), word)
            initial = self.instance.names.get(language, "")
            self.fields[f"name_{language}"] = forms.CharField(
                label=label, required=False, max_length=100, initial=initial
            )
        self.order_fields(self.widths)

    def name_fields(self) -> list[BoundField]:
        """The names, one field a language."""
        return [self[f"name_{language}"] for language in codes()]

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        names = {language: self.cleaned_data[f"name_{language}"] for language in codes()}
        return {name: self.cleaned_data[name] for name in PLAIN} | {"names": names}


class ShippingForm(_WayForm):
    """A way of delivery."""

    class Meta:
        model = ShippingMethod
        fields = PLAIN


class PaymentForm(_WayForm):
    """A way of payment."""

    class Meta:
        model = PaymentMethod
        fields = PLAIN


class AnswerForm(forms.Form):
    """Our answer to a message."""

    text = forms.CharField(label=_("Answer"), max_length=5000, widget=forms.Textarea({"rows": 8}))
