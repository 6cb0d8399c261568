"""Rules of operations: whose default wins, and the register of what posting runs. Pure Python."""

from collections.abc import Callable, Mapping, Sequence
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


type Post = Callable[[Sequence[int], Any], PostingReport]
type Foresee = Callable[[Any], Foresight]  # of a queryset of operations
type Papers = Callable[[Sequence[int]], Mapping[int, Sequence[Any]]]
type SendAgain = Callable[..., Any]  # of an operation; reason=, by=
type Follow = Callable[[Sequence[int], Any, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a task's operations do when posted, and what must follow when they are removed or put back.

    `right` is the right that the poster needs. `is_monthly`: there is one such operation a month.
    """

    post: Post
    right: str
    is_monthly: bool = False
    leave_out: Follow | None = None  # ids, by, reason; in the transaction of the removal
    take_back: Follow | None = None  # ids, by, ""
    foresee: Foresee | None = None
    papers: Papers | None = None  # the papers that leave with each operation, by its id; the first is the document
    send_again: SendAgain | None = None  # one more letter of an operation whose letter has left
    page: Callable[[Any], str] | None = None  # where the whole of it is looked at, of an operation


_works: dict[str, Work] = {}


def register(runs: str, work: Work) -> None:
    """Say what posting an operation does whose task runs this; called once by the app that knows."""
    _works[runs] = work


def work_of(runs: str) -> Work | None:
    """What posting does for tasks that run this; None if nobody said."""
    return _works.get(runs)
