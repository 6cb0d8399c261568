"""Answers that carry what others wrote: shown in a sandbox, typed as what it is, never run and never asked for more."""

import hashlib
import re
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.csp import CSP

# For views that answer with letters and files: no script, no form, no frame, nothing from elsewhere.
SANDBOX: Final[dict[str, list[str]]] = {
    "sandbox": [""],
    "default-src": [CSP.NONE],
    "img-src": ["data:"],
    "style-src": [CSP.UNSAFE_INLINE],
    "form-action": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.SELF],
}

SCALES: Final = {"small": 0.5, "page": 1.5, "large": 2.5}  # 1 is 72 dots per inch
LAST_PAGE: Final = 10_000

_PDF: Final = b"%PDF-"
_BEGINNINGS: Final = {  # of the pictures that a page may show
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
    "image/webp": b"RIFF",
}
_AS_TEXT: Final = frozenset({"text/plain", "text/csv", "application/json", "message/delivery-status"})


# What a browser may call an address for although the policy forbids every request; a frame could hide one inside it.
_CALLING: Final = re.compile(
    r"(</?)(?=(?:link|meta|base|i?frame|frameset|fencedframe|portal|object|embed|applet)\b)", re.IGNORECASE
)


def show_html(written: str) -> HttpResponse:
    """A letter's HTML for a frame; links would open a new window, which the sandbox does not allow.

    Elements that could tell somebody that it is looked at lose their meaning with their names.
    """
    shown = _CALLING.sub(r"\1x-", written)
    return _careful(
        HttpResponse(f'<!doctype html><base target="_blank">{shown}', content_type="text/html; charset=utf-8")
    )


def show_file(request: HttpRequest, content: bytes, *, name: str, media_type: str) -> HttpResponse:
    """A file inside the page if that is safe, else as a download; the browser keeps it under its own hash."""
    tag = f'"{hashlib.sha256(content).hexdigest()}"'
    if request.headers.get("If-None-Match") == tag:
        return _kept(HttpResponse(status=304), tag)
    shown = _shown_type(content, media_type)
    response = _careful(HttpResponse(content, content_type=shown or "application/octet-stream"))
    response.headers["Content-Disposition"] = disposition("inline" if shown else "attachment", name)
    return _kept(response, tag)


def show_page(request: HttpRequest, sha256: str, page: int, draw: Callable[[int, float], bytes | None]) -> HttpResponse:
    """One page of a file as a PNG in the size that `?scale=` names; drawn only if the browser has it not yet."""
    scale = request.GET.get("scale", "page")
    if scale not in SCALES or not 1 <= page <= LAST_PAGE:
        raise Http404
    tag = f'"{sha256}-{page}-{scale}"'
    if request.headers.get("If-None-Match") == tag:
        return _kept(HttpResponse(status=304), tag)
    picture = draw(page, SCALES[scale])
    if picture is None:
        raise Http404
    return _kept(_careful(HttpResponse(picture, content_type="image/png")), tag)


def download(content: bytes, *, name: str) -> HttpResponse:
    """Bytes for the disk and never for the page."""
    response = _careful(HttpResponse(content, content_type="application/octet-stream"))
    response.headers["Content-Disposition"] = disposition("attachment", name)
    return response


def disposition(how: str, name: str) -> str:
    """The header that names the file, in ASCII and in full (RFC 6266)."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("_.") or "file"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _shown_type(content: bytes, media_type: str) -> str:
    """What a browser is told to show: PDF and pictures whose bytes are such, and texts; empty for the rest."""
    if content.startswith(_PDF):
        return "application/pdf"
    if beginning := _BEGINNINGS.get(media_type):
        return media_type if content.startswith(beginning) else ""
    return "text/plain; charset=utf-8" if media_type in _AS_TEXT else ""


def _careful(response: HttpResponse) -> HttpResponse:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _kept(response: HttpResponse, tag: str) -> HttpResponse:
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"  # asked again each time, sent again only if it changed
    return response
