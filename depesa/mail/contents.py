"""The pages of a sealed letter: its HTML, its files, their pages as pictures, its bytes; made for an app."""

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from depesa.mail import frames
from depesa.mail.letter import Part, read_letter

type View = Callable[..., HttpResponse]
type Content = Callable[[Any, int], bytes]  # of a request and the key of the letter; Http404 where there is none


def addresses_of(
    content: Content,
    *,
    opens: Callable[[View], View],
    draw: Callable[[bytes, int, float], bytes | None],
    name: str = "letter-{pk}.eml",
    bare: Content | None = None,
) -> list[URLPattern]:
    """Addresses html, file, file_page and source below that of a letter.

    `opens` says who may look, `draw` makes a picture of a page, `bare` gives the bytes without files where that is
    cheaper.
    """

    def html(request: HttpRequest, pk: int) -> HttpResponse:
        return frames.show_html(read_letter((bare or content)(request, pk)).html)

    def file(request: HttpRequest, pk: int, number: int) -> HttpResponse:
        part = _part(content(request, pk), number)
        return frames.show_file(request, part.content, name=part.name, media_type=part.media_type)

    def file_page(request: HttpRequest, pk: int, number: int, page: int) -> HttpResponse:
        part = _part(content(request, pk), number)
        return frames.show_page(request, sha256(part.content).hexdigest(), page, partial(draw, part.content))

    def source(request: HttpRequest, pk: int) -> HttpResponse:
        return frames.download(content(request, pk), name=name.format(pk=pk))

    def address(route: str, view: View) -> URLPattern:
        return path(route, opens(require_safe(csp_override(frames.SANDBOX)(view))), name=view.__name__)

    return [
        address("html/", html),
        address("files/<key:number>/", file),
        address("files/<key:number>/pages/<key:page>/", file_page),
        address("source/", source),
    ]


def _part(content: bytes, number: int) -> Part:
    part = read_letter(content).file(number)
    if part is None:
        raise Http404
    return part
