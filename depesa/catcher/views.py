"""Pages of the catcher: the letters on the left, the opened one on the right."""

from functools import partial
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_safe

from depesa.catcher import queries, services
from depesa.catcher.models import CaughtLetter
from depesa.core.search import typed
from depesa.mail import frames
from depesa.mail.letter import Part, read_letter
from depesa.mail.opened import lay_open
from depesa.pdf import page_picture, pages_in
from depesa.staff.policy import allow
from depesa.staff.rules import Right


@allow(Right.SEE)
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """The caught letters; none is opened yet."""
    return render(request, "catcher/letters.html", _list(request))


@allow(Right.SEE)
@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter as a mail program shows it, beside the list."""
    found = get_object_or_404(CaughtLetter, pk=pk)
    services.read(found)
    content = bytes(found.content)
    reading = lay_open(
        read_letter(content),
        content,
        app="catcher",
        pk=pk,
        view=request.GET.get("view", ""),
        path=request.path,
        count=pages_in,
    )
    return render(request, "catcher/letters.html", {**_list(request), "opened": found, "reading": reading})


def _list(request: HttpRequest) -> dict[str, Any]:
    text = typed(request.GET.get("q", ""))
    page = queries.page_of(text, request.GET.get("at", ""))
    words = {"q": text} if text else {}

    def address(token: str) -> str:
        return f"{reverse('catcher:letters')}?{urlencode({**words, 'at': token})}" if token else ""

    return {
        "page": page,
        "text": text,
        "newest": page.rows[0].pk if page.rows else 0,
        "unread": queries.count_unread(),
        "kept": f"?{request.GET.urlencode()}" if request.GET else "",
        "is_newest": bool(page.rows) and not text and not page.newer,
        "newer_url": address(page.newer),
        "older_url": address(page.older),
    }


@allow(Right.SEE)
@require_safe
def news(request: HttpRequest, pk: int) -> HttpResponse:
    """How many letters came after this one, for the top of the list."""
    return render(request, "catcher/news.html", {"count": queries.count_newer(pk), "newest": pk})


@allow(Right.SEE)
@require_safe
@csp_override(frames.SANDBOX)
def html(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter's HTML alone, for the frame."""
    found = get_object_or_404(CaughtLetter, pk=pk)
    return frames.show_html(read_letter(bytes(found.content)).html)


@allow(Right.SEE)
@require_safe
@csp_override(frames.SANDBOX)
def file(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A file of the letter."""
    part = _part(pk, number)
    return frames.show_file(request, part.content, name=part.name, media_type=part.media_type)


@allow(Right.SEE)
@require_safe
@csp_override(frames.SANDBOX)
def file_page(request: HttpRequest, pk: int, number: int, page: int) -> HttpResponse:
    """A page of a PDF of the letter, as a picture."""
    part = _part(pk, number)
    return frames.show_page(request, sha256(part.content).hexdigest(), page, partial(page_picture, part.content))


def _part(pk: int, number: int) -> Part:
    found = get_object_or_404(CaughtLetter, pk=pk)
    part = read_letter(bytes(found.content)).file(number)
    if part is None:
        raise Http404
    return part


@allow(Right.SEE)
@require_safe
@csp_override(frames.SANDBOX)
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter byte for byte."""
    found = get_object_or_404(CaughtLetter, pk=pk)
    return frames.download(bytes(found.content), name=f"letter-{found.pk}.eml")


@allow(Right.WRITE)
@require_http_methods(["GET", "POST"])
def emptying(request: HttpRequest) -> HttpResponse:
    """Throw all caught letters away, after a question."""
    if request.method == "POST":
        messages.success(request, services.empty())
        return redirect("catcher:letters")
    question = {
        "question": _("Throw all caught letters away?"),
        "explanation": _("They are copies for looking at; what the outbox knows about its letters stays."),
        "button": _("Throw away"),
        "button_icon": "bin",
        "back_url": reverse("catcher:letters"),
    }
    return render(request, "ui/confirm.html", question)
