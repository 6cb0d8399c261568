"""The verbs of triggers: note what changed, write the letters that are due, undo, try again."""

from depesa.triggers.services.firing import fire_due
from depesa.triggers.services.noting import Change, hold_of, note
from depesa.triggers.services.settling import can_be_tried, can_be_undone, mend, try_again, undo

__all__ = ["Change", "can_be_tried", "can_be_undone", "fire_due", "hold_of", "mend", "note", "try_again", "undo"]
