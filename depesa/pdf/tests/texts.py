"""What stands on the pages of a PDF."""

from contextlib import closing

from pypdfium2 import PdfDocument


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page in reading order, with one newline between lines."""
    with closing(PdfDocument(pdf)) as document:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]
