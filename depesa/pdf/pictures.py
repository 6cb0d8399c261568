"""Pages of a PDF as pictures and as text, for previews and searches; whose PDF it is makes no difference."""

from depesa.files import pdfs
from depesa.files.sandbox import NotOpened, open_apart


def count_pages(pdf: bytes) -> int:
    """Number of pages; NotOpened for what is no readable PDF."""
    return int(open_apart(pdfs.count, pdf).facts)


def page_pictures(pdf: bytes, scale: float = 1.5, first: int = 1, limit: int = 20) -> list[bytes]:
    """Pages from number `first` on, at most `limit`, as PNG; scale 1 is 72 dots per inch; or NotOpened."""
    return list(open_apart(pdfs.draw, pdf, scale, first, limit, seconds=15).parts)


def page_picture(pdf: bytes, page: int, scale: float = 1.5) -> bytes | None:
    """One page as PNG; None if the file is no PDF that can be shown or has no such page."""
    try:
        parts = open_apart(pdfs.draw, pdf, scale, page, 1).parts
    except NotOpened:
        return None
    return next(iter(parts), None)


def pages_in(file: bytes) -> int:
    """How many pages can be shown as pictures: 0 for what is no readable PDF."""
    try:
        return count_pages(file) if file.startswith(b"%PDF-") else 0
    except NotOpened:
        return 0
