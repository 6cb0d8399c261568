"""Rules of documents: types and signs of sales, and the words of papers. Pure Python."""

from depesa.documents.rules.sales import (
    MOST_LINES,
    MOST_PRICE,
    MOST_QUANTITY,
    MOST_TEXT,
    MOST_TOTAL,
    TAKES_BACK,
    Line,
    Posting,
    Type,
)
from depesa.documents.rules.sums import Sums, sum_up
from depesa.documents.rules.types import ACCOUNTING, CREDIT_NOTE, FINAL, INVOICE
