"""What a document of an order would say if it were generated now; nothing is stored and no number is taken."""

from depesa.documents.models import DocumentType
from depesa.documents.rules import OrderPaper
from depesa.orders.models import Order
from depesa.orders.services.issue import Wish, fill, row_of, sources_of


def foreseen_paper(order: Order, kind: DocumentType, *, language: str = "") -> OrderPaper:
    """The paper of this type for the order, in its language or another one, with the number that comes next."""
    wish = Wish(order=order, type=kind, language=language)
    sources = sources_of([order])
    row = row_of(wish, sources, None)
    row.number = kind.series.preview if kind.series else ""
    fill(row, wish, sources)
    return OrderPaper.of(row.content)
