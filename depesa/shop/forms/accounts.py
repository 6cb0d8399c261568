"""Forms of accounts, newsletter and contact."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from depesa.core.languages import choices
from depesa.customers.models import Customer
from depesa.shop.services.contact import LONGEST
from depesa.ui.forms import SeenForm


def email_field(**options: Any) -> forms.CharField:
    """An e-mail address; what is wrong with it is said by the service."""
    attributes = {"inputmode": "email", "autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}
    return forms.CharField(label=_("E-mail"), max_length=254, widget=forms.TextInput(attributes), **options)


def password_field(label: Any, *, is_new: bool = False, **options: Any) -> forms.CharField:
    """A password; a new one is explained."""
    known = "new-password" if is_new else "current-password"
    widget = forms.PasswordInput(attrs={"autocomplete": known})
    help_text = _("At least 8 characters, and not one that everybody uses.") if is_new else ""
    return forms.CharField(label=label, strip=False, max_length=200, widget=widget, help_text=help_text, **options)


class Trap(forms.Form):
    """A field that people do not see and machines fill in."""

    website = forms.CharField(
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
        label=_("Leave it empty"),
    )

    @property
    def is_trapped(self) -> bool:
        """Whether a machine has filled it in."""
        return bool(self.cleaned_data.get("website"))


class RegistrationForm(Trap):
    """A new account."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"}))
    email = email_field()
    password = password_field(_("Password"), is_new=True)


class SignInForm(forms.Form):
    """The key of an account."""

    email = email_field()
    password = password_field(_("Password"))


class EmailForm(Trap):
    """An address to which a letter goes."""

    email = email_field()


class PasswordForm(forms.Form):
    """The password that was chosen when registering."""

    password = password_field(_("Password"))


class NewPasswordForm(forms.Form):
    password = password_field(_("New password"), is_new=True)


class ChangePasswordForm(forms.Form):
    """A new password, by who knows the old one."""

    old_password = password_field(_("Your password now"))
    password = password_field(_("New password"), is_new=True)


class ContactForm(Trap):
    """A message to us."""

    name = forms.CharField(
        label=_("Name"), max_length=150, required=False, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = email_field()
    order = forms.CharField(label=_("Order number"), max_length=40, required=False)
    text = forms.CharField(label=_("Message"), max_length=LONGEST, widget=forms.Textarea({"rows": 6}))


class DetailsForm(SeenForm):
    """Who the customer is: name, phone, language, billing address, codes."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"}))
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput({"autocomplete": "tel"})
    )
    language = forms.ChoiceField(label=_("Language"), choices=choices)
    company_code = forms.CharField(label=_("Company code"), max_length=32, required=False)
    vat_code = forms.CharField(label=_("VAT code"), max_length=32, required=False)
    street = forms.CharField(label=_("Street"), max_length=200, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    country = forms.CharField(label=_("Country"), max_length=60, required=False)

    def __init__(self, *args: Any, instance: Customer) -> None:
        self.instance = instance
        super().__init__(
            *args, initial={name: getattr(instance, name) for name in self.base_fields if name != "version"}
        )


class AddressForm(forms.Form):
    """A place to deliver to."""

    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    street = forms.CharField(label=_("Street"), max_length=200)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    city = forms.CharField(label=_("City"), max_length=100)
    country = forms.CharField(label=_("Country"), max_length=60, required=False)
