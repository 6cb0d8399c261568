"""What an app above brings to documents: who prints them, and with what a template is tried."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from depesa.core.plugs import Registry
from depesa.documents.models import DocumentType
from depesa.pdf import Job


@dataclass(frozen=True, slots=True)
class Sample:
    """A document that never was, as a job; `note` is said where this one cannot be printed."""

    job: Job
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printer:
    """Who prints documents of the types: the built-in source, and samples of a type in a language with a source.

    The first sample has everything and is what people look at; no language means the company's.
    """

    source: Callable[[], str]
    samples: Callable[[DocumentType, str, str], Iterable[Sample]]

    def claim(self, by: str) -> None:
        """Print documents; one app does."""
        _PRINTERS.claim("documents", self, by)


_PRINTERS: Final = Registry[Printer]("printer of documents")


def printer() -> Printer:
    """Who prints documents."""
    return _PRINTERS["documents"]
