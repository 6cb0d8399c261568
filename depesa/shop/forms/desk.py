"""Forms of the desk: the shop's settings, ways of delivery and payment, answers."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from depesa.shop.models import PaymentMethod, ShippingMethod, Shop
from depesa.ui.forms import InLanguages, Words

PLAIN: Final = ("code", "kind", "price", "vat_rate", "position", "is_active")


class ShopForm(InLanguages, forms.ModelForm):  # type: ignore[type-arg]
    """The shop's name, whether it is open, the terms of sale in each language."""

    texts = {"terms": Words("terms", _("Terms of sale"), 50_000, rows=6)}

    class Meta:
        model = Shop
        fields = ("name", "is_open")
        help_texts = {"name": _("Empty: the name of the company.")}

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        terms = {language: text for language, text in self.written["terms"].items() if text}
        return {"name": self.cleaned_data["name"], "is_open": self.cleaned_data["is_open"], "terms": terms}


_NAMES: Final = Words("name", _("Name"), 100)


class _WayForm(InLanguages, forms.ModelForm):  # type: ignore[type-arg]
    """A way of delivery or payment with its names."""

    texts = {"names": _NAMES}
    widths = (
        dict.fromkeys(_NAMES.fields, "is-third")
        | dict.fromkeys(("code", "kind"), "is-half")
        | dict.fromkeys(("price", "vat_rate", "position"), "is-third")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.order_fields(self.widths)

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in PLAIN} | self.written


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
