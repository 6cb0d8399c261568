"""A draft exactly as it would leave: sealed for looking at, and nothing of it stored."""

from dataclasses import replace
from functools import partial
from hashlib import sha256

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import push_url

from depesa.core.errors import DomainError, Faults
from depesa.mail import frames
from depesa.mail.letter import Part, read_letter
from depesa.mail.opened import lay_open
from depesa.orders.models import LetterDraft
from depesa.orders.queries.detail import order_of
from depesa.orders.services.letters import drafts
from depesa.orders.services.letters.composition import compose
from depesa.orders.services.letters.drafts import SentAlready, letter_of
from depesa.orders.views.letters import kept_or_typed, leave_sent, show_window
from depesa.pdf import page_picture, pages_in
from depesa.staff.policy import DeskRequest, allow
from depesa.staff.rules import Right


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Right.SEND)
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


def _content(request: DeskRequest, pk: int) -> bytes:
    draft: LetterDraft = drafts.begin(order_of(pk, request.user), request.user)
    try:
        return compose(letter_of(draft)).prepared.content
    except DomainError as problem:
        raise Http404(str(problem)) from None


def _part(request: DeskRequest, pk: int, number: int) -> Part:
    part = read_letter(_content(request, pk)).file(number)
    if part is None:
        raise Http404
    return part


@allow(Right.SEND)
@require_safe
@csp_override(frames.SANDBOX)
def html(request: DeskRequest, pk: int) -> HttpResponse:
    """The letter's HTML alone, for the frame; its files change nothing about it, so they are not made."""
    draft = drafts.begin(order_of(pk, request.user), request.user)
    try:
        bare = replace(letter_of(draft), types=(), documents=(), files=())
        return frames.show_html(read_letter(compose(bare).prepared.content).html)
    except DomainError as problem:
        raise Http404(str(problem)) from None


@allow(Right.SEND)
@require_safe
@csp_override(frames.SANDBOX)
def file(request: DeskRequest, pk: int, number: int) -> HttpResponse:
    """A file of the letter."""
    part = _part(request, pk, number)
    return frames.show_file(request, part.content, name=part.name, media_type=part.media_type)


@allow(Right.SEND)
@require_safe
@csp_override(frames.SANDBOX)
def file_page(request: DeskRequest, pk: int, number: int, page: int) -> HttpResponse:
    """A page of a PDF of the letter, as a picture."""
    part = _part(request, pk, number)
    return frames.show_page(request, sha256(part.content).hexdigest(), page, partial(page_picture, part.content))


@allow(Right.SEND)
@require_safe
@csp_override(frames.SANDBOX)
def source(request: DeskRequest, pk: int) -> HttpResponse:
    """The letter as a file, as it would be sealed."""
    return frames.download(_content(request, pk), name="letter.eml")
