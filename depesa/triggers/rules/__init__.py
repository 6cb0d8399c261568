"""Rules of triggers: why a letter did not leave, and what collapses within the hold time. Pure Python."""

from depesa.triggers.rules.coalescence import Step, Verdict, collapse
from depesa.triggers.rules.reasons import FINAL_REASONS, HEALED_BY_TEXT, HELD_REASONS, Reason
