"""What is found in a PDF: pages as pictures and as text, and what acts by itself. Runs in the process apart."""

import re
from io import BytesIO
from typing import Final

from pypdfium2 import PdfDocument, raw

MOST_DOTS: Final = 12_000_000  # of one picture: a page may be as large as a field

_LAUNCH: Final = re.compile(rb"/(Launch|RichMedia|Movie)\b")

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


def find_active(pdf: bytes) -> Found[str]:
    """What acts by itself or hides something: script, files, launch; empty when it is only pages."""
    document = PdfDocument(pdf)
    if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0 or b"/JavaScript" in pdf:
        return "script", []
    if raw.FPDFDoc_GetAttachmentCount(document) > 0:
        return "files", []
    return "launch" if _LAUNCH.search(pdf) else "", []
