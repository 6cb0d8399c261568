"""Make users, change what they may do, give them a password to start with."""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from depesa.core.edits import Snapshot, edited, put, raise_version, raised, snapshot
from depesa.core.errors import Refused
from depesa.staff.models import User
from depesa.staff.rules import Role

_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike on paper
PROFILE: Final = ("name", "email", "language", "theme")
CHANGEABLE: Final = ("name", "email", "role", "language", "is_active")
_log = logging.getLogger(__name__)


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
    user = User.objects.create_user(username, password=chosen, has_one_time_password=not password, **fields)
    _log.info("user %s added as %s by %s", user.username, user.role, by.username if by else "the command line")
    return NewPassword(user, chosen)


def change_user(user: User, values: Mapping[str, Any], *, by: User, version: int | None = None) -> None:
    """Save what an administrator changed of a user as he saw him; the last administrator stays one and active."""
    with transaction.atomic():
        others = User.objects.select_for_update().filter(role=Role.ADMIN, is_active=True).exclude(pk=user.pk)
        told, tell = partial(snapshot, names=CHANGEABLE), partial(_log_change, by=by)
        with edited(user, version, by=by, told=told, tell=tell) as row:
            put(row, values, CHANGEABLE)
            if not (row.role == Role.ADMIN and row.is_active) and not others.exists():
                raise LastAdministrator


def change_profile(user: User, values: Mapping[str, Any], *, version: int | None = None) -> User:
    """Save what a user says of himself, and nothing else of his row; Overtaken if it has changed meanwhile."""
    told = partial(snapshot, names=PROFILE)
    with edited(user, version, by=user, told=told, tell=lambda _row, _before, _after: None) as row:
        put(row, values, PROFILE)
    return row


def choose_language(user: User, language: str) -> None:
    """The language of the pages for this user, from now on."""
    User.objects.filter(pk=user.pk).update(language=language, **raised(user))


def _log_change(user: User, _before: Snapshot | None, _after: Snapshot, *, by: User) -> None:
    _log.info("user %s is now %s, active %s, by %s", user.username, user.role, user.is_active, by.username)


def give_new_password(user: User, *, by: User) -> NewPassword:
    """A one-time password for somebody who forgot his; every session of the user ends."""
    chosen = _one_time_password()
    user.set_password(chosen)
    user.has_one_time_password = True
    raise_version(user, by)
    user.save(update_fields=["password", "has_one_time_password"])
    _log.info("user %s got a one-time password from %s", user.username, by.username)
    return NewPassword(user, chosen)


def _one_time_password() -> str:
    """Four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def forget_sessions() -> int:
    """Take away the sessions that have ended, of the desk and of the shop; how many."""
    ended, _of_kinds = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return ended
