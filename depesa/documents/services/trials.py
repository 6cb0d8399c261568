"""Try a template before anybody relies on it: what is wrong with it, and how its pages look."""

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, override

from depesa.company.models import Company
from depesa.company.queries import current
from depesa.core.edges import assert_outside_transaction
from depesa.core.reasons import gettext as _
from depesa.documents.models import DocumentTemplate, DocumentType
from depesa.documents.pdf import order_job
from depesa.documents.rules import OrderPaper, Party, bare, sample_paper
from depesa.pdf import Job, Logo, LogoError, count_pages, page_pictures, press

SHOWN_PAGES: Final = 5
PICTURE: Final = 1.5
LONGEST_SOURCE: Final = 200_000
PLACE: Final = re.compile(r" ?\((?:template\.typ|main\.typ), line (\d+), column (\d+)\)\.?")
HINT: Final = re.compile(r" Hint: (.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a template gives no paper, in Typst's words, and where if it knows."""

    message: str
    line: int = 0
    column: int = 0
    hint: str = ""
    with_bare: bool = False  # only a paper that lacks what others have shows it

    @override
    def __str__(self) -> str:
        """The sentence that stands at the field."""
        place = _("Line %(line)d, column %(column)d: ") % {"line": self.line, "column": self.column}
        told = f"{place if self.line else ''}{self.message}"
        if self.hint:
            told += f" {self.hint}"
        if self.with_bare:
            told += " " + _("It happens where a document has no number, address or delivery: ask “if” first.")
        return told


@dataclass(frozen=True, slots=True)
class Preview:
    """The first pages of a paper as pictures (PNG in Base64), or why there are none."""

    pages: list[str] = field(default_factory=list)
    count: int = 0
    problem: Problem | None = None
    warnings: tuple[str, ...] = ()

    @property
    def more(self) -> int:
        """Pages that are not shown."""
        return self.count - len(self.pages)


def problem_of(kind: DocumentType, language: str, source: str) -> Problem | None:
    """What is wrong with the template: it must print a paper that has everything, and one that has next to nothing."""
    assert_outside_transaction()
    if len(source) > LONGEST_SOURCE:
        return Problem(_("A template has at most %(n)s characters.") % {"n": LONGEST_SOURCE})
    full = sample_of(kind, language)
    if problem := _problem(order_job("full", full, source=source, logo=logo_of(current()))):
        return problem
    return _problem(order_job("bare", bare(full), source=source), with_bare=True)


def broken_templates() -> Iterator[str]:
    """Every template of the firm's own that gives no paper any more, with the reason; an update may break one."""
    own = DocumentTemplate.objects.exclude(source="").select_related("type__series").order_by("type_id", "language")
    for template in own:
        if problem := problem_of(template.type, template.language, template.source):
            yield f"{template}: {problem}"


def preview(paper: OrderPaper, *, source: str = "", logo: Logo | None = None) -> Preview:
    """How the paper looks with this template; also of a real order."""
    assert_outside_transaction()
    outcome = press().render_one(order_job("preview", paper, source=source, logo=logo))
    if outcome.pdf is None:
        return Preview(problem=_read(outcome.error))
    pictures = page_pictures(outcome.pdf, PICTURE, limit=SHOWN_PAGES)
    pages = [b64encode(picture).decode("ascii") for picture in pictures]
    return Preview(pages, count_pages(outcome.pdf), warnings=outcome.warnings)


def print_sample(paper: OrderPaper, source: str) -> bytes:
    """The paper as PDF with this template and the firm's logo; RenderError with the reason if it cannot be printed."""
    assert_outside_transaction()
    return press().render(order_job("sample", paper, source=source, logo=logo_of(current())))


def sample_of(kind: DocumentType, language: str) -> OrderPaper:
    """A sample paper of this type from our firm; no language means the company's."""
    company = current()
    language = language or company.language
    number = kind.series.preview if kind.series else ""
    names = ("has_due_on", "has_tax_on", "shows_prices", "asks_payment", "takes_back")
    flags = {name: bool(getattr(kind, name)) for name in names}
    return sample_paper(
        kind.code, kind.name_in(language), language, supplier=supplier(company), number=number, flags=flags
    )


def supplier(company: Company) -> Party:
    """Our firm as it stands on papers."""
    return Party(
        name=company.name,
        company_code=company.company_code,
        vat_code=company.vat_code,
        address_lines=tuple(company.address_lines),
        country=company.country,
        email=company.email,
        phone=company.phone,
        website=company.website,
        bank_account=company.bank_account,
    )


def logo_of(company: Company) -> Logo | None:
    """The logo as papers print it; none if there is none or it cannot be read."""
    if company.logo is None:
        return None
    try:
        return Logo.read(bytes(company.logo.content))
    except LogoError:
        return None


def _problem(job: Job, *, with_bare: bool = False) -> Problem | None:
    outcome = press().render_one(job)
    return None if outcome.pdf is not None else _read(outcome.error, with_bare=with_bare)


def _read(error: str, *, with_bare: bool = False) -> Problem:
    """The renderer's sentence taken apart."""
    hint = HINT.search(error)
    told = error[: hint.start()] if hint else error
    place = PLACE.search(told)
    message = _sentence(PLACE.sub("", told))
    line, column = (int(place[1]), int(place[2]) + 1) if place else (0, 0)  # Typst counts columns from 0
    return Problem(message, line, column, _sentence(hint[1]) if hint else "", with_bare)


def _sentence(text: str) -> str:
    text = text.strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."
