"""Cart, checkout, and the page of an order for its customer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from depesa.catalog.models import Product
from depesa.company.queries import current
from depesa.core.inputs import read_key, read_number
from depesa.mail.frames import download
from depesa.orders.models import Item, ItemKind, Order
from depesa.shop.forms.accounts import NewPasswordForm
from depesa.shop.forms.checkout import CheckoutForm
from depesa.shop.models import Account
from depesa.shop.queries import Review, awaits_transfer, documents_of, payment_methods, shipping_methods, total_with
from depesa.shop.services import orders
from depesa.shop.services.orders import PARTY, Ordered, Wish
from depesa.shop.views.visitors import ShopRequest, Visitor, public
from depesa.ui.forms import refusals_shown


@public
def cart(request: ShopRequest) -> HttpResponse:
    """What was chosen; a POST adds a product, or says how many of each."""
    visitor = request.visitor
    if request.method == "POST":
        if pk := read_key(request.POST.get("add")):
            if Product.objects.on_sale().filter(pk=pk).exists():
                visitor.put(pk, visitor.chosen.get(str(pk), 0) + (_quantity(request.POST.get("quantity")) or 1))
        else:
            _count_again(visitor, request)
        return redirect("shop:cart", visitor.language)
    return render(request, "shop/cart.html", {"cart": visitor.cart})


def _count_again(visitor: Visitor, request: ShopRequest) -> None:
    removed = read_key(request.POST.get("remove"))
    for pk in visitor.chosen:
        if removed == int(pk):
            visitor.put(int(pk), 0)
        elif (quantity := _quantity(request.POST.get(f"quantity_{pk}"))) is not None:
            visitor.put(int(pk), quantity)


def _quantity(text: str | None) -> int | None:
    return read_number(text, most=999_999_999)


@public
def checkout(request: ShopRequest) -> HttpResponse:
    """Who, where to, how; then the whole sum; then it is an order."""
    visitor, step = request.visitor, request.POST.get("step", "")
    found = visitor.cart
    form = _form(request)
    if step == "order" and (known := orders.known_order(request.POST.get("key", "")[:50])):
        return _thank(request, Ordered(known))
    if form.is_bound and step != "change" and form.is_valid():
        review = Review(found, (form.chosen_shipping, form.chosen_payment))
        if step != "order" or (found.is_orderable and not review.is_as(request.POST.get("reviewed", ""))):
            return _review(request, form, review)
        if ordered := _order(form, visitor):
            return _thank(request, ordered)
    if not found.is_orderable and not form.is_bound:
        return redirect("shop:cart", visitor.language)
    is_wrong = form.is_bound and step != "change"
    shown = {"form": form, "cart": found, "total": total_with(found, []), "is_wrong": is_wrong}
    return render(request, "shop/checkout.html", shown, status=422 if is_wrong else 200)


def _thank(request: ShopRequest, ordered: Ordered) -> HttpResponse:
    """To the page of the order; a cart that is filled anew meanwhile stays."""
    visitor = request.visitor
    if visitor.key == ordered.order.checkout.key:
        visitor.empty_cart()
    messages.success(request, _("Thank you. We have your order, and a letter about it is on its way."))
    for sentence in ordered.put_off:
        messages.warning(request, sentence)
    return redirect("shop:order_page", visitor.language, ordered.order.token)


def _form(request: ShopRequest) -> CheckoutForm:
    """The form as it was sent; going back to change something, without complaints."""
    visitor = request.visitor
    typed = request.POST if request.method == "POST" else None
    return CheckoutForm(
        typed,
        shipping=shipping_methods(),
        payment=payment_methods(),
        money=visitor.money,
        addresses=visitor.account.customer.delivery_addresses.order_by("pk") if visitor.account else (),
        initial=_known(visitor.account) | {"key": visitor.key},
    )


def _review(request: ShopRequest, form: CheckoutForm, review: Review) -> HttpResponse:
    """What will be ordered and what it will cost, all in all, before it is ordered; and what is no longer as shown."""
    differences = review.differences(request.POST.get("reviewed", ""))
    shown = {
        "form": form,
        "cart": review.cart,
        "review": review,
        "differences": differences,
        "is_individual": form.chosen_shipping.is_individual,
    }
    return render(request, "shop/review.html", shown, status=409 if differences else 200)


def _known(account: Account | None) -> dict[str, Any]:
    """What the card of the account's customer says already."""
    if account is None:
        return {}
    return {name: getattr(account.customer, name) for name in PARTY} | {"email": account.email}


def _order(form: CheckoutForm, visitor: Visitor) -> Ordered | None:
    """Place the order, or show at the fields why not."""
    with refusals_shown(form):
        return orders.order(_wish(form, visitor))
    return None


def _wish(form: CheckoutForm, visitor: Visitor) -> Wish:
    values = form.cleaned_data
    return Wish(
        key=values["key"],
        cart=visitor.cart,
        reviewed=visitor.request.POST.get("reviewed", ""),
        values=form.snapshot(),
        shipping=form.chosen_shipping,
        payment=form.chosen_payment,
        language=visitor.language,
        machine=visitor.machine,
        account=visitor.account,
        password=values["password"] if values["wants_account"] and visitor.account is None else "",
        wants_newsletter=values["wants_newsletter"],
    )


@login_not_required
@require_safe
def order(_request: HttpRequest, token: UUID) -> HttpResponse:
    """To the order's page in the order's language; letters link here."""
    found = get_object_or_404(Order.objects.present(), token=token)
    return redirect("shop:order_page", found.language, token)


@public
def order_page(request: ShopRequest, token: UUID) -> HttpResponse:
    """The order for its customer: what, where it stands, how to pay, documents; a guest may make an account of it."""
    found = get_object_or_404(Order.objects.present().select_related("state", "customer"), token=token)
    form = NewPasswordForm(request.POST or None)
    is_registered = False
    if request.method == "POST" and form.is_valid() and _may_register(request, found):
        is_registered = _register(form, found, request.visitor)
    goods = Item.objects.filter(order=found).order_by("position", "pk")
    shown = {
        "order": found,
        "items": goods,
        "state": found.state.name_in(found.language),
        "documents": documents_of(found),
        "company": current(),
        "is_to_pay": awaits_transfer(found),
        "form": form if _may_register(request, found) and not is_registered else None,
        "is_registered": is_registered,
        "has_shipping": any(item.kind == ItemKind.SHIPPING for item in goods),
    }
    return render(request, "shop/order.html", shown, status=422 if form.errors else 200)


def _may_register(request: ShopRequest, found: Order) -> bool:
    """Whoever has an account already is offered one all the same: the letter says the rest, and no page tells."""
    return request.visitor.account is None and not found.has_account


def _register(form: NewPasswordForm, found: Order, visitor: Visitor) -> bool:
    with refusals_shown(form):
        orders.register_with(found, form.cleaned_data["password"], machine=visitor.machine)
        return True
    return False


@require_safe
@public
def document(request: ShopRequest, token: UUID, pk: int) -> HttpResponse:
    """A document of the order as a file."""
    found = get_object_or_404(Order.objects.present(), token=token)
    row = next((each for each in documents_of(found) if each.pk == pk), None)
    if row is None or row.paper is None:
        raise Http404(_("The document is being prepared."))
    return download(bytes(row.paper.blob.content), name=row.paper.name)
