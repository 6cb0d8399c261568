"""Whether a PDF holds more than pages: scripts, programs to start, files, links that lead elsewhere, a password."""

from typing import Final

from depesa.core.reasons import gettext as _
from depesa.core.reasons import gettext_lazy
from depesa.files import pdfs
from depesa.files.sandbox import open_if_sound

_WORDS: Final = {
    "script": gettext_lazy("It contains a script."),
    "files": gettext_lazy("It contains other files."),
    "launch": gettext_lazy("It starts programs or films."),
    "away": gettext_lazy("It leads to other files or sends what is typed into it."),
    "link": gettext_lazy(
        "It has a link that leads neither to the web nor to an e-mail address or a phone: “%(link)s”."
    ),
}


def active_content(pdf: bytes) -> str:
    """What of the PDF acts by itself or hides something, in a sentence; empty when it is only pages."""
    found = open_if_sound(pdfs.find_active, pdf)
    if found is None:
        return _("It is damaged or protected by a password.")
    word, link = found.facts
    return str(_WORDS[word]) % {"link": link} if word else ""
