"""Pages of system e-mails: the list, the editor of a language, its preview, its versions."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from depesa.company.queries import current
from depesa.core.frames import SANDBOX, show_html
from depesa.core.languages import Language
from depesa.letters import queries, services
from depesa.letters.forms import PreviewForm, TextForm
from depesa.letters.models import SystemEmail, SystemEmailText, SystemEmailVersion
from depesa.letters.placeholders import context_of
from depesa.staff.policy import DeskRequest, allow
from depesa.staff.rules import Right


@allow(Right.SET_UP)
@require_safe
def system_emails(request: DeskRequest) -> HttpResponse:
    """Every system e-mail and the languages it has."""
    return render(request, "letters/system_emails.html", {"overviews": queries.overviews()})


@allow(Right.SET_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: DeskRequest, code: str, language: str) -> HttpResponse:
    """The editor of one text; nothing typed is lost when it cannot be saved."""
    found = _text(code, language)
    seen = {"subject": found.subject, "body": found.body, "version": found.version}
    form = TextForm(request.POST or None, initial=seen)
    if request.method == "POST" and request.POST.get("act") != "preview" and form.is_valid():
        if saved := form.save(found, request.user):
            messages.success(request, _("Saved as version %(n)d.") % {"n": saved.version})
            return redirect("letters:text", code, language)
        found = _text(code, language)
    return render(request, "letters/text.html", _editor(request, found, form), status=422 if form.errors else 200)


@allow(Right.SET_UP)
@require_POST
def preview(request: DeskRequest, code: str, language: str) -> HttpResponse:
    """How the text would read as it is typed now; htmx asks while somebody types."""
    return render(request, "letters/preview.html", _preview(request, _text(code, language)))


@allow(Right.SET_UP)
@require_safe
@csp_override(SANDBOX)
def html(request: DeskRequest, code: str, language: str) -> HttpResponse:
    """The saved text as a mail program shows it, with samples."""
    shown = services.preview(_text(code, language), company=current())
    if shown.letter is None:
        raise Http404
    return show_html(services.html_of(shown.letter.text, current(), language))


@allow(Right.SET_UP)
@require_safe
def versions(request: DeskRequest, code: str, language: str) -> HttpResponse:
    """What the text said before, by whom and when."""
    found = _text(code, language)
    return render(request, "letters/versions.html", {**_head(found), "versions": queries.versions_of(found)})


@allow(Right.SET_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def version(request: DeskRequest, code: str, language: str, number: int) -> HttpResponse:
    """One earlier version beside the text of now; POST makes it the text again."""
    found = _text(code, language)
    former = get_object_or_404(SystemEmailVersion.objects.select_related("changed_by"), text=found.pk, version=number)
    if request.method == "POST":
        try:
            seen = int(request.POST.get("version", "0")) if request.POST.get("version", "").isdigit() else 0
            services.roll_back(found, number, by=request.user, version=seen)
        except (services.Changed, services.NotUsable) as refusal:
            messages.error(request, str(refusal))
            return redirect("letters:version", code, language, number)
        messages.success(request, _("Version %(n)d is the text again.") % {"n": number})
        return redirect("letters:text", code, language)
    compared = queries.compare(former, found.subject, found.body)
    return render(request, "letters/version.html", {**_head(found), "former": former, "compared": compared})


def _text(code: str, language: str) -> SystemEmailText:
    if language not in Language.values:
        raise Http404
    return queries.text_in(get_object_or_404(SystemEmail, code=code), language)


def _head(found: SystemEmailText) -> dict[str, Any]:
    email = found.system_email
    return {
        "text": found,
        "email": email,
        "title": queries.title_of(email),
        "language_name": found.get_language_display(),
    }


def _editor(request: DeskRequest, found: SystemEmailText, form: TextForm) -> dict[str, Any]:
    typed = form["subject"].value() or "", (form["body"].value() or "").replace("\r\n", "\n")
    is_conflict = form.is_bound and bool(form.non_field_errors())
    return {
        **_head(found),
        **_preview(request, found),
        "form": form,
        "overview": queries.overview_of(found.system_email),
        "placeholders": [
            (each, each.sample(found.language)) for each in context_of(found.system_email.context).placeholders
        ],
        "compared": queries.compare(found, *typed) if is_conflict else None,
    }


def _preview(request: DeskRequest, found: SystemEmailText) -> dict[str, Any]:
    form = PreviewForm(request.POST if request.method == "POST" else {"subject": found.subject, "body": found.body})
    form.is_valid()
    values = form.cleaned_data
    customer = queries.customer_for_preview(values.get("customer", ""), request.user)
    typed = SystemEmailText(
        system_email=found.system_email,
        language=found.language,
        subject=values.get("subject", "").strip(),
        body=values.get("body", "").replace("\r\n", "\n"),
    )
    shown = services.preview(typed, company=current(), customer=customer, is_revision=bool(values.get("is_revision")))
    return {"preview": shown, "preview_form": form, "customer": customer, "wanted": values.get("customer", "")}
