"""The page of one order: what was ordered, who ordered, the letters, what happened."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from depesa.core.errors import DomainError, StaleState
from depesa.core.inputs import read_key, read_lines
from depesa.mail.addresses import usable_addresses
from depesa.orders import services
from depesa.orders.forms.documents import GenerateForm
from depesa.orders.models import LetterDraft, Order
from depesa.orders.queries.detail import order_of, rates_of
from depesa.orders.queries.documents import shelf_of, usual_values
from depesa.orders.queries.party import compare
from depesa.orders.views.frame import show_tab
from depesa.outbox.queries import slips_concerning
from depesa.staff.policy import DeskRequest, acts, shows
from depesa.staff.rules import Right


@shows(Right.SEE)
def order(request: DeskRequest, pk: int) -> HttpResponse:
    """What was ordered, what it costs, its documents and notes."""
    return _show_order(request, order_of(pk, request.user))


@acts(Right.WRITE)
def note(request: DeskRequest, pk: int) -> HttpResponse:
    """Keep the internal note; what was typed stays on the page if somebody else was faster."""
    found = order_of(pk, request.user)
    typed = read_lines(request.POST.get("internal_note")).replace("\r\n", "\n").strip()
    version = request.POST.get("version", "")
    try:
        services.change(found, {"internal_note": typed}, version=read_key(version), by=request.user)
    except StaleState:
        words = _("Somebody else has changed the order meanwhile. Their note: “%(note)s”. Save again to keep yours.")
        return _show_order(request, found, typed_note=typed, note_error=words % {"note": found.internal_note})
    except DomainError as problem:
        return _show_order(request, found, typed_note=typed, note_error=str(problem))
    messages.success(request, _("The note was saved."))
    return redirect(found)


def _show_order(request: DeskRequest, found: Order, **more: Any) -> HttpResponse:
    shelf = shelf_of(found)
    shown = {
        "items": list(found.items.all()),
        "rates": rates_of(found),
        "shelf": shelf,
        "dialogs": [
            GenerateForm(kind=kind, initial=usual_values(found, kind), auto_id=f"id_{kind.code}_%s")
            for kind in shelf.missing
        ],
        "goods_go_to": found.delivery_lines or [found.name, *found.address_lines],
    }
    status = 409 if "note_error" in more else 200
    return show_tab(request, found, "order", shown | more, status=status)


@shows(Right.SEE)
def customer(request: DeskRequest, pk: int) -> HttpResponse:
    """Who ordered: to whom letters go, addresses, what was traded before."""
    found = order_of(pk, request.user)
    card = found.customer
    compared = compare(found)
    shown = {
        "card": card,
        "timeline_of": card.ref,
        "customer": card,
        "goes_to": usable_addresses(found.email),
        "compared": compared,
        "differences": sum(row.kind == "changed" for row in compared),
        "contacts": card.contacts.order_by("id"),
        "consents": [(each, each.is_in_force(timezone.localdate())) for each in card.consents.order_by("-id")],
        "groups": card.groups.all(),
    }
    return show_tab(request, found, "customer", shown)


@shows(Right.SEE)
def communication(request: DeskRequest, pk: int) -> HttpResponse:
    """The letters about the order, and why each left or did not."""
    found = order_of(pk, request.user)
    slips = slips_concerning(found.ref, request.user, limit=50)
    drafts = LetterDraft.objects.filter(order=found).select_related("user").order_by("-changed_at")
    return show_tab(request, found, "communication", {"slips": slips, "drafts": drafts})


@shows(Right.SEE)
def history(request: DeskRequest, pk: int) -> HttpResponse:
    """What happened to the order."""
    return show_tab(request, order_of(pk, request.user), "history", {})
