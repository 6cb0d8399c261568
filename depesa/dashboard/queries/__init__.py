"""Reads of the whole desk: what needs a person today, and what a search finds."""

from depesa.dashboard.queries.needs import Need, needs, needs_of_month
from depesa.dashboard.queries.search import KINDS, search
from depesa.dashboard.queries.start import FirstStep, first_steps, letters_by_day, newest_run, next_forming

__all__ = [
    "KINDS",
    "FirstStep",
    "Need",
    "first_steps",
    "letters_by_day",
    "needs",
    "needs_of_month",
    "newest_run",
    "next_forming",
    "search",
]
