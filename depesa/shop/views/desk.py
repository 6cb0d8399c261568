"""The shop at the desk: settings, ways of delivery and payment, messages of visitors."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.debug import sensitive_variables

from depesa.core.search import has_words
from depesa.outbox.queries import slips_concerning
from depesa.shop.forms.desk import AnswerForm, PaymentForm, ShippingForm, ShopForm
from depesa.shop.models import Message, PaymentMethod, ShippingMethod
from depesa.shop.queries import the_shop
from depesa.shop.services import contact
from depesa.shop.services import settings as shop_settings
from depesa.staff.policy import DeskRequest, acts, asks, grave
from depesa.staff.rules import Right
from depesa.ui.answers import answer_list
from depesa.ui.filters import Yes
from depesa.ui.forms import Back, answer_form, posted, pressed, refusals_shown, saved, show_secret
from depesa.ui.lists import Column, List, Sort
from depesa.ui.templatetags.ui import badge

MESSAGES: Final = List[Message](
    name="shop-messages",
    title=gettext_lazy("Messages from the shop"),
    columns=[
        Column("received", gettext_lazy("received"), lambda row: row.received_at, width="tight"),
        Column("name", gettext_lazy("from"), str, width="cut", is_link=True),
        Column("text", gettext_lazy("message"), lambda row: row.text.split("\n")[0], width="long"),
        Column("email", gettext_lazy("e-mail"), lambda row: row.email, width="wide"),
        Column("order", gettext_lazy("order"), lambda row: str(row.order or ""), width="wide"),
        Column("state", gettext_lazy("state"), lambda row: row.is_open, draw=lambda row: _draw_state(row)),
    ],
    sorts=[Sort("received", ["-received_at", "-id"])],
    filters=[
        Yes(
            "open",
            gettext_lazy("waiting for an answer"),
            where=lambda rows, _yes: rows.filter(answered_at=None, closed_at=None),
        )
    ],
    search=lambda rows, text: rows.filter(has_words(Message, text)),
    search_label=gettext_lazy("Name or e-mail"),
    has_marks=False,
)


def _draw_state(row: Message) -> SafeString:
    if row.answered_at:
        return badge(word=pgettext_lazy("message", "answered"), tone="good", icon="check")
    if row.closed_at:
        return badge(word=pgettext_lazy("message", "closed"), tone="calm", icon="minus")
    return badge(word=pgettext_lazy("message", "waiting"), tone="bad", icon="clock")


@asks(Right.SET_UP)
def settings(request: DeskRequest) -> HttpResponse:
    """The shop: open or not, its name and terms, ways of delivery and payment, the secret of the gateway."""
    form = ShopForm(request.POST or None, instance=the_shop())
    if saved(request, form, lambda: shop_settings.save_shop(form.values(), version=form.seen, by=request.user)):
        return redirect("shop_desk:settings")
    shown = {
        "form": form,
        "shop": the_shop(),
        "shipping": ShippingMethod.objects.all(),
        "payment": PaymentMethod.objects.all(),
        "gateway_url": request.build_absolute_uri(reverse("shop:payment")),
    }
    return render(request, "shop/desk/settings.html", shown, status=422 if form.errors else 200)


@grave()
@acts(Right.SET_UP)
@sensitive_variables("made")
def secret(request: DeskRequest) -> HttpResponse:
    """A new secret for the payment gateway, shown once."""
    made = shop_settings.renew_secret(by=request.user)
    label = _("The payment gateway signs its messages with this secret:")
    return show_secret(request, made, label, _("Payment gateway"), Back(_("Shop"), "shop_desk:settings"))


@asks(Right.SET_UP)
def new_shipping(request: DeskRequest) -> HttpResponse:
    """Offer a way of delivery."""
    return _answer_way(request, ShippingForm, ShippingMethod(), _("New way of delivery"))


@asks(Right.SET_UP)
def shipping(request: DeskRequest, pk: int) -> HttpResponse:
    """Change a way of delivery."""
    found = get_object_or_404(ShippingMethod, pk=pk)
    return _answer_way(request, ShippingForm, found, str(found))


@asks(Right.SET_UP)
def new_payment(request: DeskRequest) -> HttpResponse:
    """Offer a way of payment."""
    return _answer_way(request, PaymentForm, PaymentMethod(), _("New way of payment"))


@asks(Right.SET_UP)
def payment(request: DeskRequest, pk: int) -> HttpResponse:
    """Change a way of payment."""
    found = get_object_or_404(PaymentMethod, pk=pk)
    return _answer_way(request, PaymentForm, found, str(found))


def _answer_way(request: DeskRequest, kind: Any, found: ShippingMethod | PaymentMethod, title: str) -> HttpResponse:
    form = kind(posted(request), instance=found)
    if saved(request, form, lambda: shop_settings.save_way(found, form.values(), version=form.seen, by=request.user)):
        return redirect("shop_desk:settings")
    return answer_form(request, form, title, Back(_("Shop"), "shop_desk:settings"))


@asks(Right.SEE)
def messages_list(request: DeskRequest) -> HttpResponseBase:
    """What visitors wrote, newest first."""
    rows = Message.objects.select_related("order")
    context = {"empty_template": "shop/desk/no_messages.html"}
    return answer_list(request, MESSAGES, rows, template="shop/desk/messages.html", context=context)


@asks(Right.SEE)
def message(request: DeskRequest, pk: int) -> HttpResponse:
    """One message with our answers; a POST answers it."""
    found = get_object_or_404(Message.objects.select_related("customer", "order"), pk=pk)
    may_answer = request.user.may(Right.SEND)
    form = AnswerForm(request.POST if request.method == "POST" and may_answer else None)
    if form.is_bound and form.is_valid():
        with refusals_shown(form):
            pressed(request, lambda: contact.answer(found, form.cleaned_data["text"], by=request.user))
            messages.success(request, _("The answer leaves soon."))
            return redirect(found)
    shown = {"message": found, "replies": found.replies.select_related("by"), "form": form, "may_answer": may_answer}
    shown["slips"] = slips_concerning(found.ref, request.user)
    return render(request, "shop/desk/message.html", shown, status=422 if form.errors else 200)


@acts(Right.WRITE)
def close(request: DeskRequest, pk: int) -> HttpResponse:
    """The message needs no answer."""
    found = get_object_or_404(Message, pk=pk)
    contact.close(found, by=request.user)
    return redirect(found)
