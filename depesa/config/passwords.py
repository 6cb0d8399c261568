"""Passwords: hashed a few at a time, so that nobody fills the memory by signing in; and none that is guessed."""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, Final, override
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from depesa.company.queries import current
from depesa.core.passwords import is_common
from depesa.core.texts import fold

AT_ONCE: Final = 2  # in each process; the others wait, a hash takes some 20 ms


@cache
def _hashing(_process: int) -> ThreadPoolExecutor:
    """Threads for hashing alone, for the system keeps for each thread what a hash took; a fork gets its own."""
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hashing")


class BoundedArgon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one lane (OWASP's first choice): 38 MiB a process at the most."""

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1

    @override
    def encode(self, password: str, salt: str) -> Any:
        return _hashing(os.getpid()).submit(super().encode, password, salt).result()

    @override
    def verify(self, password: str, encoded: str) -> Any:
        return _hashing(os.getpid()).submit(super().verify, password, encoded).result()


FEWEST: Final = 5  # different characters
LEFT_OVER: Final = 6  # characters that must be left when everything that one guesses is taken away
_ROWS: Final = (
    "0123456789" * 2, "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm",
)  # fmt: skip
_RUN: Final = 4  # neighbours in a row of keys


class Guessable:
    """Refuses repetitions, rows of keys, and names of the firm, its host and the user with little beside them."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a password that is easily guessed."""
        text = re.sub(r"\s", "", fold(password))
        if len(set(text)) < FEWEST or re.fullmatch(r"(.{1,8})\1+", text) or self._is_known(text, user):
            raise ValidationError(self.get_help_text(), code="password_guessable")

    def get_help_text(self) -> str:
        """Say what is refused."""
        return _(
            "Names of the firm or of yours, rows of keys and repetitions are easily guessed. Take several words that "
            "have nothing to do with each other."
        )

    def _is_known(self, text: str, user: Any) -> bool:
        for word in sorted(_words(user), key=len, reverse=True):
            text = text.replace(word, " ")
        for row in _ROWS:
            for way in (row, row[::-1]):
                text = _without_runs(text, way)
        for part in re.findall(r"[^\W\d_]+|(?:19|20)\d\d", text):
            if part.isdigit() or is_common(part):
                text = text.replace(part, " ")
        return len(re.sub(r"\s", "", text)) < LEFT_OVER


def _words(user: Any) -> set[str]:
    names = [current().name, str(urlsplit(settings.DEPESA_SITE_URL).hostname or ""), "depesa"]
    names += [str(getattr(user, field, "") or "") for field in ("username", "name", "email")]
    return {word for name in names for word in re.split(r"[\W_]+", fold(name)) if len(word) > 2}


def _without_runs(text: str, row: str) -> str:
    for length in range(len(row), _RUN - 1, -1):
        for start in range(len(row) - length + 1):
            text = text.replace(row[start : start + length], " ")
    return text
