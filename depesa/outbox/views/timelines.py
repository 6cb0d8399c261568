"""The timeline of a customer or a record, as a piece of its page or as a page of its own."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from depesa.core.errors import Faults
from depesa.core.inputs import read_lines
from depesa.core.records import Ref
from depesa.customers.models import Customer
from depesa.history.queries import customer_of
from depesa.history.services import add_note
from depesa.outbox.queries import ladder_of_message
from depesa.outbox.queries.timelines import Timeline, last_letter_of, timeline_of
from depesa.staff.models import User
from depesa.staff.policy import DeskRequest, acts, shows
from depesa.staff.rules import Right
from depesa.ui.forms import pressed
from depesa.ui.parts import Figure


@shows(Right.SEE)
def timeline(request: DeskRequest, ref: Ref) -> HttpResponse:
    """What happened to a record: everything, or only letters, changes or notes."""
    _customer_id(ref, request.user)
    shown, token = request.GET.get("show", ""), request.GET.get("at", "")
    found = timeline_of(ref, request.user, shown=shown, token=token)
    if request.htmx and token:
        return render(request, "outbox/parts/timeline_rows.html", {"timeline": found})
    return _answer(request, found)


@acts(Right.WRITE)
def note(request: DeskRequest, ref: Ref) -> HttpResponse:
    """Keep a note about a record; it stays inside."""
    customer_id = _customer_id(ref, request.user)
    text = read_lines(request.POST.get("note"))
    try:
        pressed(request, lambda: add_note(ref, text, customer_id=customer_id, by=request.user))
    except Faults as faults:
        shown = {"note_error": faults.by_field["note"], "note": text}
        return _answer(request, timeline_of(ref, request.user), status=422, **shown)
    if request.htmx:
        return _answer(request, timeline_of(ref, request.user))
    return redirect(ref.url or request.path)


@shows(Right.SEE)
def figures_of_customer(request: DeskRequest, pk: int) -> HttpResponse:
    """When the last letter went to a customer, and where it stands."""
    if not request.htmx:
        return redirect("outbox:timeline", Customer.ref_of(pk))
    message = last_letter_of(pk, request.user)
    figure = Figure(_("Last letter"), "–")
    if message:
        day = date_format(timezone.localtime(message.sealed_at), "SHORT_DATE_FORMAT")
        figure = Figure(_("Last letter"), day, message.get_absolute_url(), ladder_of_message(message).word)
    return render(request, "ui/parts/figure_list.html", {"figures": [figure]})


def _answer(request: DeskRequest, found: Timeline, status: int = 200, **more: Any) -> HttpResponse:
    shown = {"timeline": found, "may_note": request.user.may(Right.WRITE), "record_url": found.ref.url, **more}
    template = "outbox/_timeline.html" if request.htmx else "outbox/timeline.html"
    return render(request, template, shown, status=status)


def _customer_id(ref: Ref, user: User) -> int | None:
    """Whose record it is; 404 for a record that nobody knows."""
    customer_id = ref.id_of(Customer.record_kind)
    if customer_id is None:
        if ref.kind == Customer.record_kind or not ref.url:
            raise Http404
        return customer_of(ref)
    if not Customer.objects.visible_to(user).filter(pk=customer_id).exists():
        raise Http404
    return customer_id
