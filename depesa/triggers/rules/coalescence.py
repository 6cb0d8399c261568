"""Changes of one subject that follow each other within the hold time are one change. Pure Python."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """A change as the rule sees it. `base` is what stood before the first change of its chain.

    `is_out`: its letter has left or was refused by the machine, so nothing can take its place any more.
    """

    before: Any
    after: Any
    at: datetime
    due_at: datetime
    base: Any = None
    is_out: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """`base`: what stood before the chain; `joins`: the step before it is replaced; `is_back`: nothing has changed."""

    base: Any
    joins: bool
    is_back: bool


def collapse(last: Step | None, new: Step) -> Verdict:
    """What a new change makes of the last one of its family.

    A→B→A within the hold: nothing has changed. A→B→C: C only, and what counts as "before" is A.
    A change that says nothing of before and after never is "back".
    """
    joins = last is not None and not last.is_out and new.at <= last.due_at
    base = last.base if last is not None and joins else new.before
    says = new.before is not None or new.after is not None
    return Verdict(base, joins, is_back=says and new.after == base)
