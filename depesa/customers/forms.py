"""Forms of customers; what is wrong is said by the services and shown at the field."""

from collections.abc import Sequence
from typing import Any, override

from django import forms
from django.utils.translation import gettext_lazy as _

from depesa.customers import services
from depesa.customers.models import Address, Contact, Customer


class CheckedForm(forms.ModelForm):  # type: ignore[type-arg]
    """Shows the faults that the services find, and asks once more where an address looks odd."""

    needs_confirmation = False
    notices: Sequence[str] = ()

    is_confirmed = forms.BooleanField(label=_("The address is right; save it"), required=False)

    def check(self, values: dict[str, Any]) -> services.Checked:
        """What the services say about the values."""
        raise NotImplementedError

    @override
    def clean(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        if isinstance(self.data.get("email"), str) and "email" in values:
            values["email"] = self.data["email"]  # as it was typed: Django has trimmed it silently
        checked = self.check(values)
        for name, sentence in checked.faults.items():
            self.add_error(name if name in self.fields else None, sentence)
        if checked.warnings and not values.get("is_confirmed"):
            self.needs_confirmation = True
            self.add_error("email", " ".join([*checked.warnings, str(_("Confirm it below, or correct it."))]))
        self.notices = checked.notices
        return checked.values


class CustomerForm(CheckedForm):
    """The card of a customer."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Customer
        fields = tuple(name for name in services.FIELDS if name != "kind")
        widgets = {"note": forms.Textarea(attrs={"rows": 4}), "email": forms.TextInput(attrs={"inputmode": "email"})}

    @override
    def check(self, values: dict[str, Any]) -> services.Checked:
        return services.check(values)


class ContactForm(CheckedForm):
    """Somebody at the customer."""

    class Meta:
        model = Contact
        fields = services.CONTACT_FIELDS
        widgets = {"email": forms.TextInput(attrs={"inputmode": "email"})}

    @override
    def check(self, values: dict[str, Any]) -> services.Checked:
        return services.check_contact(values)


class AddressForm(forms.ModelForm):  # type: ignore[type-arg]
    """A place to deliver to."""

    class Meta:
        model = Address
        fields = services.ADDRESS_FIELDS
