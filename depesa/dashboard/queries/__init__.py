"""Reads of the whole desk: what needs a person today, and what a search finds."""

from depesa.dashboard.queries.needs import needs, needs_of_month
from depesa.dashboard.queries.search import KINDS, search
from depesa.dashboard.queries.start import first_steps, letters_by_day, newest_run, next_forming
