"""Verbs of documents: enter, post, take back, issue, withdraw; number series; document types and their templates."""

from depesa.documents.services.books import save_books
from depesa.documents.services.document_types import add_type, change_type, remove_type
from depesa.documents.services.entry import change, enter, remove
from depesa.documents.services.issue import Issue, issue_posted, reissue, withdraw
from depesa.documents.services.numbers import SeriesEnded, give_back, reserve, save_series, wrong_year
from depesa.documents.services.postings import post, take_back
from depesa.documents.services.rates import save_rate, take_list
from depesa.documents.services.templates import NotPrintable, fallback_of, roll_back_template, save_template
from depesa.documents.services.trials import broken_templates, preview, print_sample
