"""Settings → Documents: the types of documents of an order."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from depesa.documents import queries, services
from depesa.documents.forms.types import TypeForm
from depesa.documents.models import DocumentType
from depesa.staff.policy import DeskRequest, asks, shows
from depesa.staff.rules import Right
from depesa.ui.forms import refusals_told, seen_in


@shows(Right.SET_UP)
def types(request: DeskRequest) -> HttpResponse:
    """Every type with its next number and its templates."""
    return render(request, "documents/types/types.html", {"kinds": queries.types_with_templates()})


@asks(Right.SET_UP)
def new_type(request: DeskRequest) -> HttpResponse:
    """Add a type of the firm's own."""
    return _answer_form(request, DocumentType(), _("New document type"))


@asks(Right.SET_UP)
def edit_type(request: DeskRequest, pk: int) -> HttpResponse:
    kind = find_type(pk)
    return _answer_form(request, kind, str(kind))


@asks(Right.SET_UP)
def type_removal(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask, and remove a type of the firm's own."""
    kind = find_type(pk)
    if request.method == "POST":
        with refusals_told(request):
            services.remove_type(kind, by=request.user, version=seen_in(request))
            messages.success(request, _("The document type was removed."))
            return redirect("documents:types")
        return redirect("documents:edit_type", pk)
    return render(request, "ui/confirm.html", _removal(kind))


def _removal(kind: DocumentType) -> dict[str, Any]:
    return {
        "question": _("Remove %(name)s?") % {"name": kind},
        "explanation": _("The type and its templates go. A type of which there are documents stays."),
        "version": kind.version,
        "button": _("Remove"),
        "button_icon": "bin",
        "back_url": reverse("documents:edit_type", args=[kind.pk]),
        "cannot": _("%(name)s is preset and stays.") % {"name": kind} if kind.is_preset else "",
    }


def find_type(pk: int) -> DocumentType:
    return get_object_or_404(queries.types(), pk=pk)


def _answer_form(request: DeskRequest, kind: DocumentType, title: str) -> HttpResponse:
    form = TypeForm(request.POST or None, kind=kind, initial=TypeForm.values_of(kind))
    if request.method == "POST" and form.is_valid() and (saved := form.save(request.user)):
        messages.success(request, _("Saved."))
        return redirect("documents:edit_type", saved.pk)
    shown = {"form": form, "kind": kind, "title": title, "templates": queries.templates_of(kind)}
    return render(request, "documents/types/type.html", shown, status=422 if form.errors else 200)
