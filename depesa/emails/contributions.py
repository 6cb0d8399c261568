"""What apps above bring to system e-mails: records to try texts with, who uses which e-mail, who may stand in From."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from depesa.core.plugs import Registry
from depesa.emails.models import SystemEmail

MOST: Final = 50  # records that a text is tried with

type Values = Mapping[str, Any]
type ValuesIn = Callable[[str], Values]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Something real that a letter could be about: its name for people, where it is looked at, its values."""

    name: str
    values: ValuesIn
    url: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Who has records of a context: the newest ones, and one by its number."""

    context: str
    recent: Callable[[int], Iterable[Record]]
    find: Callable[[str], Record | None] | None = None

    def claim(self, by: str) -> None:
        """Give real records to try letters of this context with."""
        RECORDS.claim(self.context, self, by)


@dataclass(frozen=True, slots=True)
class Usage:
    """A place that sends this system e-mail: "State “Sent”", and where that is changed."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Usages:
    """Where an app uses a system e-mail, asked of every one."""

    tell: Callable[[SystemEmail], Iterable[Usage]]

    def claim(self, by: str) -> None:
        """Enter the usages under the name of the app."""
        USAGES.claim(by, self, by)


@dataclass(frozen=True, slots=True)
class Senders:
    """Who knows which addresses may stand in From."""

    check: Callable[[str], str]  # the address as it will stand there; DomainError says why it may not

    def claim(self, by: str) -> None:
        """Be the one that is asked; there is but one."""
        SENDERS.claim("senders", self, by)


RECORDS: Final = Registry[Records]("source of records of the context")
USAGES: Final = Registry[Usages]("list of usages of system e-mails")
SENDERS: Final = Registry[Senders]("answer who may send")


def recent_records(context: str, limit: int = MOST) -> list[Record]:
    """The newest real records of the context; nothing where nobody has any."""
    known = RECORDS.get(context)
    return list(known.recent(limit)) if known else []


def record_by_number(context: str, number: str) -> Record | None:
    """The record with this number, for example an order."""
    known = RECORDS.get(context)
    return known.find(number) if known and known.find else None


def usages_of(email: SystemEmail) -> list[Usage]:
    """Every place that sends this system e-mail."""
    return [usage for each in USAGES.values() for usage in each.tell(email)]


def check_sender(address: str) -> str:
    """The address in the form in which letters get it; DomainError if none can leave with it."""
    return SENDERS["senders"].check(address)
