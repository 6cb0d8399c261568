"""What a template of documents is tried with: samples of our firm, one that has everything and one next to nothing."""

from collections.abc import Iterator

from depesa.company.queries import current
from depesa.core.reasons import gettext as _
from depesa.documents.contributions import Sample
from depesa.documents.models import DocumentType
from depesa.orders.paper import OrderPaper, bare, order_job, sample_paper
from depesa.orders.services.documents.content import supplier_of
from depesa.orders.services.documents.pdfs import logo_of

FLAGS = ("has_due_on", "has_tax_on", "shows_prices", "asks_payment", "takes_back")


def samples(kind: DocumentType, language: str, source: str) -> Iterator[Sample]:
    """Jobs of this type in the language, or the company's, that a template must print."""
    full = _paper(kind, language)
    yield Sample(order_job("full", full, source=source, logo=logo_of(current())))
    note = _("It happens where a document has no number, address or delivery: ask “if” first.")
    yield Sample(order_job("bare", bare(full), source=source), note)


def _paper(kind: DocumentType, language: str) -> OrderPaper:
    company = current()
    language = language or company.language
    return sample_paper(
        kind.code,
        kind.name_in(language),
        language,
        supplier=supplier_of(company),
        number=kind.series.preview if kind.series else "",
        flags={name: bool(getattr(kind, name)) for name in FLAGS},
    )
