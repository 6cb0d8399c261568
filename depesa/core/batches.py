"""Batches: each row succeeds or is refused alone, whatever it raises.

The one place beside config.schedule and files.worker where any exception may be caught: a row that nobody thought of
is named in the log and gets a sentence that a person can act on, and the others go on. What is wrong with the machine
(the database does not answer, the disk is full) is nobody's fault among the rows and stops the batch.
"""

import errno
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext_noop

from depesa.core.errors import DomainError
from depesa.core.reasons import gettext

log = logging.getLogger("depesa.batches")

AWAY: Final = (OperationalError, InterfaceError)  # the database is away, locked, cut off or full
MACHINE: Final = (*AWAY, MemoryError)
FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EIO}


UNEXPECTED: Final = gettext_noop(
    "Something went wrong here that nobody thought of (%(kind)s). The others went on. Look at what is unusual about "
    "this one and try again, or ask who looks after this installation: the log says more."
)


@dataclass(frozen=True, slots=True)
class Failed[Row]:
    """A row, and what it raised instead of its outcome."""

    row: Row
    problem: Exception

    @property
    def is_unexpected(self) -> bool:
        """Whether nobody thought of it, so that the log says more."""
        return not isinstance(self.problem, DomainError)

    @property
    def kind(self) -> str:
        """What was raised, by its name."""
        return type(self.problem).__name__

    @property
    def sentence(self) -> str:
        """Why the row was refused, for the person who looks at it."""
        return gettext(UNEXPECTED) % {"kind": self.kind} if self.is_unexpected else str(self.problem)


def each_alone[Row, Result](
    do: Callable[[Sequence[Row]], Sequence[Result]],
    rows: Sequence[Row],
    refuse: Callable[[Failed[Row]], Result],
    *,
    name: Callable[[Row], object] = str,
    unless: tuple[type[Exception], ...] = (),
) -> list[Result]:
    """What `do` makes of the rows, in their order, and of each row that raises, what `refuse` makes of that.

    All rows go in one; only if that raises, they go in two halves, down to the single one. So `do` undoes what it
    began when it raises (it opens a transaction), or does nothing that lasts. `unless` names what is passed on.
    """
    if not rows:
        return []
    try:
        return list(do(rows))
    except Exception as problem:
        if isinstance(problem, (*MACHINE, *unless)) or (isinstance(problem, OSError) and problem.errno in FULL):
            raise
        if len(rows) == 1:
            failed = Failed(rows[0], problem)
            if failed.is_unexpected:
                log.exception("%s could not be done", name(rows[0]))
            return [refuse(failed)]
    half = len(rows) // 2
    return [
        *each_alone(do, rows[:half], refuse, name=name, unless=unless),
        *each_alone(do, rows[half:], refuse, name=name, unless=unless),
    ]


def alone[Row, Result](
    do: Callable[[Row], Result],
    row: Row,
    refuse: Callable[[Failed[Row]], Result],
    *,
    name: Callable[[Row], object] = str,
) -> Result:
    """The same for one row."""
    (done,) = each_alone(lambda rows: [do(each) for each in rows], [row], refuse, name=name)
    return done
