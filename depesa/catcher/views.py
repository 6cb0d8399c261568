"""Pages of the catcher: the letters on the left, the opened one on the right."""

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from depesa.catcher import queries, services
from depesa.catcher.models import CaughtLetter
from depesa.core.search import typed
from depesa.mail.contents import addresses_of
from depesa.mail.letter import read_letter
from depesa.mail.opened import lay_open
from depesa.mail.privacy import closed
from depesa.pdf import page_picture, pages_in
from depesa.staff.policy import DeskRequest, allow, asks, shows
from depesa.staff.rules import Right


@shows(Right.SEE)
def letters(request: HttpRequest) -> HttpResponse:
    """The caught letters; none is opened yet."""
    return render(request, "catcher/letters.html", _list(request))


@shows(Right.SEE)
def letter(request: DeskRequest, pk: int) -> HttpResponse:
    """One letter as a mail program shows it, beside the list."""
    found = get_object_or_404(CaughtLetter, pk=pk)
    services.read(found)
    content = _readable(found, request)
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


@shows(Right.SEE)
def news(request: HttpRequest, pk: int) -> HttpResponse:
    """How many letters came after this one, for the top of the list."""
    return render(request, "catcher/news.html", {"count": queries.count_newer(pk), "newest": pk})


def _content(request: DeskRequest, pk: int) -> bytes:
    return _readable(get_object_or_404(CaughtLetter, pk=pk), request)


def _readable(letter: CaughtLetter, request: DeskRequest) -> bytes:
    """What this user may read of it: who gives all others their passwords anyway also reads the links that prove."""
    content = bytes(letter.content)
    return content if request.user.may(Right.MANAGE_USERS) else closed(content)


ADDRESSES: Final = addresses_of(_content, opens=allow(Right.SEE), draw=page_picture)


@asks(Right.WRITE)
def throw_away(request: HttpRequest) -> HttpResponse:
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
