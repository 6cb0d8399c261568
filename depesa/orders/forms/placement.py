"""Placing an order by hand, step by step: every step travels with the page, so that nothing typed is lost."""

from decimal import Decimal
from typing import Any, Final, override

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from depesa.catalog.models import PriceList
from depesa.catalog.queries import default_price_list
from depesa.company.queries import current
from depesa.core.money import check_rate
from depesa.customers.models import Customer
from depesa.imports.forms.fields import CurrencyCleaned, NumberField
from depesa.orders.forms.items import lines_from, lines_with
from depesa.orders.forms.orders import PartyForm
from depesa.orders.models import Order, PaymentKind
from depesa.orders.services import DELIVERY, PARTY, ItemDraft, OrderDraft, Way
from depesa.ui.forms import KeyField

STEPS: Final = ("customer", "items", "ways", "summary")
ROWS: Final = 3


class CustomerStep(CurrencyCleaned, PartyForm):
    """Who orders, where it goes, in which prices."""

    chosen = KeyField()

    class Meta:
        model = Order
        fields = (*PARTY, *DELIVERY, "language", "currency", "price_list", "includes_vat", "is_reverse_charge")
        help_texts = {"includes_vat": gettext_lazy("With a price list, as the list says.")}

    def clean_includes_vat(self) -> bool:
        """As the price list says, whose prices the items have."""
        prices: PriceList | None = self.cleaned_data.get("price_list")
        ticked: bool = self.cleaned_data["includes_vat"]
        return prices.includes_vat if prices else ticked


class WaysStep(forms.Form):
    """How it is shipped and paid, and what that costs."""

    shipping_name = forms.CharField(label=gettext_lazy("Shipping"), max_length=100, required=False)
    shipping_price = NumberField(label=gettext_lazy("Price of shipping"), required=False)
    is_individual_shipping = forms.BooleanField(
        label=gettext_lazy("the price of shipping is to be agreed: the order becomes unresolved"), required=False
    )
    payment_name = forms.CharField(label=gettext_lazy("Payment"), max_length=100, required=False)
    payment_kind = forms.ChoiceField(label=gettext_lazy("Way of payment"), choices=PaymentKind.choices)
    payment_price = NumberField(label=gettext_lazy("Price of payment"), required=False)
    ways_vat_rate = NumberField(
        label=gettext_lazy("VAT % of both"),
        required=False,
        validators=[check_rate],
        help_text=gettext_lazy("Left empty: that of most of the goods."),
    )

    @override
    def clean(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        for name, price in (("shipping_name", "shipping_price"), ("payment_name", "payment_price")):
            if values.get(price) and not values.get(name):
                self.add_error(name, _("Name what the price is for."))
            if (values.get(price) or 0) < 0:
                self.add_error(price, _("A price is not below 0; write a discount as an item."))
        if values.get("is_individual_shipping") and values.get("shipping_price"):
            self.add_error("shipping_price", _("The price is to be agreed: leave it empty, or clear the tick."))
        return values


class SummaryStep(forms.Form):
    """What is left to say before the order is placed."""

    number = forms.CharField(
        label=gettext_lazy("Number"), max_length=40, required=False, help_text=gettext_lazy("Left empty: the next one.")
    )
    variable_symbol = forms.CharField(
        label=gettext_lazy("Variable symbol"),
        max_length=10,
        required=False,
        help_text=gettext_lazy("Left empty: the digits of the number."),
    )
    external_number = forms.CharField(label=gettext_lazy("Number elsewhere"), max_length=60, required=False)
    note = forms.CharField(label=gettext_lazy("Customer's note"), widget=forms.Textarea({"rows": 3}), required=False)
    internal_note = forms.CharField(
        label=gettext_lazy("Internal note"), widget=forms.Textarea({"rows": 3}), required=False
    )
    send_emails = forms.BooleanField(label=gettext_lazy("send e-mails"), required=False)


class Steps:
    """The steps of one order on its way: the one that is shown, the others hidden but with what was typed."""

    def __init__(self, data: QueryDict | None = None) -> None:
        self.customer: CustomerStep = CustomerStep(data, initial=None if data else usual_customer())
        self.items: Any = lines_from(data) if data else lines_with([{} for _n in range(ROWS)])
        self.ways = WaysStep(data, initial={"payment_kind": "transfer"})
        self.summary = SummaryStep(data, initial={"send_emails": True})

    def form_of(self, step: str) -> Any:
        return getattr(self, step)

    def first_wrong(self, until: str) -> str:
        """The first step up to this one in which something is wrong; empty if all is well."""
        steps = STEPS[: STEPS.index(until) + 1]
        return next((step for step in steps if not self.form_of(step).is_valid()), "")

    @property
    def prices(self) -> dict[str, Any]:
        """In which prices the items are: list, currency, with or without VAT, and the language of their names."""
        if not self.customer.is_bound:
            return usual_customer()
        self.customer.is_valid()
        return usual_customer() | {k: v for k, v in self.customer.cleaned_data.items() if k in _PRICES}

    def draft(self, items: list[ItemDraft]) -> OrderDraft:
        """The order, once every step is right."""
        values, ways, last = self.customer.cleaned_data, self.ways.cleaned_data, self.summary.cleaned_data
        rate = ways["ways_vat_rate"]
        names = ("language", "currency", "price_list", "includes_vat", "is_reverse_charge")
        texts = ("number", "variable_symbol", "external_number", "note", "internal_note")
        return OrderDraft(
            items=items,
            customer=Customer.objects.filter(pk=values["chosen"]).first(),
            party={name: values[name] for name in PARTY},
            delivery={name: values[name] for name in DELIVERY},
            shipping=_way(ways["shipping_name"], ways["shipping_price"], rate),
            payment=_way(ways["payment_name"], ways["payment_price"], rate),
            payment_kind=ways["payment_kind"],
            is_individual_shipping=ways["is_individual_shipping"],
            **{name: values[name] for name in names},
            **{name: last[name] for name in texts},
        )


_PRICES: Final = ("price_list", "currency", "includes_vat", "language")


def _way(name: str, price: Decimal | None, rate: Decimal | None) -> Way | None:
    return Way(name=name, price=price or Decimal(0), vat_rate=rate) if name else None


def usual_customer() -> dict[str, Any]:
    """What the first step begins with: the firm's language, the default prices."""
    usual = default_price_list()
    return {
        "language": current().language,
        "currency": usual.currency,
        "price_list": usual.pk and usual,
        "includes_vat": usual.includes_vat,
    }


def from_card(card: Customer) -> dict[str, Any]:
    """The first step as the customer's card says."""
    prices: PriceList = card.price_list or default_price_list()
    found: dict[str, Any] = {name: getattr(card, name) for name in PARTY}
    return found | {
        "chosen": card.pk,
        "language": card.language or current().language,
        "currency": prices.currency,
        "price_list": prices.pk and prices,
        "includes_vat": prices.includes_vat,
    }
