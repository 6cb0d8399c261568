"""What apps above bring to operations: the work that posting an operation does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from django.db.models import Q, QuerySet

from depesa.core.plugs import Registry
from depesa.documents.models import Paper
from depesa.operations.models import Operation
from depesa.operations.rules import Foresight, PostingReport
from depesa.outbox.models import Message
from depesa.staff.models import User
from depesa.staff.rules import Right


class SendAgain(Protocol):
    """One more letter of an operation whose letter has left."""

    def __call__(self, operation: Operation, *, reason: str, by: User | None) -> Message:
        """Queue it."""


ANY: Final = Q()
ASKED: Final = Q(asked_at__isnull=False)
"""Which operations are posted: any, or those that somebody asked for and nobody took back until they are locked."""


class Post(Protocol):
    """Post those of these operations that are wanted; one that is refused keeps its reason."""

    def __call__(self, ids: Sequence[int], by: User | None, wanted: Q = ...) -> PostingReport:
        """What was done."""


type Follow = Callable[[Sequence[int], User | None, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What operations do when posted whose task runs this, and what must follow when they are removed or put back.

    `right` is the right that the poster needs. `is_periodic`: there is one such operation a period.
    """

    runs: str
    post: Post
    right: Right
    is_periodic: bool = False
    leave_out: Follow | None = None  # ids, by, reason; in the transaction of the removal
    take_back: Follow | None = None  # ids, by, ""
    foresee: Callable[[QuerySet[Operation]], Foresight] | None = None
    # The papers that leave with each operation, by its id; the first is the document.
    papers: Callable[[Sequence[int]], Mapping[int, Sequence[Paper]]] | None = None
    send_again: SendAgain | None = None
    page: Callable[[Operation], str] | None = None  # where the whole of it is looked at

    def claim(self, by: str) -> None:
        """Take on the operations whose task runs this."""
        WORKS.claim(self.runs, self, by)


WORKS: Final = Registry[Work]("work of tasks")


def work_of(runs: str) -> Work | None:
    """What posting does for tasks that run this; None if nobody said."""
    return WORKS.get(runs)
