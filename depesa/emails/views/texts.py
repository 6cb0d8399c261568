"""Pages of one text: its editor, preview, laboratory and versions."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csp import csp_override

from depesa.company.queries import current
from depesa.core.inputs import read_key
from depesa.core.languages import codes
from depesa.core.versions import compare
from depesa.emails import queries, services
from depesa.emails.forms import PreviewForm, TextForm
from depesa.emails.models import Editor, SystemEmail, SystemEmailText
from depesa.emails.placeholders import context_of
from depesa.emails.presets import draft_of
from depesa.mail.frames import SANDBOX, show_html
from depesa.staff.models import User
from depesa.staff.policy import DeskRequest, acts, asks, shows
from depesa.staff.rules import Right
from depesa.ui.forms import refusals_told
from depesa.ui.versions import Versions, answer_version, list_versions


@asks(Right.SET_UP)
def text(request: DeskRequest, code: str, language: str) -> HttpResponse:
    """The editor of one text; nothing typed is lost when it cannot be saved."""
    found = _text(code, language)
    seen = {name: getattr(found, name) for name in ("subject", "body", "html", "editor", "version")}
    form = TextForm(request.POST or None, initial=seen)
    if request.method == "POST" and request.POST.get("act") != "preview" and form.is_valid():
        if saved := form.save(found, request.user):
            messages.success(request, _("Saved as version %(n)d.") % {"n": saved.version})
            _tell_taken_out(request, saved)
            return redirect("emails:text", code, language)
        found = _text(code, language)
    return render(request, "emails/text.html", _editor(request, found, form), status=422 if form.errors else 200)


@acts(Right.SET_UP)
def preview(request: DeskRequest, code: str, language: str) -> HttpResponse:
    """How the text would read as it is typed now; htmx asks while somebody types."""
    return render(request, "emails/preview.html", _preview(request, _text(code, language)))


@asks(Right.SET_UP)
@csp_override(SANDBOX)
def html(request: DeskRequest, code: str, language: str) -> HttpResponse:
    """The letter as a mail program shows it: the saved text, or what is typed now; in the light or in the dark."""
    shown = _preview(request, _text(code, language))
    if shown["preview"].letter is None:
        return show_html(f"<p>{escape(_('There is nothing to show yet: see what stands beside the preview.'))}</p>")
    scheme = shown["preview_form"].cleaned_data.get("scheme", "")
    return show_html(services.page_of(shown["preview"].letter, current(), scheme))


@acts(Right.SET_UP)
def default(request: DeskRequest, code: str, language: str) -> HttpResponse:
    """The text as it came is the text again; the one of now stays among the versions."""
    found = _text(code, language)
    with refusals_told(request):
        saved = services.reset(found, by=request.user, version=_seen(request))
        messages.success(request, _("The text is as it came, as version %(n)d.") % {"n": saved.version})
    return redirect("emails:text", code, language)


@asks(Right.SET_UP)
def laboratory(request: DeskRequest, code: str, language: str) -> HttpResponse:
    """What comes of the text, as saved or as typed, when it is written for the newest real records."""
    text = _typed(request, _text(code, language))[0]
    is_fit = not services.check(text.system_email.context, text.subject, text.body, text.html)
    trial = services.examine(text, current()) if is_fit else None
    name = "emails/laboratory.html" if request.headers.get("HX-Request") else "emails/laboratory_page.html"
    return render(request, name, {**_head(text), "trial": trial})


@shows(Right.SET_UP)
def versions(request: DeskRequest, code: str, language: str) -> HttpResponse:
    """What the text said before, by whom and when."""
    return list_versions(request, _versions(_text(code, language), request.user))


@asks(Right.SET_UP)
def version(request: DeskRequest, code: str, language: str, number: int) -> HttpResponse:
    """One earlier version beside the text of now; POST makes it the text again."""
    return answer_version(request, _versions(_text(code, language), request.user), number)


def _versions(found: SystemEmailText, by: User) -> Versions:
    return Versions(
        text=found,
        title=f"{queries.title_of(found.system_email)}, {found.get_language_display()}",
        url=reverse("emails:text", args=[found.system_email.code, found.language]),
        column=_("Subject"),
        summary=lambda former: former.subject,
        compare=lambda former: compare(found.words_of(former), found.words_of(found)),
        roll_back=lambda to, seen: services.roll_back(found, to, by=by, version=seen),
    )


def _text(code: str, language: str) -> SystemEmailText:
    if language not in codes():
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


def _seen(request: DeskRequest) -> int:
    """The version that the person saw."""
    return read_key(request.POST.get("version"))


def _tell_taken_out(request: DeskRequest, saved: SystemEmailText) -> None:
    if found := services.taken_out(saved.html):
        sentence = ngettext(
            "%(n)d element was removed: %(what)s.", "%(n)d elements were removed: %(what)s.", len(found)
        )
        messages.warning(request, sentence % {"n": len(found), "what": ", ".join(found[:20])})


def _editor(request: DeskRequest, found: SystemEmailText, form: TextForm) -> dict[str, Any]:
    typed = {name: (form[name].value() or "").replace("\r\n", "\n") for name in found.says}
    is_conflict = form.is_bound and bool(form.non_field_errors())
    context = context_of(found.system_email.context)
    return {
        **_head(found),
        **_preview(request, found),
        "form": form,
        "overview": queries.overview_of(found.system_email),
        "placeholders": [(each, each.shown(found.language)) for each in context.placeholders],
        "compared": compare(found.words_of(found), typed) if is_conflict else None,
        "has_default": draft_of(found.system_email.code, found.language) is not None,
        "has_revision": any(each.usual is not None for each in context.placeholders),
    }


def _typed(request: DeskRequest, found: SystemEmailText) -> tuple[SystemEmailText, PreviewForm]:
    """The text as it is typed now, not saved; without anything typed the saved one."""
    saved = {name: getattr(found, name) for name in ("subject", "body", "html", "editor")}
    form = PreviewForm(request.POST if request.method == "POST" else {**saved, "scheme": request.GET.get("scheme", "")})
    form.is_valid()
    values = form.cleaned_data
    html, editor = values.get("html", "").replace("\r\n", "\n").strip(), values.get("editor")
    text = SystemEmailText(
        system_email=found.system_email,
        language=found.language,
        subject=values.get("subject", "").strip(),
        body=values.get("body", "").replace("\r\n", "\n"),
        html="" if editor == Editor.TEXT else services.spoken(html) if editor == Editor.VISUAL else html,
    )
    return text, form


def _preview(request: DeskRequest, found: SystemEmailText) -> dict[str, Any]:
    text, form = _typed(request, found)
    values = form.cleaned_data
    wanted = values.get("customer", "")
    record = services.record_by_number(found.system_email.context, wanted) if wanted else None
    customer = None if record else queries.customer_for_preview(wanted, request.user)
    is_revision = bool(values.get("is_revision"))
    shown = services.preview(text, company=current(), customer=customer, record=record, is_revision=is_revision)
    return {"preview": shown, "preview_form": form, "customer": customer, "record": record, "wanted": wanted}
