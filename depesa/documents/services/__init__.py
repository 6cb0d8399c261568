"""Verbs of sales documents: enter, change, post, take back, remove; number series."""

from depesa.documents.services.entering import change, enter, remove
from depesa.documents.services.numbering import reserve, save_books, save_series
from depesa.documents.services.posting import Outcome, Refusal, post, take_back

__all__ = [
    "Outcome",
    "Refusal",
    "change",
    "enter",
    "post",
    "remove",
    "reserve",
    "save_books",
    "save_series",
    "take_back",
]
