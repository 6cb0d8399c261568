"""Templates of documents: the editor of a language, its preview, its versions."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.csp import csp_override

from depesa.core.errors import DomainError
from depesa.core.languages import choices, codes
from depesa.core.versions import Comparison, compare
from depesa.documents import queries, services
from depesa.documents.forms.types import TemplateForm
from depesa.documents.models import DocumentTemplate
from depesa.documents.views.types import find_type
from depesa.mail.frames import SANDBOX, show_file
from depesa.pdf import Preview
from depesa.staff.models import User
from depesa.staff.policy import DeskRequest, acts, asks, shows
from depesa.staff.rules import Right
from depesa.ui.versions import Versions, answer_version, list_versions

ALL = "all"  # stands in the address for the template of every language without one of its own


@asks(Right.SET_UP)
def template(request: DeskRequest, pk: int, language: str) -> HttpResponse:
    """The editor of one template; nothing typed is lost when it cannot be saved."""
    found = _template(pk, language)
    act = request.POST.get("act", "save") if request.method == "POST" else ""
    fallback = services.fallback_of(found)
    seen = {"source": found.source or fallback, "version": found.version}
    reset = {"source": fallback, "version": request.POST.get("version", "")}
    form = TemplateForm(reset if act == "reset" else request.POST or None, initial=seen)
    if act in {"save", "reset"} and form.is_valid() and (saved := form.save(found, request.user)):
        messages.success(request, _said(saved))
        return redirect("documents:template", pk, language)
    return render(
        request,
        "documents/types/template.html",
        _editor(found, language, form),
        status=422 if form.errors else 200,
    )


@acts(Right.SET_UP)
def preview(request: DeskRequest, pk: int, language: str) -> HttpResponse:
    """How a sample paper looks with the template as it is typed now; htmx asks while somebody types."""
    found = _template(pk, language)
    source = request.POST.get("source", "")
    return render(request, "documents/types/preview.html", {"preview": _preview(found, source)})


@shows(Right.SET_UP)
@csp_override(SANDBOX)
def paper(request: DeskRequest, pk: int, language: str) -> HttpResponse:
    """The sample paper with the saved template, as PDF."""
    found = _template(pk, language)
    try:
        pdf = services.print_sample(found.type, found.language, found.source or services.fallback_of(found))
    except DomainError as refusal:
        raise Http404(str(refusal)) from None
    return show_file(request, pdf, name=f"{found.type.code}.pdf", media_type="application/pdf")


@shows(Right.SET_UP)
def versions(request: DeskRequest, pk: int, language: str) -> HttpResponse:
    """What the template said before, by whom and when."""
    return list_versions(request, _versions(_template(pk, language), language, request.user))


@asks(Right.SET_UP)
def version(request: DeskRequest, pk: int, language: str, number: int) -> HttpResponse:
    """One earlier version beside the template of now; POST makes it the template again."""
    return answer_version(request, _versions(_template(pk, language), language, request.user), number)


def _versions(found: DocumentTemplate, language: str, by: User) -> Versions:
    return Versions(
        text=found,
        title=f"{found.type}, {_language_name(found)}",
        url=reverse("documents:template", args=[found.type.pk, language]),
        column=_("Template"),
        summary=lambda former: pgettext("template", "own") if former.source else _("built in"),
        compare=lambda former: _compared(found, former.source, found.source),
        roll_back=lambda to, seen: services.roll_back_template(found, to, by=by, version=seen),
    )


def _compared(found: DocumentTemplate, before: str, after: str) -> Comparison:
    fallback = services.fallback_of(found)
    return compare({"source": before or fallback}, {"source": after or fallback}, around=3)


def _language_name(found: DocumentTemplate) -> str:
    return found.get_language_display() if found.language else _("all languages")


def _template(pk: int, language: str) -> DocumentTemplate:
    if language not in {*codes(), ALL}:
        raise Http404
    return queries.template_in(find_type(pk), "" if language == ALL else language)


def _said(saved: DocumentTemplate) -> str:
    if saved.source:
        return _("Saved as version %(n)d.") % {"n": saved.version}
    return _("The template of all languages is used.") if saved.language else _("The built-in template is used.")


def _head(found: DocumentTemplate, language: str) -> dict[str, Any]:
    return {
        "template": found,
        "kind": found.type,
        "in_language": language,
        "language_name": _language_name(found),
        "languages": [(ALL, _("All languages")), *choices()],
    }


def _editor(found: DocumentTemplate, language: str, form: TemplateForm) -> dict[str, Any]:
    typed = str(form["source"].value() or "")
    is_conflict = form.is_bound and bool(form.non_field_errors())
    return {
        **_head(found, language),
        "form": form,
        "preview": _preview(found, typed),
        "own": {template.language or ALL for template in queries.templates_of(found.type)},
        "compared": _compared(found, found.source, typed) if is_conflict else None,
    }


def _preview(found: DocumentTemplate, source: str) -> Preview:
    return services.preview(found.type, found.language, source if source.strip() else services.fallback_of(found))
