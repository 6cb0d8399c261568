"""Settings: the channels that letters take, and whether they work."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from depesa.outbox import queries, services
from depesa.outbox.forms import ChannelForm, ReasonForm
from depesa.outbox.models import Channel
from depesa.outbox.rules import CATCHER
from depesa.outbox.services.channel_settings import add_channel, change_channel
from depesa.outbox.services.choice import use
from depesa.staff.policy import DeskRequest, acts, asks, grave, shows
from depesa.staff.rules import Right
from depesa.ui.forms import Back, answer_form, refusals_shown, refusals_told


@shows(Right.SEE)
def channels(request: DeskRequest) -> HttpResponse:
    """Every channel: where it leads, whether it works, how many letters wait behind it."""
    rows = list(Channel.objects.select_related("paused_by").order_by("-is_default", "name"))
    waiting = queries.count_waiting(rows)
    shown = {
        "channels": [(row, waiting.get(row.pk, 0)) for row in rows],
        "smtp_url": bool(settings.DEPESA_SMTP_URL),
        "catcher": CATCHER,
        "may": {right.name.lower(): request.user.may(right) for right in (Right.SET_UP, Right.DECIDE, Right.SEND)},
    }
    return render(request, "outbox/channels.html", shown)


@grave()
@asks(Right.SET_UP)
def new_channel(request: DeskRequest) -> HttpResponse:
    """A further mail server."""
    form = ChannelForm(request.POST or None)
    if form.is_valid():
        made = add_channel(form.cleaned_data, password=form.new_password or "", by=request.user)
        messages.success(
            request, _("The channel %(name)s is kept. Send a test letter before you use it.") % {"name": made}
        )
        return redirect("outbox:channels")
    return _show_form(request, form, None)


@grave()
@asks(Right.SET_UP)
def channel(request: DeskRequest, pk: int) -> HttpResponse:
    """One channel's settings."""
    found = get_object_or_404(Channel, pk=pk)
    form = ChannelForm(request.POST or None, instance=found)
    if form.is_valid():
        with refusals_shown(form):
            values = form.cleaned_data
            change_channel(found, values, password=form.new_password, version=form.seen, by=request.user)
            messages.success(request, _("The channel %(name)s is kept.") % {"name": values["name"]})
            return redirect("outbox:channels")
    return _show_form(request, form, found)


def _show_form(request: DeskRequest, form: ChannelForm, found: Channel | None) -> HttpResponse:
    is_overridden = bool(settings.DEPESA_SMTP_URL) and found is not None and found.is_default
    title, back = found.name if found else _("New channel"), Back(_("Mail servers"), "outbox:channels")
    return answer_form(request, form, title, back, "outbox/channel.html", channel=found, is_overridden=is_overridden)


@asks(Right.DECIDE)
def pause(request: DeskRequest, pk: int) -> HttpResponse:
    """Stop a channel, with a reason."""
    found = get_object_or_404(Channel, pk=pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        services.pause(found, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("%(name)s is paused.") % {"name": found})
        return redirect("outbox:channels")
    shown = {
        "form": form,
        "question": _("Pause %(name)s?") % {"name": found},
        "explanation": _("Letters wait until it is resumed; those that are being handed over still leave."),
        "consequence": _("It can be resumed at any time."),
        "button": _("Pause"),
        "button_icon": "pause",
        "back_url": reverse("outbox:channels"),
    }
    return render(request, "outbox/decision.html", shown)


@acts(Right.DECIDE)
def resume(request: DeskRequest, pk: int) -> HttpResponse:
    """Let a channel work again."""
    found = get_object_or_404(Channel, pk=pk)
    services.resume(found, by=request.user)
    messages.success(request, _("%(name)s works again.") % {"name": found})
    return redirect("outbox:channels")


@grave()
@acts(Right.SET_UP)
def choose(request: DeskRequest, pk: int) -> HttpResponse:
    """Let letters take this channel: a mail server, or the catcher."""
    found = get_object_or_404(Channel, pk=pk)
    with refusals_told(request):
        use(found, by=request.user)
        messages.success(request, _("Letters now take the channel %(name)s.") % {"name": found})
    return redirect("outbox:channels")
