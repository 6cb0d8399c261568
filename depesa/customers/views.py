"""Pages of customers: list, card, contacts, delivery addresses."""

from typing import Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from depesa.catalog.models import PriceList
from depesa.core.languages import choices
from depesa.customers import queries, services
from depesa.customers.forms import AddressForm, CheckedForm, ConsentForm, ContactForm, CustomerForm
from depesa.customers.models import Address, Consent, Contact, Customer, Group, Kind, found_by, unreachable
from depesa.staff.policy import DeskRequest, acts, asks, grave, shows, takes_along
from depesa.staff.rules import Right
from depesa.ui.answers import answer_list
from depesa.ui.filters import Choice, Yes
from depesa.ui.forms import Back, answer_form, pressed, refusals_shown, refusals_told, seen_in
from depesa.ui.lists import Column, List, Sort
from depesa.ui.templatetags.ui import badge

REMOVABLE: Final = "customers/removable_form.html"

# What the page of a customer shows at places of its own; every other field of the card stands below these.
PLACED: Final = {
    "code", "name", "kind", "company_code", "vat_code", "street", "postcode", "city", "country", "email", "phone",
    "language", "salutation", "vocative", "newsletter", "copy_format", "note", "is_blocked", "blocked_reason",
    "price_list",
}  # fmt: skip


CUSTOMERS: Final = List[Customer](
    name="customers",
    title=gettext_lazy("Customers"),
    columns=[
        Column("code", gettext_lazy("code"), lambda row: row.code, width="tight"),
        Column("name", gettext_lazy("name"), lambda row: row.name, width="long", is_link=True),
        Column(
            "email", gettext_lazy("e-mail"), lambda row: row.email, template="customers/cells/email.html", width="cut"
        ),
        Column("city", gettext_lazy("city"), lambda row: row.city, width="wide"),
        Column("country", gettext_lazy("country"), lambda row: row.country, width="wide"),
        Column(
            "blocked",
            gettext_lazy("blocked"),
            lambda row: row.is_blocked,
            draw=lambda row: badge("blocked") if row.is_blocked else SafeString(),
        ),
        Column("company_code", gettext_lazy("company code"), lambda row: row.company_code, is_only_in_files=True),
        Column("vat_code", gettext_lazy("VAT code"), lambda row: row.vat_code, is_only_in_files=True),
        Column("street", gettext_lazy("street"), lambda row: row.street, is_only_in_files=True),
        Column("postcode", gettext_lazy("postcode"), lambda row: row.postcode, is_only_in_files=True),
        Column("phone", gettext_lazy("phone"), lambda row: row.phone, is_only_in_files=True),
        Column("language", gettext_lazy("language"), lambda row: row.get_language_display(), is_only_in_files=True),
        Column("kind", gettext_lazy("kind"), lambda row: row.get_kind_display(), is_only_in_files=True),
        Column(
            "groups",
            gettext_lazy("groups"),
            lambda row: ", ".join(group.name for group in row.groups.all()),
            is_only_in_files=True,
        ),
        Column("prices", gettext_lazy("price list"), lambda row: str(row.price_list or ""), is_only_in_files=True),
    ],
    sorts=[
        Sort("name", ["name_key", "id"]),
        Sort("code", ["code_key", "id"]),
        Sort("email", ["email_key", "name_key", "id"]),
    ],
    filters=[
        Yes("unreachable", gettext_lazy("without e-mail"), where=lambda rows, _yes: rows.filter(unreachable())),
        Yes("blocked", gettext_lazy("blocked"), where="is_blocked"),
        Choice("group", gettext_lazy("group"), choices=Group.objects.all(), where="groups"),
        Choice("kind", gettext_lazy("kind"), choices=Kind.choices, where="kind"),
        Choice("prices", gettext_lazy("price list"), choices=PriceList.objects.order_by("name"), where="price_list"),
        Choice("language", gettext_lazy("language"), choices=choices, where="language"),
    ],
    search=lambda rows, text: rows.filter(found_by(text)),
    search_label=gettext_lazy("Name, code or e-mail"),
)


@grave(takes_along)
@asks(Right.SEE)
def customers(request: DeskRequest) -> HttpResponseBase:
    rows = Customer.objects.visible_to(request.user).select_related("price_list").prefetch_related("contacts", "groups")
    context = {"empty_template": "customers/no_customers.html", "may_write": request.user.may(Right.WRITE)}
    return answer_list(request, CUSTOMERS, rows, template="customers/customers.html", context=context)


@shows(Right.SEE)
def customer(request: DeskRequest, pk: int) -> HttpResponse:
    """One customer: card, contacts, addresses, consents, and the pieces of higher apps."""
    card = _card(request, pk)
    shown = {
        "customer": card,
        "contacts": card.contacts.order_by("id"),
        "addresses": card.delivery_addresses.order_by("id"),
        "others": queries.others_with_address(card.email, besides=card.pk),
        "goes_to": queries.statement_addresses([card])[card.pk],
        "groups": card.groups.all(),
        "consents": [(each, each.is_in_force(timezone.localdate())) for each in card.consents.order_by("-id")],
        "further": queries.named_values(card, [name for name in services.FIELDS if name not in PLACED]),
        "may_write": request.user.may(Right.WRITE),
    }
    return render(request, "customers/customer.html", shown)


@asks(Right.WRITE)
def new(request: DeskRequest) -> HttpResponse:
    """Enter a customer."""
    form = CustomerForm(request.POST or None)
    if form.is_valid():
        with refusals_shown(form):
            card = services.create(form.chosen(), by=request.user)
            _say_saved(request, form, card.email, besides=card.pk)
            return redirect(card)
    back = Back(_("Customers"), "customers:customers")
    return answer_form(request, form, _("New customer"), back)


@asks(Right.WRITE)
def edit(request: DeskRequest, pk: int) -> HttpResponse:
    """Change the card."""
    card = _card(request, pk)
    form = CustomerForm(request.POST or None, instance=card)
    if form.is_valid():
        with refusals_shown(form):
            saved = services.change(card, form.chosen(), version=form.cleaned_data["version"], by=request.user)
            _say_saved(request, form, saved.email, besides=saved.pk)
            return redirect(saved)
    return answer_form(request, form, card.name, _back(card))


@asks(Right.WRITE)
def new_contact(request: DeskRequest, pk: int) -> HttpResponse:
    """Add somebody who gets letters."""
    card = _card(request, pk)
    form = ContactForm(request.POST or None, initial={"email": "" if card.contacts.exists() else card.email})
    if form.is_valid():
        with refusals_shown(form):
            saved = services.add_contact(card, form.cleaned_data, by=request.user)
            _say_saved(request, form, saved.email, besides=card.pk)
            return redirect(card)
    return answer_form(request, form, _("New contact"), _back(card))


@asks(Right.WRITE)
def contact(request: DeskRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Contact.objects.select_related("customer"), pk=pk)
    form = ContactForm(request.POST or None, instance=found)
    if form.is_valid():
        with refusals_shown(form):
            saved = services.change_contact(found, form.cleaned_data, version=form.seen, by=request.user)
            _say_saved(request, form, saved.email, besides=found.customer_id)
            return redirect(found.customer)
    removal = {"url": reverse("customers:contact_removal", args=[pk]), "label": _("Remove this contact")}
    return answer_form(request, form, str(found), _back(found.customer), REMOVABLE, removal=removal)


@acts(Right.WRITE)
def contact_removal(request: DeskRequest, pk: int) -> HttpResponse:
    """Take a contact away."""
    found = get_object_or_404(Contact.objects.select_related("customer"), pk=pk)
    with refusals_told(request):
        services.remove_contact(found, by=request.user, version=seen_in(request))
        messages.success(request, _("%(name)s was removed from the contacts.") % {"name": found})
        return redirect(found.customer)
    return redirect("customers:contact", pk)


@asks(Right.WRITE)
def new_address(request: DeskRequest, pk: int) -> HttpResponse:
    """Add a place to deliver to."""
    card = _card(request, pk)
    form = AddressForm(request.POST or None)
    if form.is_valid():
        pressed(request, lambda: services.add_address(card, form.cleaned_data, by=request.user))
        return redirect(card)
    return answer_form(request, form, _("New delivery address"), _back(card))


@asks(Right.WRITE)
def address(request: DeskRequest, pk: int) -> HttpResponse:
    """Change a delivery address."""
    found = get_object_or_404(Address.objects.select_related("customer"), pk=pk)
    form = AddressForm(request.POST or None, instance=found)
    if form.is_valid():
        with refusals_shown(form):
            services.change_address(found, form.cleaned_data, version=form.seen, by=request.user)
            return redirect(found.customer)
    title = found.name or _("Delivery address")
    removal = {"url": reverse("customers:address_removal", args=[pk]), "label": _("Remove this address")}
    return answer_form(request, form, title, _back(found.customer), REMOVABLE, removal=removal)


@acts(Right.WRITE)
def address_removal(request: DeskRequest, pk: int) -> HttpResponse:
    """Take a delivery address away."""
    found = get_object_or_404(Address.objects.select_related("customer"), pk=pk)
    with refusals_told(request):
        services.remove_address(found, by=request.user, version=seen_in(request))
        messages.success(request, _("The delivery address was removed."))
        return redirect(found.customer)
    return redirect("customers:address", pk)


@asks(Right.WRITE)
def new_consent(request: DeskRequest, pk: int) -> HttpResponse:
    """Note that the customer agreed to something."""
    card = _card(request, pk)
    form = ConsentForm(request.POST or None)
    if form.is_valid():
        services.agree_by_name(card, **form.cleaned_data, by=request.user)
        return redirect(card)
    known = [name for _code, name in queries.known_consents()]
    return answer_form(request, form, _("New consent"), _back(card), "customers/consent_form.html", known=known)


@acts(Right.WRITE)
def withdrawal(request: DeskRequest, pk: int) -> HttpResponse:
    """Note that the customer takes a consent back."""
    found = get_object_or_404(Consent.objects.select_related("customer"), pk=pk)
    services.withdraw(found, by=request.user)
    messages.success(request, _("%(name)s: the consent is withdrawn.") % {"name": found})
    return redirect(found.customer)


def _card(request: DeskRequest, pk: int) -> Customer:
    return get_object_or_404(Customer.objects.visible_to(request.user).select_related("price_list"), pk=pk)


def _back(card: Customer) -> Back:
    return Back(card.name, card)


def _say_saved(request: DeskRequest, form: CheckedForm, email: str, *, besides: int) -> None:
    messages.success(request, " ".join([_("Saved."), *form.notices]))
    for other in queries.others_with_address(email, besides=besides):
        text = _("%(email)s is also used by customer %(code)s, %(name)s.")
        messages.warning(request, text % {"email": email, "code": other.code, "name": other.name})
