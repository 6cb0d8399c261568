"""Who may do what: the one policy of the product. Pure Python."""

from enum import StrEnum


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
