"""One operation: look, enter, edit."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from depesa.documents.rules import Posting
from depesa.operations.forms import AttachmentForm, OperationForm, with_defaults
from depesa.operations.models import Operation
from depesa.operations.queries import (
    can_be_sent_again,
    customers_named,
    foresee,
    history_of,
    ladder_of,
    page_of,
    papers_of,
    with_letters,
)
from depesa.operations.services import edit, enter
from depesa.pdf import pages_in
from depesa.staff.policy import DeskRequest, asks, shows
from depesa.staff.rules import Right
from depesa.ui.forms import pressed, refusals_shown

MOST_PAGES = 12


@shows(Right.SEE)
def operation(request: DeskRequest, pk: int) -> HttpResponse:
    """What it is, where it stands, and what comes next."""
    row = get_object_or_404(with_letters(Operation.objects.visible_to(request.user)), pk=pk)
    may = {"may_write": request.user.may(Right.WRITE), "may_post": request.user.may(Right.POST)}
    may["may_send_again"] = request.user.may(Right.SEND) and can_be_sent_again(row)
    return render(request, "operations/operation.html", _facts_of(row) | may | {"attachment_form": AttachmentForm()})


def _facts_of(row: Operation) -> dict[str, Any]:
    papers = papers_of([row]).get(row.pk, ())
    is_open = row.posting != Posting.POSTED and not row.removed_at
    return {
        "operation": row,
        "ladder": ladder_of(row),
        "papers": papers,
        "pages": _pages(papers),
        "attachments": row.attachments.select_related("blob").defer("blob__content").order_by("id"),
        "history": history_of(row),
        "days_late": row.days_late(timezone.localdate()),
        "page_url": page_of(row),
        "is_open": is_open,
        "foreseen": foresee(Operation.objects.filter(pk=row.pk)) if is_open else None,
    }


def _pages(papers: Any) -> range:
    """The numbers of the document's pages that are shown as pictures."""
    if not papers or papers[0].media_type != "application/pdf":
        return range(0)
    return range(1, min(pages_in(bytes(papers[0].blob.content)), MOST_PAGES) + 1)


@asks(Right.WRITE)
def new(request: DeskRequest) -> HttpResponseBase:
    """Enter an operation; choosing a task brings its defaults."""
    if request.method == "POST" and request.POST.get("act") != "defaults":
        form = OperationForm(request.POST)
        if form.is_valid():
            with refusals_shown(form):
                made = pressed(request, lambda: enter(by=request.user, **form.entered))
                messages.success(request, _("Entered."))
                return redirect(made)
        return render(request, "operations/edit.html", {"form": form}, status=422)
    initial = with_defaults(request.POST.dict() if request.method == "POST" else request.GET.dict())
    initial.setdefault("operation_on", timezone.localdate().isoformat())
    return render(request, "operations/edit.html", {"form": OperationForm(initial=initial)})


@asks(Right.WRITE)
def edit_operation(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Change any field; a posted operation becomes corrected."""
    row = get_object_or_404(Operation.objects.visible_to(request.user).select_related("task", "customer"), pk=pk)
    if request.POST.get("act") == "defaults":
        form = OperationForm(initial=with_defaults(request.POST.dict()), instance=row)
        return render(request, "operations/edit.html", {"form": form, "operation": row})
    form = OperationForm(request.POST or None, instance=row, initial={"brought_by": row.task_id})
    if request.method == "POST" and form.is_valid() and _edited(form, row, request):
        messages.success(request, _("Saved."))
        return redirect(row)
    shown = {"form": form, "operation": row}
    return render(request, "operations/edit.html", shown, status=422 if form.is_bound else 200)


def _edited(form: OperationForm, row: Operation, request: DeskRequest) -> bool:
    with refusals_shown(form):
        edit(row, form.entered, by=request.user, version=form.cleaned_data["version"])
        return True
    return False


@shows(Right.SEE)
def customers(request: DeskRequest) -> HttpResponse:
    """Suggestions for the customer's field, as options of a list."""
    found = customers_named(request.GET.get("customer", ""))
    return render(request, "operations/customers.html", {"customers": found})
