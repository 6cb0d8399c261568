"""Forms of customers; what is wrong is said by the services and shown at the field."""

from collections.abc import Sequence
from typing import Any, override

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from depesa.core.errors import Faults
from depesa.customers import services
from depesa.customers.models import Address, Contact, Customer, Group
from depesa.ui.forms import KeysField, SeenForm, show_refusal


class CheckedForm(SeenForm, forms.ModelForm):  # type: ignore[type-arg]
    """Shows the faults that the services find, and asks once more where an address looks odd."""

    needs_confirmation = False
    notices: Sequence[str] = ()

    is_confirmed = forms.BooleanField(label=_("The address is right; save it"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.is_bound:
            del self.fields["is_confirmed"]  # asked only once an address looks odd

    def check(self, values: dict[str, Any]) -> services.Checked:
        """What the services say about the values."""
        raise NotImplementedError

    @override
    def clean(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        if isinstance(self.data.get("email"), str) and "email" in values:
            values["email"] = self.data["email"]  # as it was typed: Django has trimmed it silently
        checked = self.check(values)
        if checked.faults:
            show_refusal(self, Faults(checked.faults))
        if checked.warnings and not values.get("is_confirmed"):
            self.needs_confirmation = True
            self.add_error("email", " ".join([*checked.warnings, str(_("Confirm it below, or correct it."))]))
        if not self.needs_confirmation:
            del self.fields["is_confirmed"]
        self.notices = checked.notices
        return checked.values


class CustomerForm(CheckedForm):
    widths = dict.fromkeys(
        ("email", "phone", "company_code", "vat_code", "language", "copy_format", "salutation", "vocative",
         "newsletter", "price_list", "new_group"), "is-half",
    ) | dict.fromkeys(("code", "postcode", "city", "country"), "is-third")  # fmt: skip
    sections = (
        (_("Billing"), ("company_code", "vat_code", "street", "postcode", "city", "country")),
        (_("Letters"), ("language", "copy_format", "salutation", "vocative", "newsletter")),
        (_("Trade"), ("price_list", "new_group", "groups", "is_blocked", "blocked_reason", "note", "is_confirmed")),
    )

    new_group = forms.CharField(label=_("A new group"), max_length=80, required=False)

    class Meta:
        model = Customer
        fields = (*(name for name in services.FIELDS if name != "kind"), "groups")  # the shop says who has an account
        widgets = {
            "note": forms.Textarea(attrs={"rows": 4}),
            "email": forms.TextInput(attrs={"inputmode": "email"}),
            "groups": forms.CheckboxSelectMultiple,
        }
        field_classes = {"groups": KeysField}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not Group.objects.exists():
            del self.fields["groups"]

    @override
    def check(self, values: dict[str, Any]) -> services.Checked:
        checked = services.check(values)
        if not values.get("is_blocked"):
            checked.values["blocked_reason"] = ""
        elif not values.get("blocked_reason"):
            checked.faults["blocked_reason"] = str(_("Say why, so that the others know when the customer calls."))
        return checked

    def chosen(self) -> dict[str, Any]:
        """The values to save; a group that was typed is made now."""
        values = dict(self.cleaned_data)
        if name := values.pop("new_group", ""):
            values["groups"] = [*values.get("groups", ()), services.group_named(name)]
        return values


class ContactForm(CheckedForm):
    """Somebody at the customer."""

    field_order = ("email", "name", "phone", "gets_statements", "gets_invoices", "is_confirmed")
    widths = {"email": "is-half", "name": "is-half", "phone": "is-half"}

    class Meta:
        model = Contact
        fields = services.CONTACT_FIELDS
        widgets = {"email": forms.TextInput(attrs={"inputmode": "email"})}

    @override
    def check(self, values: dict[str, Any]) -> services.Checked:
        return services.check_contact(values)


class ConsentForm(forms.Form):
    """Something that the customer agreed to, noted at the desk."""

    widths = {"source": "is-half", "valid_until": "is-half"}

    name = forms.CharField(
        label=pgettext_lazy("consent", "Consent to"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "known-consents"}),
    )
    source = forms.CharField(
        label=pgettext_lazy("consent", "Given through"),
        max_length=100,
        required=False,
        help_text=_("For example by telephone, on paper, at the fair."),
    )
    valid_until = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class AddressForm(SeenForm, forms.ModelForm):  # type: ignore[type-arg]
    """A place to deliver to."""

    widths = {"postcode": "is-third", "city": "is-third", "country": "is-third"}

    class Meta:
        model = Address
        fields = services.ADDRESS_FIELDS
