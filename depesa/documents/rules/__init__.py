"""Rules of documents: types and signs of sales, and what a document of an order prints. Pure Python."""

from depesa.documents.rules.papers import ACCOUNTING, FINAL, OrderPaper, PaperLine, PaperRate, Party
from depesa.documents.rules.payments import account_of, payment_text
from depesa.documents.rules.sales import (
    MOST_LINES,
    MOST_PRICE,
    MOST_QUANTITY,
    MOST_TEXT,
    MOST_TOTAL,
    TAKES_BACK,
    Line,
    Posting,
    Sums,
    Type,
    signed,
    sum_up,
)
from depesa.documents.rules.samples import bare, sample_paper

__all__ = [
    "ACCOUNTING",
    "FINAL",
    "MOST_LINES",
    "MOST_PRICE",
    "MOST_QUANTITY",
    "MOST_TEXT",
    "MOST_TOTAL",
    "TAKES_BACK",
    "Line",
    "OrderPaper",
    "PaperLine",
    "PaperRate",
    "Party",
    "Posting",
    "Sums",
    "Type",
    "account_of",
    "bare",
    "payment_text",
    "sample_paper",
    "signed",
    "sum_up",
]
