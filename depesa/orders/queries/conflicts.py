"""What others did to an order while somebody was writing, and how it meets what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max

from depesa.core.edits import with_plain_ends
from depesa.core.records import about
from depesa.history.models import Entry
from depesa.history.queries import in_words
from depesa.orders.models import Order
from depesa.ui.parts import Entry as Line


@dataclass(frozen=True, slots=True)
class Meeting:
    """What happened meanwhile; fields to take over as they are now, and those that both have changed."""

    lines: Sequence[Line]
    taken_over: Sequence[str] = ()
    both: Mapping[str, Any] = field(default_factory=dict)
    """What stands there now, by field."""


def newest_entry(order: Order) -> int:
    """The id of the last thing that happened to the order."""
    found = Entry.objects.filter(about(order.ref)).aggregate(last=Max("id"))["last"]
    return int(found or 0)


def meet(order: Order, opened: int, typed: Mapping[str, Any]) -> Meeting:
    """Compare what others wrote since `opened` with what was typed, field by field.

    A field that was not touched here is taken over as it is now; one that both changed stays as typed.
    """
    rows = list(Entry.objects.filter(about(order.ref), pk__gt=opened).select_related("actor").order_by("id"))
    first: dict[str, Any] = {}
    last: dict[str, Any] = {}
    for row in rows:
        if row.event == "orders.changed":
            first = (row.before or {}) | first
            last |= row.after or {}
    touched = [name for name in typed if name in last and with_plain_ends(typed[name]) != with_plain_ends(last[name])]
    taken_over = [name for name in touched if with_plain_ends(typed[name]) == with_plain_ends(first[name])]
    both = {name: last[name] for name in touched if name not in taken_over}
    return Meeting(in_words(reversed(rows)), taken_over, both)
