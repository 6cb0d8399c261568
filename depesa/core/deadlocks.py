"""Deadlocks: what the database takes back for somebody else's sake is done once more, whole.

PostgreSQL ends one of two who wait for each other (40P01), and one who read what another has changed (40001). Neither
is a fault of theirs, and nothing stays of what was taken back. So whoever stands outside any transaction (a page, a
program's request, a verb of the schedule, a command, a chunk of a batch) begins anew, as long as nothing of the first
try has been committed; a person reads a sentence only if that does not help either.
SQLite lets one write at a time, so it takes nothing back.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.db import OperationalError, connection

from depesa.core.errors import DomainError

TRIES: Final = 3
_TAKEN_BACK: Final = {"40P01", "40001"}
_WAITED_TOO_LONG: Final = "55P03"
_LOCKED: Final = 5  # SQLite's code BUSY
_READING: Final = ("SELECT", "WITH", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET", "DECLARE", "EXPLAIN", "SHOW")


class Occupied(DomainError):
    """Somebody else is working with the same records at this moment. Nothing was done here; try again."""


def is_taken_back(problem: BaseException) -> bool:
    """Whether the database took the transaction back so that another one could go on."""
    return isinstance(problem, OperationalError) and _state(problem) in _TAKEN_BACK


def is_occupied(problem: BaseException) -> bool:
    """Whether another one was in the way, and not a fault: taken back, or a lock that was not to be had in time."""
    if not isinstance(problem, OperationalError):
        return False
    code = getattr(problem.__cause__, "sqlite_errorcode", 0) & 0xFF
    return code == _LOCKED or _state(problem) in {*_TAKEN_BACK, _WAITED_TOO_LONG}


def _state(problem: BaseException) -> str:
    return str(getattr(problem.__cause__, "sqlstate", None) or "")


def undeterred[**P, Result](act: Callable[P, Result]) -> Callable[P, Result]:
    """The act that begins anew, up to three times in all, when the database took it back before anything stayed."""

    @wraps(act)
    def persist(*args: P.args, **kwargs: P.kwargs) -> Result:
        for _try in range(1, TRIES if connection.vendor == "postgresql" else 1):
            tried = _Try()
            try:
                with connection.execute_wrapper(tried.watch):
                    return act(*args, **kwargs)
            except OperationalError as problem:
                if tried.has_stayed or connection.in_atomic_block or not is_taken_back(problem):
                    raise
        return act(*args, **kwargs)

    return persist


class _Try:
    """One try, and whether something that it wrote has been committed."""

    def __init__(self) -> None:
        self.has_stayed = False

    def watch(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found = execute(sql, params, many, context)
        if not self.has_stayed and not sql.lstrip().upper().startswith(_READING):
            connection.on_commit(self._stay)
        return found

    def _stay(self) -> None:
        self.has_stayed = True
