"""How sign-in behaves here: nobody signs up by himself."""

from typing import Any, override

from allauth.account.adapter import DefaultAccountAdapter
from django.shortcuts import resolve_url


class DeskAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Users are made by an administrator."""

    @override
    def set_password(self, user: Any, password: str) -> None:
        """The password that the user chose; a one-time password has done its duty."""
        user.has_one_time_password = False
        super().set_password(user, password)

    @override
    def get_password_change_redirect_url(self, request: Any) -> str:
        """Back to work."""
        return resolve_url("dashboard:start")

    @override
    def is_open_for_signup(self, request: Any) -> bool:
        """Never."""
        return False
