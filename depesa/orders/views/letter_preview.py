"""A draft exactly as it would leave: sealed for looking at, and nothing of it stored."""

from dataclasses import replace
from functools import partial
from typing import Final

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import push_url

from depesa.core.errors import DomainError, Faults
from depesa.mail.contents import addresses_of
from depesa.mail.letter import read_letter
from depesa.mail.opened import lay_open
from depesa.orders.queries.detail import order_of
from depesa.orders.services.letters import drafts
from depesa.orders.services.letters.composition import compose
from depesa.orders.services.letters.drafts import SentAlready, letter_of
from depesa.orders.views.letters import kept_or_typed, leave_sent, show_window
from depesa.pdf import page_picture, pages_in
from depesa.staff.policy import DeskRequest, allow, asks
from depesa.staff.rules import Right


@asks(Right.SEND)
def preview(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Keep what was typed and show the final message; GET shows what is kept."""
    order = order_of(pk, request.user)
    try:
        draft = kept_or_typed(request, order)
        composed = compose(letter_of(draft))
    except SentAlready as problem:
        return leave_sent(request, order, problem)
    except Faults as faults:
        return show_window(request, order, draft, faults=faults.by_field, status=422)
    except DomainError as problem:
        return show_window(request, order, draft, faults={"": str(problem)}, status=422)
    content, here = composed.prepared.content, reverse("orders:letter_preview", args=[pk])
    view = request.GET.get("view", "")
    reading = lay_open(read_letter(content), content, app="orders:draft", pk=pk, view=view, path=here, count=pages_in)
    shown = {"order": order, "draft": draft, "composed": composed, "reading": reading, "size": len(content)}
    if not request.htmx:
        return render(request, "orders/letter_preview.html", shown)
    # Its tabs are boosted links; in the dialog they must not change the address of the page below.
    return push_url(render(request, "orders/letter/preview.html", shown), False)


def _content(request: DeskRequest, pk: int, *, has_files: bool = True) -> bytes:
    """The draft as it would be sealed; its files change nothing about the HTML, so they are not made for that."""
    draft = drafts.begin(order_of(pk, request.user), request.user)
    try:
        letter = letter_of(draft)
        return compose(letter if has_files else replace(letter, types=(), documents=(), files=())).prepared.content
    except DomainError as problem:
        raise Http404(str(problem)) from None


ADDRESSES: Final = addresses_of(
    _content,
    opens=allow(Right.SEND),
    draw=page_picture,
    name="letter.eml",
    bare=partial(_content, has_files=False),
)
