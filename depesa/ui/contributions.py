"""What apps above bring to every page: what a person must know now, whatever page is open."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from depesa.core.plugs import Registry
from depesa.ui.parts import Action, Text


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence at the top of a page, and what can be done about it."""

    level: str
    text: Text
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Notices:
    """What an app has to say on every page of the desk."""

    tell: Callable[[], Iterable[Notice]]

    def claim(self, by: str) -> None:
        """Enter it under the name of the app."""
        NOTICES.claim(by, self, by)


NOTICES: Final = Registry[Notices]("list of notices of every page")


def notices() -> list[Notice]:
    """Everything that every page says now."""
    return [notice for each in NOTICES.values() for notice in each.tell()]
