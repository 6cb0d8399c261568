"""Try a template before anybody relies on it: what is wrong with it, and how its pages look."""

import re
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Final, override

from depesa.core.edges import assert_outside_transaction
from depesa.core.reasons import gettext as _
from depesa.core.reasons import joined
from depesa.pdf.jobs import Job
from depesa.pdf.pictures import count_pages, page_pictures
from depesa.pdf.shared import shared_renderer

SHOWN_PAGES: Final = 5
PICTURE: Final = 1.5
PLACE: Final = re.compile(r" ?\((?:template\.typ|main\.typ), line (\d+), column (\d+)\)\.?")
HINT: Final = re.compile(r" Hint: (.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a template gives no PDF, in Typst's words, and where if it knows; `note` is what we know beside."""

    message: str
    line: int = 0
    column: int = 0
    hint: str = ""
    note: str = ""

    @override
    def __str__(self) -> str:
        """The sentence that stands at the field."""
        place = _("Line %(line)d, column %(column)d: ") % {"line": self.line, "column": self.column}
        said = joined([place if self.line else "", self.message], "")
        return joined(filter(None, [said, self.hint, self.note]))


@dataclass(frozen=True, slots=True)
class Preview:
    """The first pages of a PDF as pictures (PNG in Base64), or why there are none."""

    pages: list[str] = field(default_factory=list)
    count: int = 0
    problem: Problem | None = None
    warnings: tuple[str, ...] = ()

    @property
    def more(self) -> int:
        """Pages that are not shown."""
        return self.count - len(self.pages)


def preview_of(job: Job) -> Preview:
    """How the PDF of the job looks."""
    assert_outside_transaction()
    outcome = shared_renderer().render_one(job)
    if outcome.pdf is None:
        return Preview(problem=_problem_in(outcome.error))
    pictures = page_pictures(outcome.pdf, PICTURE, limit=SHOWN_PAGES)
    pages = [b64encode(picture).decode("ascii") for picture in pictures]
    return Preview(pages, count_pages(outcome.pdf), warnings=outcome.warnings)


def problem_of(job: Job, note: str = "") -> Problem | None:
    """What is wrong with the template of the job; `note` stands with it."""
    assert_outside_transaction()
    outcome = shared_renderer().render_one(job)
    return None if outcome.pdf is not None else _problem_in(outcome.error, note)


def _problem_in(error: str, note: str = "") -> Problem:
    """The renderer's sentence taken apart."""
    hint = HINT.search(error)
    told = error[: hint.start()] if hint else error
    place = PLACE.search(told)
    message = _sentence(PLACE.sub("", told))
    line, column = (int(place[1]), int(place[2]) + 1) if place else (0, 0)  # Typst counts columns from 0
    return Problem(message, line, column, _sentence(hint[1]) if hint else "", note)


def _sentence(text: str) -> str:
    text = text.strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."
