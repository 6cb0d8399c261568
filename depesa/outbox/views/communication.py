"""Settings → Communication: the user's signature and sender addresses, and the address of the system."""

from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override

from depesa.company.queries import current
from depesa.core.errors import DomainError
from depesa.mail import frames
from depesa.outbox import queries
from depesa.outbox.forms import SenderForm, SignatureForm
from depesa.outbox.models import SenderAddress
from depesa.outbox.services import senders, signatures
from depesa.outbox.services.channels import default_channel, domain_of, sender_address
from depesa.staff.models import User
from depesa.staff.policy import DeskRequest, acts, asks, shows
from depesa.staff.rules import Right
from depesa.ui.forms import posted, refusals_shown

OWN: Final = "own_%s"  # two forms with the same fields stand on the page
FIRM: Final = "firm_%s"


@asks(Right.SEND)
def communication(request: DeskRequest) -> HttpResponse:
    """How this user's own letters are signed and from which address they come."""
    user = User.objects.get(pk=request.user.pk)
    form = SignatureForm(posted(request), instance=user)
    if form.is_valid():
        text, html = form.cleaned_data["text"], form.cleaned_data["html"]
        with refusals_shown(form):
            if signatures.keep_signature(user, text, html, version=form.seen):
                messages.info(request, _("Something in the HTML that letters cannot carry was taken out."))
            messages.success(request, _("Saved."))
            return redirect("outbox:communication")
    return _answer(request, {"form": form}, status=422 if form.is_bound else 200)


@acts(Right.SEND)
def ask(request: DeskRequest) -> HttpResponse:
    """Ask the owner of an address to confirm it: the user's own, or for those who set up, one of the firm."""
    is_firm = "firm" in request.POST and request.user.may(Right.SET_UP)
    form = SenderForm(request.POST, auto_id=FIRM if is_firm else OWN)
    if form.is_valid():
        with refusals_shown(form, "address"):
            user = None if is_firm else request.user
            row = senders.ask(**form.cleaned_data, user=user, by=request.user, link=_link)
            messages.success(request, _("A letter with a link is on its way to %(to)s.") % {"to": row.address})
            return redirect("outbox:communication")
    return _answer(request, {"firm_asking" if is_firm else "asking": form}, status=422)


def _link(token: str) -> str:
    """The page's address for a letter; from the settings, because whoever asks may claim any host."""
    return f"{settings.DEPESA_SITE_URL}{reverse('outbox:sender_confirmation', args=[token])}"


@asks(Right.SEND)
def confirm(request: DeskRequest, token: str) -> HttpResponse:
    """Where the link of the letter leads; the button confirms, so that a program that follows links does not."""
    try:
        if request.method == "POST":
            row = senders.confirm(token, by=request.user)
            messages.success(request, _("Letters can come from %(address)s now.") % {"address": row.address})
            return redirect("outbox:communication")
        shown = {"sender": senders.waiting(token, request.user)}
    except DomainError as problem:
        return render(request, "outbox/confirmation.html", {"problem": str(problem)}, status=410)
    return render(request, "outbox/confirmation.html", shown)


@acts(Right.SEND)
def remove(request: DeskRequest, pk: int) -> HttpResponse:
    """Take an address away: one's own, or for those who set up, one of the firm."""
    row = get_object_or_404(SenderAddress.objects.filter(removed_at__isnull=True), pk=pk)
    if row.user_id != request.user.pk and not (row.user_id is None and request.user.may(Right.SET_UP)):
        return redirect("outbox:communication")
    senders.remove(row, by=request.user)
    messages.success(request, _("No further letter comes from %(address)s.") % {"address": row.address})
    if left := senders.emails_without_sender(row.address):
        sentence = _("These system e-mails stay unsent until they have another sender: %(names)s.")
        messages.warning(request, sentence % {"names": ", ".join(left)})
    return redirect("outbox:communication")


@shows(Right.SEND)
@csp_override(frames.SANDBOX)
def signature(request: DeskRequest) -> HttpResponse:
    """The signature as it closes a letter, for the frame."""
    return frames.show_html(signatures.sample(User.objects.get(pk=request.user.pk), current()))


def _answer(request: DeskRequest, forms: dict[str, object], status: int) -> HttpResponse:
    user = User.objects.get(pk=request.user.pk)
    channel = default_channel()
    own, firm = list(queries.senders_of(user)), list(queries.senders_of(None))
    shown = {
        "form": SignatureForm(instance=user),
        "asking": SenderForm(initial={"address": "" if own else user.email, "name": user.name}, auto_id=OWN),
        "firm_asking": SenderForm(initial={"name": current().name}, auto_id=FIRM),
        "own": own,
        "firm": firm,
        "channel": channel,
        "system_address": sender_address(channel),
        "system_name": channel.from_name or current().name,
        "domain": domain_of(sender_address(channel)),
        "home": queries.channel_put_aside() or channel,
        "may_set_up": request.user.may(Right.SET_UP),
        "has_signature": bool(user.signature or user.signature_html),
        **forms,
    }
    return render(request, "outbox/communication.html", shown, status=status)
