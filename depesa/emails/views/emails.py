"""Pages of system e-mails themselves: the list, one's own, what holds in all languages, files."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from depesa.core.languages import spoken
from depesa.emails import queries, services
from depesa.emails.forms import EmailForm, FileForm, NewEmailForm
from depesa.emails.models import SystemEmail, SystemEmailFile
from depesa.emails.placeholders import context_of
from depesa.files.uploads import LARGEST
from depesa.staff.policy import DeskRequest, acts, asks, shows
from depesa.staff.rules import Right
from depesa.ui.forms import Back, answer_form, refusals_shown, refusals_told, saved, seen_in


@shows(Right.SET_UP)
def system_emails(request: DeskRequest) -> HttpResponse:
    """Every system e-mail: what it is for, its languages, where it is used."""
    rows = [(each, services.usages_of(each.email)) for each in queries.overviews()]
    return render(request, "emails/system_emails.html", {"rows": rows})


@asks(Right.SET_UP)
def new(request: DeskRequest) -> HttpResponse:
    """One's own system e-mail: a name first, then the texts."""
    form = NewEmailForm(request.POST or None, initial={"context": "order"})
    if request.method == "POST" and form.is_valid():
        email = services.add(form.cleaned_data["name"], form.cleaned_data["context"], by=request.user)
        return redirect("emails:text", email.code, spoken())
    back, button = Back(_("System e-mails"), "emails:system_emails"), _("Write the text")
    return answer_form(request, form, _("New system e-mail"), back, button=button)


@asks(Right.SET_UP)
def email(request: DeskRequest, code: str) -> HttpResponse:
    """What holds for the e-mail in all its languages."""
    found = get_object_or_404(SystemEmail, code=code)
    form = EmailForm(request.POST or None, instance=found, initial={"name": queries.title_of(found)})
    if saved(request, form, lambda: services.change(found, form.setting(), version=form.seen, by=request.user)):
        return redirect("emails:email", code)
    return _show_email(request, get_object_or_404(SystemEmail, code=code), form, FileForm())


@acts(Right.SET_UP)
def copy(request: DeskRequest, code: str) -> HttpResponse:
    """The same once more, as one's own."""
    found = get_object_or_404(SystemEmail, code=code)
    name = _("%(name)s, copy") % {"name": queries.title_of(found)}
    made = services.copy(found, name[:120], by=request.user)
    messages.success(request, _("Copied. Give it a name of its own."))
    return redirect("emails:email", made.code)


@asks(Right.SET_UP)
def removal(request: DeskRequest, code: str) -> HttpResponse:
    """Delete one's own that nothing uses."""
    found = get_object_or_404(SystemEmail, code=code)
    if request.method == "POST":
        with refusals_told(request):
            services.remove(found, by=request.user, version=seen_in(request))
            messages.success(request, _("“%(name)s” was deleted.") % {"name": found.name})
            return redirect("emails:system_emails")
        return redirect("emails:email", code)
    question = {
        "question": _("Delete “%(name)s”?") % {"name": queries.title_of(found)},
        "version": found.version,
        "button": _("Delete"),
        "button_icon": "bin",
        "back_url": reverse("emails:email", args=[code]),
        "cannot": str(services.NotYours()) if found.is_preset else "",
    }
    return render(request, "ui/confirm.html", question)


@acts(Right.SET_UP)
def attach(request: DeskRequest, code: str) -> HttpResponse:
    """Let a file go along."""
    found = get_object_or_404(SystemEmail, code=code)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        upload: UploadedFile[bytes] = form.cleaned_data["file"]
        with refusals_shown(form, "file"):
            services.attach(found, upload.name or "", upload.read(LARGEST + 1), by=request.user)
            return redirect("emails:email", code)
    return _show_email(request, found, EmailForm(instance=found), form)


@acts(Right.SET_UP)
def detach(request: DeskRequest, code: str, pk: int) -> HttpResponse:
    """Let it go along no longer."""
    services.detach(get_object_or_404(SystemEmailFile, pk=pk, system_email__code=code), by=request.user)
    return redirect("emails:email", code)


def _show_email(request: DeskRequest, found: SystemEmail, form: EmailForm, file_form: FileForm) -> HttpResponse:
    shown: dict[str, Any] = {
        "email": found,
        "title": queries.title_of(found),
        "description": queries.description_of(found),
        "context": context_of(found.context),
        "overview": queries.overview_of(found),
        "form": form,
        "file_form": file_form,
        "files": found.files.select_related("blob").defer("blob__content").order_by("name"),
        "usages": services.usages_of(found),
    }
    return render(request, "emails/email.html", shown, status=422 if form.errors or file_form.errors else 200)
