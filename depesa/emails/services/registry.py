"""Who knows more: apps above give real records to try letters with, and say where a system e-mail is used."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from depesa.emails.models import SystemEmail
from depesa.emails.services.content import Values

MOST: Final = 50  # records that a text is tried with


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Something real that a letter could be about: its name for people, where it is looked at, its values."""

    name: str
    values: Callable[[str], Values]
    url: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """A place that sends this system e-mail: "State “Sent”", and where that is changed."""

    text: str
    url: str = ""


type Recent = Callable[[int], Iterable[Record]]
type Find = Callable[[str], Record | None]

_recent: Final[dict[str, Recent]] = {}
_found: Final[dict[str, Find]] = {}
_usages: Final[list[Callable[[SystemEmail], Iterable[Usage]]]] = []


def register_records(context: str, recent: Recent, find: Find | None = None) -> None:
    """Say who has records of this context: the newest ones, and one by its number. Called once by the app above."""
    _recent[context] = recent
    if find is not None:
        _found[context] = find


def register_usages(tell: Callable[[SystemEmail], Iterable[Usage]]) -> None:
    """Say who may use system e-mails: it is asked where one is used. Called once by the app above."""
    if tell not in _usages:
        _usages.append(tell)


def recent_records(context: str, limit: int = MOST) -> list[Record]:
    """The newest real records of the context; nothing where nobody has any."""
    recent = _recent.get(context)
    return list(recent(limit)) if recent else []


def record_by_number(context: str, number: str) -> Record | None:
    """The record with this number, for example an order."""
    find = _found.get(context)
    return find(number) if find else None


def usages_of(email: SystemEmail) -> list[Usage]:
    """Every place that sends this system e-mail."""
    return [usage for tell in _usages for usage in tell(email)]
