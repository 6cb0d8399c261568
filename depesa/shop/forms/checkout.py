"""The form of the checkout: who, where to, how, and what is agreed to; on one page."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from depesa.company.forms import LongSelect, countries
from depesa.company.queries import current
from depesa.core.languages import formatter, spoken
from depesa.core.texts import address_lines
from depesa.customers.models import Address
from depesa.customers.services.checks import check
from depesa.imports.rules.countries import find_country
from depesa.shop.forms.accounts import email_field, password_field
from depesa.shop.models import PaymentMethod, ShippingMethod, Way
from depesa.shop.queries import Money, way_price
from depesa.shop.services.orders import DELIVERY, PARTY, check_address
from depesa.ui.forms import refusals_shown

_AUTOCOMPLETE: Final = {
    "name": "name",
    "phone": "tel",
    "street": "street-address",
    "postcode": "postal-code",
    "city": "address-level2",
}
CODES: Final = ("company_code", "vat_code", "country")


def _text(label: Any, name: str, length: int, *, is_needed: bool = False) -> forms.CharField:
    known = _AUTOCOMPLETE.get(name.removeprefix("delivery_"))
    section = "shipping " if name.startswith("delivery_") else ""
    widget = forms.TextInput({"autocomplete": f"{section}{known}"} if known else {})
    return forms.CharField(label=label, max_length=length, required=is_needed, widget=widget)


def _country(section: str) -> forms.ChoiceField:
    widget = LongSelect({"autocomplete": f"{section} country"})
    return forms.ChoiceField(label=_("Country"), choices=countries, required=False, widget=widget)


def _in_one_line(address: Address) -> str:
    lines = address_lines(address.street, address.postcode, address.city, address.country)
    return ", ".join(filter(None, [address.name, *lines]))


class CheckoutForm(forms.Form):
    """Everything that an order needs."""

    name = _text(_("Name or company"), "name", 200, is_needed=True)
    email = email_field()
    phone = _text(_("Phone"), "phone", 40)
    street = _text(_("Street"), "street", 200)
    postcode = _text(_("Postcode"), "postcode", 20)
    city = _text(_("City"), "city", 100)
    country = _country("billing")
    company_code = _text(_("Company code"), "company_code", 32)
    vat_code = _text(_("VAT code"), "vat_code", 32)
    is_elsewhere = forms.BooleanField(label=_("Deliver to another address"), required=False)
    address = forms.ChoiceField(label=_("One of my addresses"), required=False)
    delivery_name = _text(_("Name of who receives it"), "delivery_name", 200)
    delivery_street = _text(_("Street"), "delivery_street", 200)
    delivery_postcode = _text(_("Postcode"), "delivery_postcode", 20)
    delivery_city = _text(_("City"), "delivery_city", 100)
    delivery_country = _country("shipping")
    shipping = forms.ChoiceField(label=_("Delivery"), widget=forms.RadioSelect)
    payment = forms.ChoiceField(label=_("Payment"), widget=forms.RadioSelect)
    note = forms.CharField(label=_("Note for us"), max_length=1000, required=False, widget=forms.Textarea({"rows": 3}))
    wants_account = forms.BooleanField(label=_("Create an account, to see my orders"), required=False)
    password = password_field(_("Password of the account"), is_new=True, required=False)
    wants_newsletter = forms.BooleanField(label=_("Send me the newsletter"), required=False)
    agrees = forms.BooleanField(label=_("I agree to the terms of sale"))
    key = forms.CharField(widget=forms.HiddenInput, max_length=50)

    def __init__(
        self,
        *args: Any,
        shipping: Sequence[ShippingMethod],
        payment: Sequence[PaymentMethod],
        money: Money,
        addresses: Iterable[Address] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        for name in ("country", "delivery_country"):
            self.initial[name] = find_country(str(self.initial.get(name) or "")) or current().country
        self.addresses = {str(address.pk): address for address in addresses}
        if self.addresses:
            known = [(key, _in_one_line(address)) for key, address in self.addresses.items()]
            self.fields["address"].choices = [("", _("another one, as written below")), *known]  # type: ignore[attr-defined]
        else:
            del self.fields["address"]
        self.ways = {way.code: way for way in shipping}
        self.payments = {way.code: way for way in payment}
        self._choices("shipping", [(way, self._price(way, money)) for way in shipping])
        self._choices("payment", [(way, self._price(way, money)) for way in payment])

    def _choices(self, name: str, priced: Sequence[tuple[Way, str]]) -> None:
        choices = [(way.code, f"{way} ({price})") for way, price in priced]
        self.fields[name].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields[name].initial = choices[0][0]

    def _price(self, way: Way, money: Money) -> str:
        if isinstance(way, ShippingMethod) and way.is_individual:
            return _now("price to be agreed")
        price = way_price(way, money)
        return formatter(spoken()).money_with_sign(price, money.currency) if price else _now("free")

    def clean(self) -> dict[str, Any]:
        """The address that is needed, the password if an account is wanted; nothing that was not asked for."""
        values = super().clean() or self.cleaned_data
        if not values.get("is_elsewhere"):
            values.update(dict.fromkeys(DELIVERY, ""))
        elif chosen := self.addresses.get(values.get("address", "")):
            values.update({field: getattr(chosen, field.removeprefix("delivery_")) for field in DELIVERY})
        for name, fault in check({name: values.get(name, "") for name in CODES}).faults.items():
            self.add_error(name, fault)
        with refusals_shown(self):
            check_address(values, self.ways.get(values.get("shipping", "")))
        if values.get("wants_account") and not values.get("password") and "password" not in self.errors:
            self.add_error("password", _("Choose a password for the account, or do without one."))
        return values

    def snapshot(self) -> dict[str, str]:
        """Who orders, where to, and the note."""
        return {name: self.cleaned_data.get(name, "") for name in (*PARTY, *DELIVERY, "note")}

    @property
    def chosen_shipping(self) -> ShippingMethod:
        return self.ways[self.cleaned_data["shipping"]]

    @property
    def chosen_payment(self) -> PaymentMethod:
        return self.payments[self.cleaned_data["payment"]]
