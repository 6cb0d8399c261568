"""The customer's account: register, sign in, forgotten password, orders, details, addresses, consents."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from depesa.core.inputs import read_key
from depesa.customers.models import Address, Consent
from depesa.customers.services import add_address, remove_address, withdraw
from depesa.shop.forms.accounts import (
    AddressForm,
    ChangePasswordForm,
    DetailsForm,
    NewPasswordForm,
    PasswordForm,
    RegistrationForm,
    SignInForm,
)
from depesa.shop.models import Account, LinkKind
from depesa.shop.queries import orders_of
from depesa.shop.services import accounts, links, newsletter
from depesa.shop.views.visitors import ShopRequest, ask_by_email, for_account, public
from depesa.ui.answers import at_exit
from depesa.ui.forms import posted, pressed, refusals_shown, saved, seen_in


@public
def register(request: ShopRequest) -> HttpResponse:
    """A new account; the answer is the same for whoever has one."""
    form = RegistrationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        visitor, values = request.visitor, form.cleaned_data
        asked = {name: values[name] for name in ("name", "email", "password")}
        with refusals_shown(form):
            if not form.is_trapped:
                accounts.register(**asked, language=visitor.language, machine=visitor.machine)
            return render(request, "shop/letter_sent.html", {"email": values["email"], "what": "registration"})
    return render(request, "shop/register.html", {"form": form}, status=422 if form.errors else 200)


@public
def activation(request: ShopRequest, token: str) -> HttpResponse:
    """The link of the registration letter: the password once more, then the account works."""
    link = links.found(LinkKind.ACTIVATION, token)
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        with refusals_shown(form):
            request.visitor.enter(
                accounts.activate(token, form.cleaned_data["password"], machine=request.visitor.machine)
            )
            messages.success(request, _("Your account works. You are signed in."))
            return redirect("shop:account", request.visitor.language)
    return render(request, "shop/activation.html", {"form": form, "link": link}, status=422 if form.errors else 200)


@public
def sign_in(request: ShopRequest) -> HttpResponse:
    """The door of the account."""
    form = SignInForm(request.POST or None)
    if form.is_valid():
        visitor, values = request.visitor, form.cleaned_data
        with refusals_shown(form):
            visitor.enter(accounts.sign_in(values["email"], values["password"], machine=visitor.machine))
            return redirect("shop:account", visitor.language)
    return render(request, "shop/sign_in.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@public
def sign_out(request: ShopRequest) -> HttpResponse:
    """Out of the account, and to the catalogue."""
    request.visitor.go()
    return at_exit(redirect("shop:home", request.visitor.language))


@public
def forgotten(request: ShopRequest) -> HttpResponse:
    """Ask for a link to a new password; the answer is the same whether there is an account."""
    return ask_by_email(request, accounts.ask_for_password, what="password", template="shop/forgotten.html")


@public
def new_password(request: ShopRequest, token: str) -> HttpResponse:
    """The link of the letter: a new password, once."""
    link = links.found(LinkKind.PASSWORD, token)
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        with refusals_shown(form):
            request.visitor.enter(accounts.set_password(token, form.cleaned_data["password"]))
            messages.success(request, _("The new password counts from now on. You are signed in."))
            return redirect("shop:account", request.visitor.language)
    return render(request, "shop/new_password.html", {"form": form, "link": link}, status=422 if form.errors else 200)


@require_safe
@public
@for_account
def account(request: ShopRequest) -> HttpResponse:
    """My orders."""
    page = Paginator(orders_of(_mine(request)), 20).get_page(request.GET.get("page"))
    shown = {"orders": [(each, each.state.name_in(each.language)) for each in page.object_list], "page": page}
    return render(request, "shop/account.html", shown)


@public
@for_account
def details(request: ShopRequest) -> HttpResponse:
    """Name, address and language of the customer; a POST keeps them."""
    card = _mine(request).customer
    form = DetailsForm(posted(request), instance=card)
    if saved(request, form, lambda: accounts.keep_details(card, form.cleaned_data, version=form.seen)):
        return redirect("shop:details", request.visitor.language)
    return _show_details(request, {"form": form})


@require_POST
@public
@for_account
def password(request: ShopRequest) -> HttpResponse:
    """Change the password."""
    form = ChangePasswordForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        with refusals_shown(form):
            mine = accounts.change_password(
                _mine(request), values["old_password"], values["password"], machine=request.visitor.machine
            )
            request.visitor.enter(mine)
            messages.success(request, _("The new password counts from now on."))
            return redirect("shop:details", request.visitor.language)
    return _show_details(request, {"password_form": form})


@require_POST
@public
@for_account
def address(request: ShopRequest) -> HttpResponse:
    """Add a delivery address, or take one away."""
    card = _mine(request).customer
    if named := request.POST.get("remove"):
        found = get_object_or_404(Address, customer=card, pk=read_key(named))
        remove_address(found, by=None, version=seen_in(request))
        return redirect("shop:details", request.visitor.language)
    form = AddressForm(request.POST)
    if form.is_valid():
        with refusals_shown(form):
            pressed(request, lambda: add_address(card, form.cleaned_data, by=None))
            return redirect("shop:details", request.visitor.language)
    return _show_details(request, {"address_form": form})


@require_POST
@public
@for_account
def consents(request: ShopRequest) -> HttpResponse:
    """Take a consent back, or subscribe to the newsletter."""
    card, wish = _mine(request).customer, request.POST.get("wish", "")
    if wish == "newsletter":
        newsletter.subscribe(card)
    elif wish == "no-newsletter":
        newsletter.leave(card)
    elif pk := read_key(wish):
        withdraw(get_object_or_404(Consent, customer=card, pk=pk), origin=links.ORIGIN)
    return redirect("shop:details", request.visitor.language)


def _show_details(request: ShopRequest, forms_of_page: dict[str, Any]) -> HttpResponse:
    card = _mine(request).customer
    shown = {
        "form": DetailsForm(instance=card),
        "password_form": ChangePasswordForm(),
        "address_form": AddressForm(prefix=""),
        "addresses": card.delivery_addresses.order_by("pk"),
        "consents": card.consents.filter(withdrawn_at=None).exclude(code=newsletter.CONSENT).order_by("pk"),
        "has_newsletter": card.newsletter == "yes",
        **forms_of_page,
    }
    is_wrong = any(form.errors for form in forms_of_page.values() if form.is_bound)
    return render(request, "shop/details.html", shown, status=422 if is_wrong else 200)


def _mine(request: ShopRequest) -> Account:
    assert request.visitor.account is not None  # noqa: S101 - see for_account
    return request.visitor.account
