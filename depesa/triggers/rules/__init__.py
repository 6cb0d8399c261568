"""Rules of triggers: what may cause a letter, what collapses within the hold time, and who knows more. Pure Python."""

from depesa.triggers.rules.coalescence import Step, Verdict, collapse
from depesa.triggers.rules.events import (
    EVENTS,
    FINAL_REASONS,
    HEALED_BY_TEXT,
    HELD_REASONS,
    Event,
    Reason,
    kind_of,
    order_preset,
    preset_of,
)
from depesa.triggers.rules.sources import (
    Draft,
    Draw,
    Rule,
    Skipped,
    Source,
    explain,
    prefix_of,
    register,
    rules,
    source_of,
)

__all__ = [
    "EVENTS",
    "FINAL_REASONS",
    "HEALED_BY_TEXT",
    "HELD_REASONS",
    "Draft",
    "Draw",
    "Event",
    "Reason",
    "Rule",
    "Skipped",
    "Source",
    "Step",
    "Verdict",
    "collapse",
    "explain",
    "kind_of",
    "order_preset",
    "prefix_of",
    "preset_of",
    "register",
    "rules",
    "source_of",
]
