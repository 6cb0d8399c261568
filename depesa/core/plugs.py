"""How an app speaks to the apps below it: its plug.py names what it brings, and each key is claimed once."""

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, override

from django.core.exceptions import ImproperlyConfigured


class Contribution(Protocol):
    """Something that an app brings to an app below, which says in its own contributions what may be brought."""

    def claim(self, by: str) -> None:
        """Enter it where the app below looks, in the name of the app that brings it."""


type Plug = tuple[Contribution, ...]


class Registry[T](Mapping[str, T]):
    """What apps brought, by its key; a second claim of a key stops the start with a sentence."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._claims: dict[str, tuple[T, str]] = {}

    def claim(self, key: str, value: T, by: str) -> None:
        """Enter the value in the name of an app; the same value again changes nothing."""
        known, claimant = self._claims.setdefault(key, (value, by))
        if known is not value:
            raise ImproperlyConfigured(
                f"The {self._what} “{key}” is claimed by {claimant} and by {by}: one of them needs another word."
            )

    @override
    def __getitem__(self, key: str) -> T:
        return self._claims[key][0]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._claims)

    @override
    def __len__(self) -> int:
        return len(self._claims)


def load(apps: Iterable[str]) -> None:
    """Let these apps claim what their plug.py says; an app without one brings nothing."""
    for app in apps:
        if find_spec(f"{app}.plug"):
            plug: Plug = import_module(f"{app}.plug").PLUG
            for each in plug:
                each.claim(app)
