"""Reads of runs and statements: coverage, staleness, review, progress."""

from depesa.statements.queries.counts import LeftOut, figures, going, has_left, has_living_letter, left_out
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
from depesa.statements.queries.review import Reviewed, gone, previous_run, reasons, review
from depesa.statements.queries.segments import ICONS, SEGMENTS, TONES, WORDS, count_segments, with_segment
from depesa.statements.queries.staleness import differences, stale
