"""Whether a PDF from outside holds more than pages: scripts, programs to start, files, a password."""

from typing import Final

from depesa.core.reasons import gettext as _
from depesa.core.reasons import gettext_lazy
from depesa.files import pdfs
from depesa.files.sandbox import NotOpened, open_apart

_WORDS: Final = {
    "script": gettext_lazy("It contains a script."),
    "files": gettext_lazy("It contains other files."),
    "launch": gettext_lazy("It starts programs or films."),
}


def active_content(pdf: bytes) -> str:
    """What of the PDF acts by itself or hides something, in a sentence; empty when it is only pages."""
    try:
        found = open_apart(pdfs.find_active, pdf).facts
    except NotOpened:
        return _("It is damaged or protected by a password.")
    return str(_WORDS.get(found, ""))
