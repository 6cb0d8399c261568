"""Who may do what, the one policy of the product, and what may be tried only so often. Pure Python."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a user is at the desk."""

    ADMIN = "admin"
    MANAGER = "manager"
    CLERK = "clerk"
    READER = "reader"
    NONE = "none"


class Right(StrEnum):
    """What a page or a verb asks for."""

    SEE = "see"  # look at anything
    WRITE = "write"  # enter and edit customers, documents, operations; import
    POST = "post"  # post documents, form statements
    SEND = "send"  # post sending operations: letters leave
    DECIDE = "decide"  # settle uncertain letters, pause and resume channels
    SET_UP = "set up"  # company, channels, texts
    MANAGE_USERS = "manage users"


_OF_ROLE: dict[str, frozenset[Right]] = {
    Role.ADMIN: frozenset(Right),
    Role.MANAGER: frozenset(Right) - {Right.MANAGE_USERS},
    Role.CLERK: frozenset({Right.SEE, Right.WRITE, Right.POST, Right.SEND}),
    Role.READER: frozenset({Right.SEE}),
    Role.NONE: frozenset(),
}


def may(role: str, right: Right) -> bool:
    """Whether a user of this role has the right; an unknown role has none."""
    return right in _OF_ROLE.get(role, frozenset())


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may be tried by one key, and in which time."""

    most: int
    within: timedelta


LIMITS: Final = {
    # At the desk: wrong passwords for one name from one machine, from all machines, and for all names from one.
    "desk": Limit(5, timedelta(minutes=5)),
    "desk-name": Limit(100, timedelta(minutes=15)),
    "desk-machine": Limit(30, timedelta(minutes=5)),
    # In the shop.
    "sign-in": Limit(10, timedelta(minutes=15)),  # wrong passwords for one address from one machine
    "sign-in-address": Limit(100, timedelta(minutes=15)),  # from all machines: a stranger alone locks nobody out
    "sign-in-machine": Limit(60, timedelta(minutes=15)),  # wrong passwords from one machine
    "letter": Limit(5, timedelta(hours=1)),  # letters to one address that anybody may ask for
    "letter-machine": Limit(30, timedelta(hours=1)),  # such letters asked for from one machine
    "message-machine": Limit(20, timedelta(hours=1)),  # messages from one machine
    "order": Limit(10, timedelta(hours=1)),  # orders with one address
    "order-machine": Limit(60, timedelta(hours=1)),  # orders from one machine
}
