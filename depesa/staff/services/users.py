"""Make users, change what they may do, give them a password to start with."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.db import transaction

from depesa.core.edits import RAISED, edited, put, raise_version, snapshot
from depesa.core.errors import Refused
from depesa.core.tables import lock_rows
from depesa.history.models import Origin
from depesa.history.services import tell, teller
from depesa.staff.models import User
from depesa.staff.rules import Role

_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike on paper
PROFILE: Final = ("name", "email", "language", "theme")
CHANGEABLE: Final = ("name", "email", "role", "language", "is_active")


class LastAdministrator(Refused):
    """This is the last administrator who can sign in. Make somebody else an administrator first."""


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A user with the password that is shown once and is nowhere kept."""

    user: User
    password: str


def add_user(username: str, *, password: str = "", by: User | None = None, **fields: Any) -> NewPassword:
    """A new user; without a password a one-time password is made, to be changed at the first sign-in."""
    chosen = password or _one_time_password()
    with transaction.atomic():
        user = User.objects.create_user(username, password=chosen, has_one_time_password=not password, **fields)
        told = snapshot(user, ("username", *CHANGEABLE, "has_one_time_password"))
        tell(user, "staff.user-added", after=told, by=by, origin="" if by else Origin.COMMAND)
    return NewPassword(user, chosen)


def change_user(user: User, values: Mapping[str, Any], *, by: User, version: int | None = None) -> None:
    """Save what an administrator changed of a user as he saw him; the last administrator stays one and active."""
    with transaction.atomic():
        administrators = User.objects.filter(role=Role.ADMIN, is_active=True)
        lock_rows(administrators)  # before the user: two who demote each other wait for each other in no ring
        told = partial(snapshot, names=CHANGEABLE)
        with edited(user, version, by=by, told=told, tell=teller("staff.user-changed", by=by)) as row:
            put(row, values, CHANGEABLE)
            if not (row.role == Role.ADMIN and row.is_active) and not administrators.exclude(pk=user.pk).exists():
                raise LastAdministrator


def change_profile(user: User, values: Mapping[str, Any], *, version: int | None = None) -> User:
    """Save what a user says of himself, and nothing else of his row; Overtaken if it has changed meanwhile."""
    told = partial(snapshot, names=PROFILE)
    with edited(user, version, by=user, told=told, tell=teller("staff.profile-changed", by=user)) as row:
        put(row, values, PROFILE)
    return row


def choose_language(user: User, language: str) -> None:
    """The language of the pages for this user, from now on."""
    change_profile(user, {"language": language})


def give_new_password(user: User, *, by: User) -> NewPassword:
    """A one-time password for somebody who forgot his; every session of the user ends."""
    chosen = _one_time_password()
    with transaction.atomic():
        _set_password(user, chosen, is_one_time=True, by=by)
        tell(user, "staff.password-given", by=by)
    return NewPassword(user, chosen)


def choose_password(user: User, password: str) -> None:
    """The password that the user chose himself; other sessions of the user end."""
    with transaction.atomic():
        _set_password(user, password, is_one_time=False, by=user)
        tell(user, "staff.password-chosen", by=user)


def _set_password(user: User, password: str, *, is_one_time: bool, by: User) -> None:
    user.set_password(password)
    user.has_one_time_password = is_one_time
    raise_version(user, by)
    user.save(update_fields=["password", "has_one_time_password", *RAISED])


def _one_time_password() -> str:
    """Four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
