"""Whether a PDF from outside holds more than pages: scripts, programs to start, files, a password."""

import re
from typing import Final

from django.utils.translation import gettext as _
from pypdfium2 import PdfDocument, PdfiumError, raw

_LAUNCH: Final = re.compile(rb"/(Launch|RichMedia|Movie)\b")


def active_content(pdf: bytes) -> str:
    """What of the PDF acts by itself or hides something, in a sentence; empty when it is only pages."""
    try:
        document = PdfDocument(pdf)
    except PdfiumError:
        return _("It is damaged or protected by a password.")
    try:
        if raw.FPDFDoc_GetJavaScriptActionCount(document) > 0 or b"/JavaScript" in pdf:
            return _("It contains a script.")
        if raw.FPDFDoc_GetAttachmentCount(document) > 0:
            return _("It contains other files.")
        if _LAUNCH.search(pdf):
            return _("It starts programs or films.")
    finally:
        document.close()
    return ""
