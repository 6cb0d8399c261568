"""The form by which an order is changed: who, where to, how it is shipped and paid."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from depesa.mail.addresses import AddressError, split_addresses
from depesa.orders.models import Order
from depesa.ui.forms import VersionField


class PartyForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who orders, with addresses to which a letter can go."""

    def clean_email(self) -> str:
        """The address or addresses, or a sentence that says what is wrong with them."""
        text: str = self.cleaned_data["email"]
        try:
            split_addresses(text) if text else ()
        except AddressError as problem:
            raise forms.ValidationError(str(problem) or _("Write an address like name@firm.example.")) from None
        return text


class OrderForm(PartyForm):
    """Everything about an order but its lines; what it was opened with travels along."""

    version = VersionField()
    opened = VersionField()

    class Meta:
        model = Order
        fields = (
            "name", "email", "phone", "salutation", "company_code", "vat_code", "street", "postcode", "city",
            "country", "delivery_name", "delivery_street", "delivery_postcode", "delivery_city", "delivery_country",
            "language", "external_number", "shipping_name", "is_individual_shipping", "payment_name",
            "payment_kind", "variable_symbol", "is_reverse_charge", "tracking_code", "tracking_url", "note",
            "internal_note", "person",
        )  # fmt: skip
        widgets = {"note": forms.Textarea({"rows": 3}), "internal_note": forms.Textarea({"rows": 3})}

    @property
    def values(self) -> dict[str, Any]:
        """What the services take."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "opened")}
