"""Verbs of sales documents: enter, change, post, take back, remove, issue, withdraw; number series."""

from depesa.documents.services.entering import change, enter, remove
from depesa.documents.services.issuing import Issue, issue_posted, reissue, withdraw
from depesa.documents.services.numbering import SeriesEnded, give_back, reserve, save_books, save_series
from depesa.documents.services.posting import Outcome, Refusal, post, take_back

__all__ = [
    "Issue",
    "Outcome",
    "Refusal",
    "SeriesEnded",
    "change",
    "enter",
    "give_back",
    "issue_posted",
    "post",
    "reissue",
    "remove",
    "reserve",
    "save_books",
    "save_series",
    "take_back",
    "withdraw",
]
