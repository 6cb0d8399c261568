"""Settings → API and webhooks: tokens, shops that tell us, addresses that we tell."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from depesa.api import queries, services
from depesa.api.forms.pages import SourceForm, SubscriptionForm, TokenForm
from depesa.api.models import Source, Subscription
from depesa.api.services.inbound import forget_refusals, save_source
from depesa.staff.policy import DeskRequest, acts, asks, grave, shows
from depesa.staff.rules import Right
from depesa.ui.forms import Back, answer_form, refusals_shown, show_secret


@shows(Right.SET_UP)
def overview(request: DeskRequest) -> HttpResponse:
    """The tokens that concern this user, every shop and address."""
    shown = {
        "tokens": queries.tokens_of(request.user),
        "sources": queries.sources(),
        "subscriptions": queries.subscriptions(),
    }
    return render(request, "api/overview.html", shown)


@shows(Right.SEE)
def needs(request: DeskRequest) -> HttpResponse:
    """What the start page says of addresses that were given up; nothing when all is well."""
    return render(request, "api/needs.html", {"count": queries.given_up(), "refusing": queries.refusing()})


@shows(Right.SEE)
def tokens(request: DeskRequest) -> HttpResponse:
    """One's own tokens, and for an administrator everybody's."""
    return render(request, "api/tokens.html", {"tokens": queries.tokens_of(request.user)})


@grave()
@asks(Right.SET_UP)
@sensitive_variables("text")
def new_token(request: DeskRequest) -> HttpResponse:
    """A further token; its text is shown once."""
    form = TokenForm(request.POST or None)
    if form.is_valid():
        with refusals_shown(form):
            token, text = services.make_token(**form.cleaned_data, by=request.user)
            return show_secret(request, text, _("The token:"), token.name, _back())
    return answer_form(request, form, _("New token"), _back())


@acts(Right.SEE)
def revoke(request: DeskRequest, pk: int) -> HttpResponse:
    """Let nobody in with this token any more: one's own, or any if one manages users."""
    token = get_object_or_404(queries.tokens_of(request.user), pk=pk)
    services.revoke(token, by=request.user)
    messages.success(request, _("The token %(name)s lets nobody in any more.") % {"name": token})
    return redirect("api:overview" if request.user.may(Right.SET_UP) else "api:tokens")


@grave()
@asks(Right.SET_UP)
def new_subscription(request: DeskRequest) -> HttpResponse:
    """A further address to tell; the secret that signs is shown once."""
    form = SubscriptionForm(request.POST or None)
    if form.is_valid():
        with refusals_shown(form):
            made, secret = services.subscribe(form.cleaned_data["url"], form.cleaned_data["topics"], by=request.user)
            return show_secret(request, secret, _("Each call is signed with this secret:"), str(made), _back())
    return answer_form(request, form, _("New webhook"), _back())


@acts(Right.SET_UP)
def resume(request: DeskRequest, pk: int) -> HttpResponse:
    """Tell an address again that was given up."""
    found = get_object_or_404(Subscription, pk=pk)
    services.resume(found, by=request.user)
    messages.success(request, _("%(url)s is told again, also what it has missed.") % {"url": found})
    return redirect("api:overview")


@acts(Right.SET_UP)
def unsubscribe(request: DeskRequest, pk: int) -> HttpResponse:
    """Tell an address nothing more."""
    found = get_object_or_404(Subscription, pk=pk)
    services.unsubscribe(found, by=request.user)
    messages.success(request, _("%(url)s is told nothing more.") % {"url": found})
    return redirect("api:overview")


@grave()
@asks(Right.SET_UP)
def new_source(request: DeskRequest) -> HttpResponse:
    """A further shop that tells us."""
    return _source(request, Source(), _("New shop"))


@grave()
@asks(Right.SET_UP)
def source(request: DeskRequest, pk: int) -> HttpResponse:
    """One shop that tells us: its secret, its states, what was wrong last."""
    found = get_object_or_404(Source, pk=pk)
    return _source(request, found, found.name)


def _source(request: DeskRequest, found: Source, title: str) -> HttpResponse:
    form = SourceForm(request.POST or None, instance=found)
    if form.is_valid():
        values = form.cleaned_data | {"states": form.cleaned_data["table"]}
        with refusals_shown(form):
            found = save_source(found, values, secret=values["secret"], version=form.seen, by=request.user)
            messages.success(request, _("%(name)s is kept.") % {"name": found})
            return redirect("api:source", pk=found.pk)
    address = request.build_absolute_uri(f"/api/v1/webhooks/{found.key}/")
    back, source = _back(), found if found.pk else None
    refusals = queries.refusals_of(found)
    shown = {"source": source, "address": address, "refusals": refusals}
    return answer_form(request, form, title, back, "api/source.html", **shown)


@acts(Right.SET_UP)
def forget(request: DeskRequest, pk: int) -> HttpResponse:
    """What the shop was refused has been seen."""
    found = get_object_or_404(Source, pk=pk)
    forget_refusals(found, by=request.user)
    return redirect("api:source", pk=found.pk)


def _back() -> Back:
    return Back(_("API and webhooks"), "api:overview")
