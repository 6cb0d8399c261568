"""The verbs of triggers: note what changed, write the letters that are due, undo, try again."""

from depesa.triggers.services.decisions import mend, repeatable, save_hold, try_again, undo, undo_all
from depesa.triggers.services.letters import fire_due
from depesa.triggers.services.transitions import Change, hold_of, note
