"""Why a letter did not leave. Pure Python."""

from enum import StrEnum
from typing import Final


class Reason(StrEnum):
    """Why no letter left, or none yet; the words stand in queries.REASONS."""

    # No letter was meant to leave.
    NOT_CHOSEN = "not-chosen"
    SWITCHED_OFF = "switched-off"
    INACTIVE = "inactive"
    PREDEFINED = "predefined"  # the detail is the event that writes instead
    NO_SUCH_EMAIL = "no-such-email"  # the detail is its code
    NO_CHANGE = "no-change"
    BACK_AGAIN = "back-again"
    # One was held and did not leave.
    FOLLOWED = "followed"
    UNDONE = "undone"
    REMOVED = "removed"
    NOT_NEEDED = "not-needed"  # the detail is the sentence of who knows
    # One should have left and could not.
    NO_ADDRESS = "no-address"
    CANNOT_FILL = "cannot-fill"  # the detail says what is wrong with the text or the values
    NOT_SEALED = "not-sealed"
    NOT_READY = "not-ready"  # the detail says what is missing, for example a document that cannot be made
    NOBODY_KNOWS = "nobody-knows"  # no source is registered for the subject
    TOO_OFTEN = "too-often"  # somebody else was faster, again and again
    UNEXPECTED = "unexpected"
    TOO_OLD = "too-old"  # nobody wrote it for so long that a person must say whether it is still to leave
    # One has left, but not as it should.
    FALLBACK = "fallback"  # the detail is the language in which it was written


# What a changed text heals by itself.
HEALED_BY_TEXT: Final = frozenset({Reason.CANNOT_FILL})
# A letter would contradict what stands: nothing has changed, or another rule writes it.
FINAL_REASONS: Final = frozenset({Reason.BACK_AGAIN, Reason.NO_CHANGE, Reason.PREDEFINED})
# A letter that is tried again: what was wrong before is worth telling while it waits.
HELD_REASONS: Final = frozenset(
    {
        Reason.NO_ADDRESS,
        Reason.CANNOT_FILL,
        Reason.NOT_SEALED,
        Reason.NOT_READY,
        Reason.NOBODY_KNOWS,
        Reason.TOO_OFTEN,
        Reason.UNEXPECTED,
        Reason.TOO_OLD,
    }
)
