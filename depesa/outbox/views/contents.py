"""What stands in a sealed letter, answered for frames and pictures."""

from functools import partial
from hashlib import sha256

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from depesa.mail import frames
from depesa.mail.letter import Part, read_letter
from depesa.outbox.mime import SealBroken
from depesa.outbox.models import Message
from depesa.outbox.queries import sealed_bytes
from depesa.pdf import page_picture
from depesa.staff.policy import DeskRequest, allow
from depesa.staff.rules import Right


@allow(Right.SEE)
@require_safe
@csp_override(frames.SANDBOX)
def html(request: DeskRequest, pk: int) -> HttpResponse:
    """The letter's HTML alone, for the frame."""
    return frames.show_html(read_letter(_content(request, pk)).html)


@allow(Right.SEE)
@require_safe
@csp_override(frames.SANDBOX)
def file(request: DeskRequest, pk: int, number: int) -> HttpResponse:
    """A file of the letter."""
    part = _part(request, pk, number)
    return frames.show_file(request, part.content, name=part.name, media_type=part.media_type)


@allow(Right.SEE)
@require_safe
@csp_override(frames.SANDBOX)
def file_page(request: DeskRequest, pk: int, number: int, page: int) -> HttpResponse:
    """A page of a PDF of the letter, as a picture."""
    part = _part(request, pk, number)
    return frames.show_page(request, sha256(part.content).hexdigest(), page, partial(page_picture, part.content))


@allow(Right.SEE)
@require_safe
@csp_override(frames.SANDBOX)
def source(request: DeskRequest, pk: int) -> HttpResponse:
    """The sealed bytes as a file."""
    return frames.download(_content(request, pk), name=f"letter-{pk}.eml")


def _content(request: DeskRequest, pk: int) -> bytes:
    try:
        return sealed_bytes(get_object_or_404(Message.objects.visible_to(request.user), pk=pk))
    except SealBroken as broken:
        raise Http404(str(broken)) from None


def _part(request: DeskRequest, pk: int, number: int) -> Part:
    part = read_letter(_content(request, pk)).file(number)
    if part is None:
        raise Http404
    return part
