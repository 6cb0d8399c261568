"""The verbs of triggers: note what changed, write the letters that are due, undo, try again."""

from depesa.triggers.services.firing import fire_due
from depesa.triggers.services.noting import Change, hold_of, note
from depesa.triggers.services.settling import (
    mend,
    repeatable,
    save_hold,
    try_again,
    undo,
)

__all__ = [
    "Change",
    "fire_due",
    "hold_of",
    "mend",
    "note",
    "repeatable",
    "save_hold",
    "try_again",
    "undo",
]
