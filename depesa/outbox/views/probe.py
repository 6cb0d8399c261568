"""A test letter and how it fares, live."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from depesa.emails.models import SystemEmail
from depesa.emails.queries import title_of
from depesa.outbox import queries
from depesa.outbox.forms import LetterTestForm
from depesa.outbox.models import ON_THE_WAY, Channel, Message
from depesa.outbox.services.probe import send_system_email, send_test
from depesa.staff.policy import DeskRequest, asks, shows
from depesa.staff.rules import Right
from depesa.ui.forms import refusals_shown


@asks(Right.SEND)
def write_test(request: DeskRequest, pk: int) -> HttpResponse:
    """Write a test letter on this channel."""
    channel = get_object_or_404(Channel, pk=pk)
    form = LetterTestForm(request.POST or None, initial={"to": request.user.email})
    if form.is_valid():
        values = form.cleaned_data
        with refusals_shown(form):
            sent = send_test(channel, values["to"], token=str(values["token"]), by=request.user)
            return redirect("outbox:test", sent.pk)
    is_overridden = bool(settings.DEPESA_SMTP_URL) and channel.is_default
    return render(request, "outbox/new_test.html", {"form": form, "channel": channel, "is_overridden": is_overridden})


@asks(Right.SET_UP)
def system_email(request: DeskRequest, code: str, language: str) -> HttpResponse:
    """Send a system e-mail with samples to oneself."""
    email = get_object_or_404(SystemEmail, code=code)
    form = LetterTestForm(request.POST or None, initial={"to": request.user.email})
    if form.is_valid():
        values = form.cleaned_data
        with refusals_shown(form):
            sent = send_system_email(email, language, values["to"], token=str(values["token"]), by=request.user)
            return redirect("outbox:test", sent.pk)
    shown = {"form": form, "email": email, "title": title_of(email), "language": language}
    return render(request, "outbox/new_test_of_email.html", shown)


@shows(Right.SEE)
def test(request: DeskRequest, pk: int) -> HttpResponse:
    """How a test letter fares; asked again every second while it moves."""
    found = get_object_or_404(queries.with_evidence(Message.objects.filter(kind="test")), pk=pk)
    proof = queries.proofs(found)[0]
    shown = {
        "letter": found,
        "channel": found.channel,
        "proof": proof,
        "ladder": queries.ladder_of(proof.delivery, found),
        "is_moving": proof.delivery.state in ON_THE_WAY,
    }
    name = "outbox/parts/test_state.html" if request.headers.get("HX-Request") else "outbox/test.html"
    return render(request, name, shown)
