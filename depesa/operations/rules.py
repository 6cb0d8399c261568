"""Rules of operations: whose default wins, and what posting did or would do. Pure Python."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


def chosen(user: Mapping[str, Any], task: Mapping[str, Any], project: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an operation: the task's value beats the project's, the user's beats both.

    What the user leaves out or leaves empty is filled; `project` of the task counts unless the user chose one.
    """
    fields: dict[str, Any] = {}
    for source in (project, task, user):
        fields |= {name: value for name, value in source.items() if value not in (None, "") or name not in fields}
    return fields


@dataclass(frozen=True, slots=True)
class PostingReport:
    """How many operations were posted, and why each other one was not (its id and a sentence)."""

    posted: int = 0
    refused: Sequence[tuple[int, str]] = field(default_factory=tuple)

    def __add__(self, other: "PostingReport") -> "PostingReport":
        """Both together."""
        return PostingReport(self.posted + other.posted, (*self.refused, *other.refused))


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """What posting would do, told before it is done; `sums` by currency, `odd` is how many and why, with an address."""

    posted: int  # how many would be
    refused: int = 0
    letters: int = 0  # how many would leave
    sums: Mapping[str, Any] = field(default_factory=dict)
    documents: int = 0
    odd: Sequence[tuple[int, str, str]] = field(default_factory=tuple)

    def __add__(self, other: "Foresight") -> "Foresight":
        """Both together."""
        currencies = sorted({*self.sums, *other.sums})
        return Foresight(
            posted=self.posted + other.posted,
            refused=self.refused + other.refused,
            letters=self.letters + other.letters,
            sums={currency: self.sums.get(currency, 0) + other.sums.get(currency, 0) for currency in currencies},
            documents=self.documents + other.documents,
            odd=(*self.odd, *other.odd),
        )
