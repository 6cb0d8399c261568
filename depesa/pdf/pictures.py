"""Pages of a finished PDF as pictures and as text, for previews and searches."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import Lock

from pypdfium2 import PdfDocument, PdfiumError

MOST_DOTS = 12_000_000  # of one picture: a stranger's PDF may have pages as large as a field

_PDFIUM = Lock()  # PDFium keeps global state and must not run in two threads


@contextmanager
def _opened(pdf: bytes) -> Iterator[PdfDocument]:
    with _PDFIUM:
        document = PdfDocument(pdf)
        try:
            yield document
        finally:
            document.close()


def count_pages(pdf: bytes) -> int:
    """Number of pages."""
    with _opened(pdf) as document:
        return len(document)


def page_pictures(pdf: bytes, scale: float = 1.5, first: int = 1, limit: int = 20) -> list[bytes]:
    """Pages from number `first` on, at most `limit`, as PNG; scale 1 is 72 dots per inch."""
    with _opened(pdf) as document:
        return [_picture(document, index, scale) for index in range(first - 1, min(len(document), first - 1 + limit))]


def page_picture(pdf: bytes, page: int, scale: float = 1.5) -> bytes | None:
    """One page as PNG; None if the file is no PDF that can be read or has no such page."""
    try:
        return next(iter(page_pictures(pdf, scale, first=page, limit=1)), None)
    except PdfiumError:
        return None


def _picture(document: PdfDocument, index: int, scale: float) -> bytes:
    target = BytesIO()
    page = document[index]
    width, height = page.get_size()
    bitmap = page.render(scale=min(scale, (MOST_DOTS / max(width * height, 1)) ** 0.5))
    bitmap.to_pil().save(target, "PNG", compress_level=1)
    bitmap.close()
    page.close()
    return target.getvalue()


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page in reading order, with one newline between lines."""
    with _opened(pdf) as document:
        return [_text(document, index) for index in range(len(document))]


def _text(document: PdfDocument, index: int) -> str:
    page = document[index]
    text_page = page.get_textpage()
    text = str(text_page.get_text_bounded())
    text_page.close()
    page.close()
    return text.replace("\r\n", "\n")


def pages_in(file: bytes) -> int:
    """How many pages can be shown as pictures: 0 for what is no readable PDF."""
    try:
        return count_pages(file) if file.startswith(b"%PDF-") else 0
    except PdfiumError:
        return 0
