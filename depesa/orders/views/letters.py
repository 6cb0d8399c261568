"""The window for a letter about an order: a dialog over every tab, and a page of its own without script."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from depesa.core.errors import DomainError, Faults
from depesa.core.inputs import read_key, read_lines, read_text, read_uuid
from depesa.documents.models import DocumentType
from depesa.emails.models import SystemEmail
from depesa.orders.forms.letter import FIELDS, LetterForm
from depesa.orders.models import LetterDraft, Order
from depesa.orders.queries import window
from depesa.orders.queries.detail import order_of
from depesa.orders.services.letters import drafts
from depesa.orders.services.letters.dispatch import NeedsALook, Sent, send_draft
from depesa.orders.services.letters.drafts import TYPED, SentAlready
from depesa.outbox.queries import verified_senders
from depesa.outbox.services import default_channel
from depesa.outbox.services.channels import sender_address
from depesa.staff.policy import DeskRequest, acts, asks
from depesa.staff.rules import Right


@asks(Right.SEND)
def new_letter(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Write a letter about the order; what stands in the window is kept by POST."""
    order = order_of(pk, request.user)
    if request.method != "POST":
        return show_window(request, order, drafts.begin(order, request.user))
    try:
        draft = keep_typed(request, order)
    except SentAlready as problem:
        return leave_sent(request, order, problem)
    if request.htmx.target == "kept":
        return render(request, "orders/letter/kept.html", {"draft": draft})
    return show_window(request, order, draft)


def _changed(request: DeskRequest, pk: int, change: Callable[[LetterDraft], dict[str, Any]]) -> HttpResponseBase:
    """Keep what stands in the window, change something more, and show it again."""
    order = order_of(pk, request.user)
    try:
        draft = keep_typed(request, order)
    except SentAlready as problem:
        return leave_sent(request, order, problem)
    return show_window(request, order, draft, **change(draft))


@acts(Right.SEND)
def choose_text(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Begin with the chosen system e-mail."""

    def change(draft: LetterDraft) -> dict[str, Any]:
        chosen = request.POST.get("system_email", "")
        email = SystemEmail.objects.filter(pk=read_key(chosen), context="order", is_active=True)
        try:
            for each in email:
                drafts.choose(draft, each)
        except DomainError as problem:
            return {"faults": {"system_email": str(problem)}, "status": 422}
        return {}

    return _changed(request, pk, change)


@acts(Right.SEND)
def undo_choice(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Bring back what a system e-mail took the place of."""

    def change(draft: LetterDraft) -> dict[str, Any]:
        drafts.bring_back(draft)
        return {}

    return _changed(request, pk, change)


@acts(Right.SEND)
def upload(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Put files with the letter; each that cannot go says why."""

    def change(draft: LetterDraft) -> dict[str, Any]:
        done = drafts.upload(draft, request.FILES.getlist("files"))
        return {"refused": done.refused, "status": 422 if done.refused else 200}

    return _changed(request, pk, change)


@acts(Right.SEND)
def take_off(request: DeskRequest, pk: int, file: int) -> HttpResponseBase:
    """Take a file off the letter."""

    def change(draft: LetterDraft) -> dict[str, Any]:
        drafts.take_off(draft, file)
        return {}

    return _changed(request, pk, change)


@acts(Right.SEND)
def discard(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Throw the draft away and begin anew."""
    order = order_of(pk, request.user)
    drafts.discard(order, request.user)
    return show_window(request, order, drafts.begin(order, request.user))


@acts(Right.SEND)
def send(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Send the letter; what is odd is shown first, with a button that sends it nevertheless."""
    order = order_of(pk, request.user)
    seen = request.POST.getlist("seen")
    try:
        draft = kept_or_typed(request, order)
        return _done(request, order, send_draft(draft, seen=seen, previewed=request.POST.get("previewed", "")))
    except SentAlready as problem:
        return leave_sent(request, order, problem)
    except NeedsALook as doubt:
        return show_window(request, order, draft, doubts=doubt.found, seen=seen, status=409)
    except Faults as found:
        return show_window(request, order, draft, faults=found.by_field, seen=seen, status=422)
    except DomainError as problem:
        return show_window(request, order, draft, faults={"": str(problem)}, seen=seen, status=422)


def keep_typed(request: DeskRequest, order: Order) -> LetterDraft:
    """Keep what stands in the window, read leniently; SentAlready if its letter has left."""
    sender = request.POST.get("sender", "")
    return drafts.keep(
        order,
        request.user,
        token=_token(request),
        fields={name: read_lines(request.POST[name]) for name in TYPED if name in request.POST},
        sender_id=read_key(sender) or None,
        ticked=[read_text(each, most=100) for each in request.POST.getlist("documents")],
    )


def _token(request: DeskRequest) -> UUID:
    return read_uuid(request.POST.get("token")) or uuid4()


def kept_or_typed(request: DeskRequest, order: Order) -> LetterDraft:
    """The draft with what was typed; the preview sends none of the fields, so there the kept one counts."""
    if window.message_of(_token(request)):
        raise SentAlready
    if "subject" in request.POST:
        return keep_typed(request, order)
    return drafts.begin(order, request.user)


def show_window(
    request: DeskRequest, order: Order, draft: LetterDraft, *, status: int = 200, **told: Any
) -> HttpResponse:
    """The window with the draft in it: a piece for the dialog, else the page.

    `told`: faults by field, doubts (what is odd), seen (codes of what was odd before), refused (files, as sentences).
    """
    faults = dict(told.pop("faults", {}))
    fields = {name: faults.pop(name) for name in FIELDS if name in faults}
    shown = {
        "order": order,
        "draft": draft,
        "form": LetterForm.of(draft, _system_address(), fields, has_focus=bool(request.htmx)),
        "text_problem": faults.pop("system_email", ""),
        "problems": list(faults.values()),
        **_offered(order, draft),
        **told,
    }
    name = "orders/letter/window.html" if request.htmx else "orders/letter.html"
    return render(request, name, shown, status=status)


def _system_address() -> str:
    return _("%(address)s (the system's address)") % {"address": sender_address(default_channel())}


def _offered(order: Order, draft: LetterDraft) -> dict[str, Any]:
    return {
        "offered": window.documents_of(order),
        "addresses": window.addresses_offered(order),
        "files": draft.files.all() if draft.pk else [],
        "has_sender": verified_senders(draft.user).exists(),
        "limit": default_channel().max_size,
    }


def _done(request: DeskRequest, order: Order, sent: Sent) -> HttpResponseBase:
    made = [str(kind) for kind in DocumentType.objects.filter(code__in=sent.generated)]
    sentence = _("The letter to %(to)s is in the outbox.") % {
        "to": ", ".join(sent.message.deliveries.order_by("pk").values_list("recipient", flat=True))
    }
    if made:
        sentence += " " + _("Generated with it: %(documents)s.") % {"documents": get_text_list(made, _("and"))}
    messages.success(request, sentence)
    return _leave(request, order)


def leave_sent(request: DeskRequest, order: Order, problem: SentAlready) -> HttpResponseBase:
    """Leave the window of a letter that has left: it cannot be kept, changed or sent again."""
    if request.htmx.target == "kept":
        return HttpResponse(str(problem))
    messages.info(request, str(problem))
    return _leave(request, order)


def _leave(request: DeskRequest, order: Order) -> HttpResponseBase:
    url = reverse("orders:communication", args=[order.pk])
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
