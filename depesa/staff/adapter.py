"""How sign-in behaves here: nobody signs up by himself, and nobody guesses."""

from typing import Any, override

from allauth.account.adapter import DefaultAccountAdapter
from django.shortcuts import resolve_url

from depesa.core.inputs import device_of, machine_of
from depesa.core.links import is_own_page
from depesa.core.security import log_security
from depesa.staff.models import User
from depesa.staff.services import begin, choose_password, limits, note_entrance, note_exit, note_proof


class _Wrong(Exception):
    """Name and password do not match."""


class DeskAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Users are made by an administrator."""

    @override
    def authenticate(self, request: Any, **credentials: Any) -> Any:
        """The user with this name and password, or None; ValidationError where it was tried too often.

        One limit for the door, for the question “Is it you?” and for the old password of whoever chooses a new one.
        """
        name, machine = "".join(str(credentials.get("username", "")).split()), machine_of(request)
        told = {"user": _user_typed(name), "machine": machine}
        try:
            with limits.attempt(desk=f"{name} {machine}", desk_name=name, desk_machine=machine):
                return self._rightful(request, **credentials)
        except _Wrong:
            log_security("password-refused", **told)
            return None
        except limits.TooOften:
            log_security("password-refused", reason="limit", **told)
            raise self.validation_error("too_many_login_attempts") from None

    def _rightful(self, request: Any, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user is None:
            raise _Wrong
        return user

    @override
    def pre_authenticate(self, request: Any, **credentials: Any) -> None:
        """Attempts are counted above, in the database."""

    @override
    def _rollback_login_failed_rl_usage(self) -> None:
        pass

    @override
    def set_password(self, user: Any, password: str) -> None:
        """The password that the user chose; a one-time password has done its duty."""
        choose_password(user, password)

    @override
    def login(self, request: Any, user: Any) -> None:
        """In, with a session of one's own."""
        super().login(request, user)
        begin(request, user)

    @override
    def reauthenticate(self, user: Any, password: str) -> bool:
        """Whether it is the user's password; then it is proved for a while."""
        is_right = bool(super().reauthenticate(user, password))
        if is_right:
            note_proof(self.request)
        return is_right

    @override
    def post_login(self, request: Any, user: Any, **more: Any) -> Any:
        """In: the history says so."""
        note_entrance(user, machine=machine_of(request), device=device_of(request))
        return super().post_login(request, user, **more)

    @override
    def logout(self, request: Any) -> None:
        """Out: the history says so."""
        note_exit(request.user, machine=machine_of(request))
        super().logout(request)

    @override
    def get_password_change_redirect_url(self, request: Any) -> str:
        """Back to work."""
        return resolve_url("dashboard:start")

    @override
    def is_open_for_signup(self, request: Any) -> bool:
        """Never."""
        return False

    @override
    def is_safe_url(self, url: str | None) -> bool:
        """Whether the door may lead there: a page here."""
        return bool(url) and is_own_page(str(url))


def _user_typed(name: str) -> str:
    """Whose name was typed, as the log may hold it: people type passwords there, too."""
    return User.objects.filter(username__iexact=name).values_list("username", flat=True).first() or "?"
