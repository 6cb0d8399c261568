"""Reads of runs and statements: coverage, staleness, review, progress."""

from depesa.statements.queries.counts import LeftOut, RunFigures, figures, going, left_out
from depesa.statements.queries.coverage import Coverage, Exclusion, coverage
from depesa.statements.queries.foresight import (
    customers_to_form,
    foresee_forming,
    foresee_period,
    foresee_sending,
    may_leave,
    page_of,
    papers_of,
)
from depesa.statements.queries.progress import Progress, missing_runs, progress
from depesa.statements.queries.review import Gone, Reviewed, gone, previous_run, reasons, review
from depesa.statements.queries.segments import ICONS, SEGMENTS, TONES, WORDS, count_segments, with_segment
from depesa.statements.queries.staleness import differences, stale

__all__ = [
    "ICONS",
    "SEGMENTS",
    "TONES",
    "WORDS",
    "Coverage",
    "Exclusion",
    "Gone",
    "LeftOut",
    "Progress",
    "Reviewed",
    "RunFigures",
    "count_segments",
    "coverage",
    "customers_to_form",
    "differences",
    "figures",
    "foresee_forming",
    "foresee_period",
    "foresee_sending",
    "going",
    "gone",
    "left_out",
    "may_leave",
    "missing_runs",
    "page_of",
    "papers_of",
    "previous_run",
    "progress",
    "reasons",
    "review",
    "stale",
    "with_segment",
]
