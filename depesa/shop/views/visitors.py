"""Who visits the shop: language, account and cart, apart from the sign-in of the desk."""

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from depesa.core.errors import DomainError
from depesa.core.inputs import machine_of
from depesa.core.languages import speaking
from depesa.shop.forms.accounts import EmailForm
from depesa.shop.models import Account, Shop
from depesa.shop.queries import MOST_LINES, MOST_OF_ONE, Cart, Money, cart_of, money_for, name_of, the_shop
from depesa.staff.services.sessions import WRITTEN_EVERY, lasts
from depesa.ui.forms import refusals_shown

_PLACE: Final = "shop"  # in the session; the desk keeps its own keys there


@dataclass(slots=True)
class Visitor:
    """Somebody in the shop, with or without account."""

    request: HttpRequest
    shop: Shop
    language: str
    account: Account | None
    money: Money

    @property
    def shop_name(self) -> str:
        return name_of(self.shop)

    @property
    def machine(self) -> str:
        """From where the visitor comes."""
        return machine_of(self.request)

    @property
    def chosen(self) -> dict[str, int]:
        """What lies in the cart: quantities by product id."""
        return dict(self._kept.get("cart", {}))

    @property
    def cart(self) -> Cart:
        """The cart with the prices of now."""
        return cart_of(self.chosen, self.money)

    @property
    def count(self) -> int:
        """How many pieces lie in the cart."""
        return sum(self.chosen.values())

    @property
    def key(self) -> str:
        """Of this cart: the order that comes from it is made once."""
        return str(self._kept.get("key", ""))

    def put(self, product_id: int, quantity: int) -> None:
        """So many of the product lie in the cart from now on."""
        chosen = self.chosen
        chosen[str(product_id)] = min(quantity, MOST_OF_ONE)
        chosen = {pk: count for pk, count in chosen.items() if count > 0}
        if len(chosen) <= MOST_LINES:
            self._keep(cart=chosen, key=self.key or uuid4().hex)

    def empty_cart(self) -> None:
        """The cart has become an order."""
        self._keep(cart={}, key=uuid4().hex)

    def enter(self, account: Account) -> None:
        """Signed in from now on, under a new session key."""
        self.request.session.cycle_key()
        now = time.time()
        self._keep(account=account.pk, epoch=account.epoch, began=now, used=now)
        self.account = account

    def go(self) -> None:
        """Signed out; the desk's own sign-in, if there is one, stays."""
        self.request.session.cycle_key()
        self._keep(account=None, epoch=None, cart={}, key="")
        self.account = None

    @property
    def _kept(self) -> dict[str, Any]:
        return dict(self.request.session.get(_PLACE, {}))

    def _keep(self, **values: Any) -> None:
        self.request.session[_PLACE] = self._kept | values


def _account_of(request: HttpRequest) -> Account | None:
    kept = request.session.get(_PLACE, {})
    if not kept.get("account") or not lasts(kept["began"], kept["used"]):
        return None
    if time.time() - kept["used"] >= WRITTEN_EVERY:
        request.session[_PLACE] = kept | {"used": time.time()}
    active = Account.objects.select_related("customer").filter(pk=kept["account"], activated_at__isnull=False)
    return active.filter(epoch=kept.get("epoch")).first()


class ShopRequest(HttpRequest):
    visitor: Visitor
    LANGUAGE_CODE: str


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of the shop: for everybody, in the language of its address, while the shop is open."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @login_not_required
    @functools.wraps(view)
    def opened(request: ShopRequest, language: str, *args: Any, **kwargs: Any) -> HttpResponse:
        with speaking(language):
            account, shop = _account_of(request), the_shop()
            request.LANGUAGE_CODE = language
            request.visitor = Visitor(request, shop, language, account, money_for(account))
            if not shop.is_open:
                return _in_language(render(request, "shop/closed.html", status=404), language)
            return _in_language(_told_in_shop(request, lambda: view(request, *args, **kwargs)), language)

    return opened


def _told_in_shop(request: ShopRequest, ask: Callable[[], HttpResponse]) -> HttpResponse:
    """What the view answers; what is refused or is not there is said on a page of the shop."""
    try:
        return ask()
    except Http404:
        return render(request, "shop/absence.html", status=404)
    except DomainError as refusal:
        return render(request, "shop/refused.html", {"refusal": refusal}, status=409)


def _in_language(answer: HttpResponse, language: str) -> HttpResponse:
    answer.headers["Content-Language"] = language
    return answer


def for_account(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for who has signed in to the shop; others are led to its door."""

    @functools.wraps(view)
    def admitted(request: ShopRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.visitor.account is None:
            return redirect("shop:sign_in", request.visitor.language)
        return view(request, *args, **kwargs)

    return admitted


def ask_by_email(request: ShopRequest, ask: Callable[..., None], *, what: str, template: str) -> HttpResponse:
    """Ask for a letter with a link to the address given; the answer is the same whatever is known of it."""
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        with refusals_shown(form):
            if not form.is_trapped:
                ask(email, language=request.visitor.language, machine=request.visitor.machine)
            return render(request, "shop/letter_sent.html", {"email": email, "what": what})
    return render(request, template, {"form": form}, status=422 if form.errors else 200)
