"""One sales document: its page, entering, changing, removing."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from depesa.customers.models import Customer
from depesa.documents import services
from depesa.documents.forms.entry import MOST_ROWS, HeaderForm, LineFormSet, begin, entered_lines, with_more_rows
from depesa.documents.models import Document
from depesa.documents.rules import Line
from depesa.history.queries import timeline, write_as
from depesa.staff.policy import DeskRequest, acts, asks, shows
from depesa.staff.rules import Right
from depesa.ui.forms import refusals_shown, refusals_told, seen_in

_STRUCTURES: Final = {"lines", "rates"}  # as stored nobody can read them; the sums beside them say what changed


@shows(Right.SEE)
def document(request: DeskRequest, pk: int) -> HttpResponse:
    """One document: what it says, where it stands, what happened to it."""
    found = _find(request, pk)
    fields = [field for field in Document._meta.concrete_fields if field.name not in _STRUCTURES]
    labels = {field.name: field.verbose_name for field in fields}
    shown = {
        "document": found,
        "lines": found.entered_lines,
        "entries": timeline(Document.ref_of(pk), labels=labels, write=write_as(fields)),
        "may_write": request.user.may(Right.WRITE),
        "may_post": request.user.may(Right.POST),
    }
    return render(request, "documents/document.html", shown)


@asks(Right.WRITE)
def new(request: DeskRequest) -> HttpResponse:
    """Enter a document by hand."""
    return _answer_form(request, None)


@asks(Right.WRITE)
def edit(request: DeskRequest, pk: int) -> HttpResponse:
    """Change a document; a posted one becomes corrected."""
    return _answer_form(request, _find(request, pk))


@acts(Right.WRITE)
def removal(request: DeskRequest, pk: int) -> HttpResponse:
    """Remove a document that was never posted."""
    found = _find(request, pk)
    with refusals_told(request):
        services.remove(found, by=request.user, version=seen_in(request))
        messages.success(request, _("The document was removed."))
        return redirect("documents:documents")
    return redirect(found)


@shows(Right.SEE)
def customer_hints(request: DeskRequest) -> HttpResponse:
    """Customers whose code or name begins as typed, for the field of the form."""
    text = request.GET.get("customer", "").strip()[:100]
    rows = Customer.objects.visible_to(request.user).found_by(text).order_by("name_key", "id")
    return render(request, "documents/customer_hints.html", {"customers": rows[:10] if text else []})


def _find(request: DeskRequest, pk: int) -> Document:
    return get_object_or_404(Document.objects.visible_to(request.user).select_related("customer", "series"), pk=pk)


def _answer_form(request: DeskRequest, found: Document | None) -> HttpResponse:
    if request.method != "POST" or request.POST.get("act") == "more":
        header, rows = with_more_rows(request.POST) if request.method == "POST" else begin(found)
        return _show_form(request, found, HeaderForm(initial=header, document=found), LineFormSet(initial=rows))
    initial, _rows = begin(found)
    form = HeaderForm(request.POST, initial=initial, document=found)
    formset = LineFormSet(request.POST)
    if form.is_valid() and (_is_long(found) or formset.is_valid()):
        lines = found.entered_lines if found and _is_long(found) else entered_lines(formset)
        if not any(each.errors for each in formset):
            with refusals_shown(form):
                saved = _save_document(request, form, found, lines)
                messages.success(request, _("Saved."))
                return redirect(saved)
    return _show_form(request, found, form, formset, status=422)


def _save_document(request: DeskRequest, form: HeaderForm, found: Document | None, lines: list[Line]) -> Document:
    values = dict(form.cleaned_data)
    version, total = values.pop("version"), values.pop("total_on_paper", None)
    if found is None:
        return services.enter(values, lines, by=request.user, total_on_paper=total)
    return services.change(found, values, lines, version=version, by=request.user, total_on_paper=total)


def _is_long(found: Document | None) -> bool:
    return found is not None and len(found.lines) >= MOST_ROWS


def _show_form(
    request: DeskRequest, found: Document | None, form: HeaderForm, formset: Any, *, status: int = 200
) -> HttpResponse:
    shown = {
        "form": form,
        "formset": formset,
        "document": found,
        "is_long": _is_long(found),
        "title": str(found) if found else _("New document"),
    }
    return render(request, "documents/form.html", shown, status=status)
