"""Batches: each row succeeds or is refused alone, whatever it raises.

The one place beside config.schedule and files.worker where any exception may be caught: a row that nobody thought of
is named in the log and gets a sentence that a person can act on, and the others go on. A row that takes more memory
than there is, or that the database gives up twice while it answers otherwise, is refused alone, too. What is wrong with
the machine (the database does not answer or is locked for all, the disk is full) is nobody's fault among the rows: it
is raised, so that the rows stay as they are and their turn comes again.
"""

import errno
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import django.db
from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext_noop

from depesa.core.deadlocks import undeterred
from depesa.core.errors import DomainError
from depesa.core.reasons import gettext

log = logging.getLogger("depesa.batches")

AWAY: Final = (OperationalError, InterfaceError)  # the database is away, locked, cut off or full
FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EIO}
# The same of the database, which answers then: SQLite's codes READONLY, IOERR, CORRUPT, FULL, CANTOPEN; PostgreSQL's
# for a full disk and no further connections, and its class of errors of the system.
_NO_ROOM: Final = {8, 10, 11, 13, 14}
_NO_ROOM_OF_SERVER: Final = ("53100", "53300", "58")


UNEXPECTED: Final = gettext_noop(
    "Something went wrong here that nobody thought of (%(kind)s). The others went on. Look at what is unusual about "
    "this one and try again, or ask who looks after this installation: the log says more."
)
TOO_LARGE: Final = gettext_noop(
    "This one takes more memory than there is here. The others went on. Make it smaller, or give this installation "
    "more memory, and try again."
)
GIVEN_UP: Final = gettext_noop(
    "The database gave this one up twice (%(kind)s). The others went on. Try again later, or ask who looks after this "
    "installation: the log says more."
)


def is_damage(problem: Exception) -> bool:
    """Whether the file of the database is damaged: SQLite says that, and only that, with no closer class."""
    return type(problem) is django.db.DatabaseError


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
        match self.problem:
            case DomainError():
                return str(self.problem)
            case MemoryError():
                return gettext(TOO_LARGE)
            case OperationalError() | InterfaceError():
                return gettext(GIVEN_UP) % {"kind": self.kind}
        return gettext(UNEXPECTED) % {"kind": self.kind}


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
    found = _tried(do, rows, unless)
    if len(rows) == 1 and isinstance(found, AWAY):
        found = _tried(do, rows, unless)  # once more alone: whom it waited for may have gone
    if isinstance(found, list):
        return found
    if len(rows) == 1:
        failed = Failed(rows[0], found)
        if failed.is_unexpected:
            log.error("%s could not be done", name(rows[0]), exc_info=found)
        return [refuse(failed)]
    del found  # and with it what its frames hold in memory
    half = len(rows) // 2
    return [
        *each_alone(do, rows[:half], refuse, name=name, unless=unless),
        *each_alone(do, rows[half:], refuse, name=name, unless=unless),
    ]


def _tried[Row, Result](
    do: Callable[[Sequence[Row]], Sequence[Result]], rows: Sequence[Row], unless: tuple[type[Exception], ...]
) -> list[Result] | Exception:
    """What `do` makes of the rows, or what it raised if one of them may be to blame for it."""
    try:
        return list(undeterred(do)(rows))
    except Exception as problem:
        if isinstance(problem, unless) or _is_of_machine(problem):
            raise
        return problem


def _is_of_machine(problem: Exception) -> bool:
    if is_damage(problem):
        return True
    match problem:
        case OperationalError() | InterfaceError():
            return _has_no_room(problem.__cause__) or not _answers()
        case OSError():
            return problem.errno in FULL
    return False


def _has_no_room(cause: BaseException | None) -> bool:
    """Whether the driver says that nothing can be written at all."""
    is_full = getattr(cause, "sqlite_errorcode", 0) & 0xFF in _NO_ROOM
    return is_full or str(getattr(cause, "sqlstate", None) or "").startswith(_NO_ROOM_OF_SERVER)


def _answers() -> bool:
    """Whether the database does something else now: on SQLite the transaction takes its lock for writing, too."""
    try:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


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
