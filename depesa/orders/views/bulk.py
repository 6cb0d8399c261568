"""Bulk edits: choose, see what will happen, confirm, watch."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from depesa.core.inputs import read_text
from depesa.documents.models import DocumentType
from depesa.emails.queries import title_of
from depesa.history.models import Origin
from depesa.orders import services
from depesa.orders.models import Bulk, BulkItem, Order, State
from depesa.orders.models.bulk import BulkStatus, Verb
from depesa.orders.queries.foresight import Foresight, foresee
from depesa.orders.queries.progress import Progress, progress_of
from depesa.orders.views.register import MARKS
from depesa.staff.policy import DeskRequest, acts, asks, shows
from depesa.staff.rules import Right
from depesa.triggers.services import hold_of
from depesa.ui import marks
from depesa.ui.confirmations import ask, is_confirmed, odd
from depesa.ui.forms import refusals_told
from depesa.ui.parts import Action, Figure
from depesa.ui.values import write_value

NAMED = 8  # orders that a page of confirmation names
MOST_REFUSED = 100


@asks(Right.WRITE)
def bulk(request: DeskRequest, verb: str) -> HttpResponseBase:
    """Say what the bulk edit of the marked orders will do, then leave word that it is done."""
    return _answer(request, Verb(verb))


@asks(Right.POST)
def bulk_invoices(request: DeskRequest) -> HttpResponseBase:
    """The same for invoices, which book."""
    return _answer(request, Verb.INVOICES)


def _answer(request: DeskRequest, verb: Verb) -> HttpResponseBase:
    given = request.POST if request.method == "POST" else request.GET
    value = ",".join(read_text(each, most=200) for each in given.getlist("value"))
    if not _is_known(verb, value):
        return render(request, "orders/bulk_choice.html", _choice(request, verb))
    told = foresee(_marked(request), verb, value)
    if told.changing and is_confirmed(request, told.changing):
        return _begin(request, verb, value)
    return ask(request, told.changing, _confirmation(request, verb, value, told), "orders/bulk.html")


def _marked(request: DeskRequest) -> QuerySet[Order]:
    return Order.objects.visible_to(request.user).filter(pk__in=marks.marked(request.user.pk, MARKS))


def _is_known(verb: Verb, value: str) -> bool:
    """Whether it has been chosen to what, where that is needed."""
    if verb == Verb.STATE:
        return State.objects.filter(code=value).exists()
    if verb == Verb.DOCUMENTS:
        codes = set(value.split(","))
        return bool(value) and DocumentType.objects.filter(code__in=codes).count() == len(codes)
    return True


def _choice(request: DeskRequest, verb: Verb) -> dict[str, Any]:
    return {
        "verb": verb,
        "count": _marked(request).count(),
        "states": State.objects.select_related("system_email") if verb == Verb.STATE else (),
        "types": [t for t in DocumentType.objects.all() if not t.is_accounting] if verb == Verb.DOCUMENTS else (),
        "back_url": reverse("orders:orders"),
    }


def _begin(request: DeskRequest, verb: Verb, value: str) -> HttpResponseBase:
    sends = request.POST.get("send_emails") == "on"
    with refusals_told(request):
        made = services.ask(_marked(request), verb, value, sends_emails=sends, by=request.user)
        marks.clear(request.user.pk, MARKS)
        return redirect("orders:bulk_progress", made.pk)
    return redirect("orders:orders")


def _confirmation(request: DeskRequest, verb: Verb, value: str, told: Foresight) -> dict[str, Any]:
    return {
        "verb": verb,
        "question": question(verb, value, told.changing),
        "button": question(verb, value, told.changing),
        "button_icon": "check",
        "figures": _figures(told),
        "odd": _odd(told),
        "explanation": told.system_email and _("The letter is “%(name)s”.") % {"name": title_of(told.system_email)},
        "value": value,
        "mailed": told.mailed,
        "first": _marked(request).select_related("state").order_by("-placed_at", "-id")[:NAMED],
        "more": max(told.orders - NAMED, 0),
        "back_url": reverse("orders:orders"),
        "is_reversible": not (told.mailed or told.documents or told.invoices),
        "cannot": "" if told.changing else _("Nothing would change."),
    }


def _odd(told: Foresight) -> list[dict[str, Any]]:
    """What a person should look at first."""
    return odd(
        (told.already, _("have had this letter before and would get it again"), ""),
        (told.unprinted, _("have characters that no font has: their documents print � for them"), ""),
        (told.without_address, _("have no e-mail address and get no letter"), ""),
    )


def question(verb: Verb, value: str, count: int) -> str:
    """What the button does, with its number."""
    words = {
        Verb.STATE: ngettext("Move %(n)s order to %(to)s", "Move %(n)s orders to %(to)s", count),
        Verb.PAID: ngettext("Mark %(n)s order paid", "Mark %(n)s orders paid", count),
        Verb.UNPAID: ngettext("Mark %(n)s order unpaid", "Mark %(n)s orders unpaid", count),
        Verb.RESOLVED: ngettext("Mark %(n)s order resolved", "Mark %(n)s orders resolved", count),
        Verb.UNRESOLVED: ngettext("Mark %(n)s order unresolved", "Mark %(n)s orders unresolved", count),
        Verb.DOCUMENTS: ngettext("Generate documents of %(n)s order", "Generate documents of %(n)s orders", count),
        Verb.INVOICES: ngettext("Generate %(n)s invoice", "Generate %(n)s invoices", count),
        Verb.REMOVE: ngettext("Remove %(n)s order", "Remove %(n)s orders", count),
    }
    state = State.objects.filter(code=value).first() if verb == Verb.STATE else None
    return words[verb] % {"n": write_value(count), "to": state}


def _figures(told: Foresight) -> list[Figure]:
    found = [Figure(_("Orders that change"), write_value(told.changing))]
    if told.documents:
        found.append(Figure(_("Documents"), write_value(told.documents)))
    if told.invoices:
        found.append(Figure(_("Invoices"), write_value(told.invoices)))
    if told.system_email:
        found.append(Figure(_("Will be mailed"), write_value(told.mailed)))
    if told.orders > told.changing:
        found.append(Figure(_("Stay as they are"), write_value(told.orders - told.changing)))
    return found


@shows(Right.SEE)
def progress(request: DeskRequest, pk: int) -> HttpResponse:
    """How far a bulk edit has come; the piece alone where htmx asks."""
    row = get_object_or_404(Bulk.objects.select_related("asked_by"), pk=pk)
    told = progress_of(row)
    shown = {"bulk": row, "told": told, "progress": _part(row, told, request), "title": _title(row)}
    shown["may_recall"] = _may_recall(row, told, request)
    if getattr(request, "htmx", None):
        return render(request, "ui/parts/progress.html", shown)
    refused = BulkItem.objects.filter(bulk=row, status=BulkStatus.REFUSED).select_related("order")
    return render(request, "orders/progress.html", shown | {"refused": refused.order_by("pk")[:MOST_REFUSED]})


def _title(row: Bulk) -> str:
    return question(Verb(row.verb), row.value, row.total)


def _part(row: Bulk, told: Progress, request: DeskRequest) -> dict[str, Any]:
    is_over = row.finished_at is not None
    return {
        "id": f"bulk-{row.pk}",
        "title": _standing(row),
        "done": told.done,
        "total": told.total,
        "refresh_url": "" if row.stopped_at else reverse("orders:bulk_progress", args=[row.pk]),
        "pause": None if is_over or not request.user.may(Right.WRITE) else _switch(row),
        "failures": [{"reason": reason, "count": count} for reason, count in told.reasons],
        "is_over": is_over,
    }


def _standing(row: Bulk) -> str:
    if row.finished_at:
        return _("Done")
    return _("Stopped") if row.stopped_at else _("Being done")


def _switch(row: Bulk) -> Action:
    if row.stopped_at:
        return Action(_("Go on"), reverse("orders:bulk_continuation", args=[row.pk]), icon="play", method="post")
    return Action(_("Stop"), reverse("orders:bulk_stop", args=[row.pk]), icon="pause", method="post")


@acts(Right.WRITE)
def stop(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Do no more of it; what is done stays."""
    services.stop(get_object_or_404(Bulk, pk=pk), by=request.user)
    return redirect("orders:bulk_progress", pk)


@acts(Right.WRITE)
def recall(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Take back the letters of a bulk edit that are still held."""
    with refusals_told(request):
        count = services.recall(get_object_or_404(Bulk.objects.select_related("asked_by"), pk=pk), by=request.user)
        words = ngettext("%(n)s letter was taken back.", "%(n)s letters were taken back.", count)
        messages.success(request, words % {"n": write_value(count)})
    return redirect("orders:bulk_progress", pk)


def _may_recall(row: Bulk, told: Progress, request: DeskRequest) -> bool:
    """Whether letters may still be held, for who asked for it."""
    ended_at = row.finished_at or timezone.now()
    is_held = timezone.now() < ended_at + hold_of(Origin.STAFF)
    return bool(told.letters) and is_held and row.asked_by == request.user


@acts(Right.WRITE)
def go_on(request: DeskRequest, pk: int) -> HttpResponseBase:
    services.go_on(get_object_or_404(Bulk, pk=pk), by=request.user)
    return redirect("orders:bulk_progress", pk)
