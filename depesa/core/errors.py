"""Errors that a clerk may read: the docstring of a class is its default sentence."""

from collections.abc import Mapping
from typing import override

from depesa.core.reasons import gettext, joined


class DomainError(Exception):
    """This cannot be done."""

    def __init__(self, message: str = "") -> None:
        """Say a sentence of `core.reasons`: what it is stored as is worded for whoever reads it later."""
        super().__init__(message or gettext(type(self).__doc__ or ""))

    @override
    def __str__(self) -> str:
        return str(self.args[0])


class StaleState(DomainError):
    """Somebody else was faster: the record has changed since you opened it. Reload the page and look again."""


class Refused(DomainError):
    """This is refused."""


class Faults(DomainError):
    """Some fields need a look."""

    def __init__(self, by_field: Mapping[str, str]) -> None:
        """Keep one sentence a field, so that a form can show each where it belongs."""
        super().__init__(joined(by_field.values()))
        self.by_field = dict(by_field)


def raise_faults(by_field: Mapping[str, str]) -> None:
    """Raise Faults if there are any."""
    if by_field:
        raise Faults(by_field)
