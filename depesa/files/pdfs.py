"""What is found in a PDF: pages as pictures and as text, and what acts by itself. Runs in the process apart."""

import re
from io import BytesIO
from typing import Final

from pypdfium2 import PdfDocument, raw

MOST_DOTS: Final = 12_000_000  # of one picture: a page may be as large as a field

_ACTIVE: Final = {
    "script": re.compile(rb"/(?:JavaScript|XFA)\b"),
    "files": re.compile(rb"/(?:EmbeddedFiles?|FileAttachment)\b"),
    "launch": re.compile(rb"/(?:Launch|RichMedia\w*|Movie|Sound|Rendition)\b"),
    "away": re.compile(rb"/(?:GoToR|GoToE|SubmitForm|ImportData)\b"),
}
# Each key of an address but not the kind of an action; what follows may be a text, or something that nobody can read.
_LINK: Final = re.compile(
    rb"(?<!/S)(?<!/S )/URI\s*(?!/)(?:\((?P<plain>(?:[^\\()]|\\.)*)\)|<(?P<hex>[0-9A-Fa-f\s]*)>)?", re.DOTALL
)
_MAY_LEAD: Final = re.compile(rb"(?i)(?:https?|mailto|tel):")
_SIGNS: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b""}
_ESCAPED: Final = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)

type Found[T] = tuple[T, list[bytes]]


def count(pdf: bytes) -> Found[int]:
    """Number of pages."""
    return len(PdfDocument(pdf)), []


def draw(pdf: bytes, scale: float, first: int, limit: int) -> Found[None]:
    """Pages from number `first` on, at most `limit`, as PNG; scale 1 is 72 dots per inch."""
    document = PdfDocument(pdf)
    return None, [_picture(document, index, scale) for index in range(first - 1, min(len(document), first - 1 + limit))]


def _picture(document: PdfDocument, index: int, scale: float) -> bytes:
    target = BytesIO()
    page = document[index]
    width, height = page.get_size()
    bitmap = page.render(scale=min(scale, (MOST_DOTS / max(width * height, 1)) ** 0.5))
    bitmap.to_pil().save(target, "PNG", compress_level=1)
    bitmap.close()
    page.close()
    return target.getvalue()


def find_active(pdf: bytes) -> Found[tuple[str, str]]:
    """What acts by itself, hides something or leads away, and which link that is; two empty words for mere pages.

    The file is written anew first: no part stays packed, encrypted or spelled in another way.
    """
    document, plain = PdfDocument(pdf), BytesIO()
    if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0:
        return ("script", ""), []
    if raw.FPDFDoc_GetAttachmentCount(document) > 0:
        return ("files", ""), []
    document.save(plain, flags=raw.FPDF_REMOVE_SECURITY)
    for written in (plain.getvalue(), pdf):
        for word, names in _ACTIVE.items():
            if names.search(written):
                return (word, ""), []
    links = _LINK.finditer(plain.getvalue())
    strange = next((link for found in links if not _MAY_LEAD.match(link := _link_target(found))), None)
    return ("", "") if strange is None else ("link", strange.decode("utf-8", "replace")[:100]), []


def _link_target(found: re.Match[bytes]) -> bytes:
    """The address of a link; what is no text leads nowhere that is known."""
    if found["hex"] is not None:
        digits = b"".join(found["hex"].split()).decode()
        text = bytes.fromhex(digits + "0" * (len(digits) % 2))
    else:
        text = _ESCAPED.sub(_unescape, found["plain"] or b"")
    return text.decode("utf-16", "replace").encode() if text.startswith((b"\xfe\xff", b"\xff\xfe")) else text


def _unescape(found: re.Match[bytes]) -> bytes:
    inside = found[1]
    return bytes([int(inside, 8) & 255]) if inside.isdigit() else _SIGNS.get(inside, inside)
