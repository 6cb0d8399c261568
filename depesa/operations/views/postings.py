"""Post, remove and put back: one operation, or those that are marked."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from depesa.core.inputs import read_lines
from depesa.core.links import is_own_page
from depesa.documents.rules import Posting
from depesa.operations import services
from depesa.operations.models import Operation
from depesa.operations.queries import foresee, papers_of
from depesa.operations.rules import Foresight, PostingReport
from depesa.operations.views.register import MARKS
from depesa.staff.policy import DeskRequest, acts, asks, shows
from depesa.staff.rules import Right
from depesa.ui import marks
from depesa.ui.confirmations import ask, is_confirmed, odd
from depesa.ui.forms import seen_in
from depesa.ui.parts import Figure
from depesa.ui.values import write_value

FIRST = 8  # rows that a page of confirmation names
MOST_PREVIEWED = 20


def _chosen(request: DeskRequest, pk: int | None) -> QuerySet[Operation]:
    """The one operation, or those that the person has marked."""
    rows = Operation.objects.visible_to(request.user)
    if pk is not None:
        get_object_or_404(rows, pk=pk)
        return rows.filter(pk=pk)
    return rows.filter(pk__in=marks.marked(request.user.pk, MARKS))


def _back(pk: int | None) -> str:
    return reverse("operations:operation", args=[pk]) if pk else reverse("operations:operations")


@asks(Right.POST)
def post(request: DeskRequest, pk: int | None = None) -> HttpResponseBase:
    """Say what posting does, then do it."""
    chosen = _chosen(request, pk)
    told = foresee(chosen)
    if is_confirmed(request, told.posted):
        report, asked = services.post_or_ask(chosen, by=request.user)
        say(request, report, asked)
        if pk is None:
            marks.clear(request.user.pk, MARKS)
        return redirect(_back(pk))
    shown = _confirmation(told, chosen) | {"back_url": _back(pk)}
    return ask(request, told.posted, shown, "operations/posting.html")


def _confirmation(told: Foresight, chosen: QuerySet[Operation]) -> dict[str, Any]:
    count = told.letters or told.posted
    first = chosen.exclude(posting=Posting.POSTED).select_related("customer", "task").order_by("-operation_on", "-id")
    return {
        "question": question(told),
        "button": question(told),
        "button_icon": "send" if told.letters else "stamp",
        "figures": figures(told),
        "odd": odd(*told.odd),
        "first": first[:FIRST] if count > 1 or told.letters else (),
        "more": max(told.posted - FIRST, 0),
        "cannot": "" if told.posted else _("Nothing of this can be posted."),
        "consequence": _("The letters leave at once. This cannot be taken back.") if told.letters else "",
    }


def question(told: Foresight) -> str:
    """What the button does, with its number."""
    if told.letters:
        return ngettext("Send %(n)s letter", "Send %(n)s letters", told.letters) % {"n": write_value(told.letters)}
    return ngettext("Post %(n)s operation", "Post %(n)s operations", told.posted) % {"n": write_value(told.posted)}


def figures(told: Foresight) -> list[Figure]:
    """How many, and the sum of each currency."""
    found = [Figure(_("Operations"), write_value(told.posted))]
    if told.letters:
        found = [Figure(_("Letters"), write_value(told.letters))]
    if told.documents:
        found.append(Figure(_("Documents"), write_value(told.documents)))
    found += [Figure(_("Sum in %(currency)s") % {"currency": c}, write_value(total)) for c, total in told.sums.items()]
    if told.refused:
        found.append(Figure(_("Stay here"), write_value(told.refused), tone="doubt"))
    return found


def say(request: DeskRequest, report: PostingReport, asked: int) -> None:
    """What posting did, as messages on the next page."""
    if asked:
        text = ngettext("%(n)s operation is being posted.", "%(n)s operations are being posted.", asked)
        messages.info(request, text % {"n": write_value(asked)})
    if report.posted:
        text = ngettext("%(n)s operation was posted.", "%(n)s operations were posted.", report.posted)
        messages.success(request, text % {"n": write_value(report.posted)})
    for reason in dict.fromkeys(reason for _pk, reason in report.refused[:50]):
        count = sum(other == reason for _pk, other in report.refused)
        text = ngettext("%(n)s was not posted: %(reason)s", "%(n)s were not posted: %(reason)s", count)
        messages.warning(request, text % {"n": write_value(count), "reason": reason})


@asks(Right.WRITE)
def remove(request: DeskRequest, pk: int | None = None) -> HttpResponseBase:
    """Take operations off the list, with a reason; they can be put back."""
    chosen = _chosen(request, pk).present()  # type: ignore[attr-defined]
    if request.method == "POST":
        ids, reason = list(chosen.values_list("pk", flat=True)), read_lines(request.POST.get("reason"))
        count = services.remove(ids, by=request.user, reason=reason, version=seen_in(request) if pk else None)
        messages.success(
            request, ngettext("%(n)s was removed.", "%(n)s were removed.", count) % {"n": write_value(count)}
        )
        return redirect(_back(pk))
    return render(request, "operations/confirm.html", _removal(chosen, pk) | {"back_url": _back(pk)})


def _removal(chosen: QuerySet[Operation], pk: int | None) -> dict[str, Any]:
    count = chosen.count()
    return {
        "question": ngettext("Remove %(shown)s operation", "Remove %(shown)s operations", count)
        % {"shown": write_value(count)},
        "button": _("Remove"),
        "button_icon": "bin",
        "explanation": _(
            "They are kept and can be put back. A customer whose statement is removed is named as left out of the "
            "month."
        ),
        "version": pk and chosen.values_list("version", flat=True).first(),
        "asks_reason": True,
        "is_reversible": True,
        "cannot": "" if count else _("None of these can be removed."),
        "first": chosen.select_related("customer", "task").order_by("-operation_on", "-id")[:FIRST],
        "more": max(count - FIRST, 0),
    }


@acts(Right.WRITE)
def restore(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Bring a removed operation back."""
    if services.put_back([pk], by=request.user):
        messages.success(request, _("It is back."))
    return redirect("operations:operation", pk)


@shows(Right.SEE)
def documents(request: DeskRequest) -> HttpResponse:
    """The documents of the marked operations, each with its first page."""
    chosen = _chosen(request, None)
    rows = list(chosen.select_related("customer", "task").order_by("-operation_on", "-id")[:MOST_PREVIEWED])
    papers = papers_of(rows)
    shown = {"rows": [(row, papers.get(row.pk, ())) for row in rows], "count": chosen.count()}
    return render(request, "operations/documents.html", shown)


@shows(Right.SEE)
def record(request: DeskRequest) -> HttpResponseBase:
    """Go to the record that the marked operation concerns; of several, show all."""
    rows = list(_chosen(request, None).exclude(record_url="").select_related("customer", "task")[:MOST_PREVIEWED])
    if len(rows) == 1 and is_own_page(rows[0].record_url):
        return redirect(rows[0].record_url)
    return render(request, "operations/records.html", {"rows": rows})
