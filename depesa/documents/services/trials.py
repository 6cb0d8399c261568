"""Try a template of documents before anybody relies on it: it must print every sample of its type."""

from collections.abc import Iterator
from typing import Final

from depesa.core.edges import assert_outside_transaction
from depesa.core.reasons import gettext as _
from depesa.documents.contributions import Sample, printer
from depesa.documents.models import DocumentTemplate, DocumentType
from depesa.pdf import Preview, Problem, preview_of, problem_of, shared_renderer

LONGEST_SOURCE: Final = 200_000


def problem_with(kind: DocumentType, language: str, source: str) -> Problem | None:
    """What is wrong with the template; it must print every sample: one that has everything, one next to nothing."""
    if len(source) > LONGEST_SOURCE:
        return Problem(_("A template has at most %(n)s characters.") % {"n": LONGEST_SOURCE})
    problems = (problem_of(sample.job, sample.note) for sample in printer().samples(kind, language, source))
    return next(filter(None, problems), None)


def broken_templates() -> Iterator[str]:
    """Every template of the firm's own that gives no paper any more, with the reason; an update may break one."""
    own = DocumentTemplate.objects.exclude(source="").select_related("type__series").order_by("type_id", "language")
    for template in own:
        if problem := problem_with(template.type, template.language, template.source):
            yield f"{template}: {problem}"


def preview(kind: DocumentType, language: str, source: str) -> Preview:
    """How a sample of the type looks with this template."""
    return preview_of(_first(kind, language, source).job)


def print_sample(kind: DocumentType, language: str, source: str) -> bytes:
    """A sample of the type as PDF with this template; RenderError with the reason if it cannot be printed."""
    assert_outside_transaction()
    return shared_renderer().render(_first(kind, language, source).job)


def _first(kind: DocumentType, language: str, source: str) -> Sample:
    return next(iter(printer().samples(kind, language, source)))
