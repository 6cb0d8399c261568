"""Leases: rows that one process works on while the others step over them.

A lease names the process and its turn, so that two threads or two turns of one process never take each other's rows,
and what a process that is gone left behind is free at once, not only when its lease ends.
"""

import datetime as dt
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from depesa.core.processes import is_dead, me
from depesa.core.tables import lock_rows

FREE: Final = {"held_by": "", "held_until": None}
"""What a row says that nobody works on."""


class Leased(models.Model):
    """A row that a process may hold for a while."""

    held_by = models.CharField(max_length=120, blank=True)  # the process at it, and which of its turns
    held_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["held_by"], condition=~Q(held_by=""), name="%(class)s_held")]

    @property
    def holder(self) -> str:
        """The process that works on it, empty if none does."""
        return self.held_by.partition("#")[0]

    @property
    def is_abandoned(self) -> bool:
        """Whether whoever held it is proven dead, or has not been heard of for too long."""
        return (self.held_until is not None and self.held_until < timezone.now()) or is_dead(self.holder)


@dataclass(frozen=True, slots=True)
class Claim:
    """The rows that were taken, in the order that was asked for, and the word by which they are held."""

    token: str
    keys: Sequence[int]


def claim[M: Leased](
    rows: QuerySet[M], limit: int, hold: dt.timedelta, *, order: Sequence[str] = ("pk",), **changes: Any
) -> Claim:
    """Take up to `limit` of these rows that nobody holds, and write the changes into them; others step over."""
    now = timezone.now()
    token = f"{me()}#{secrets.token_hex(8)}"
    waiting = rows.filter(Q(held_until=None) | Q(held_until__lt=now))
    with transaction.atomic():
        due = waiting.select_for_update(of=("self",), skip_locked=True, no_key=True).order_by(*order)
        keys = list(due.values_list("pk", flat=True)[:limit])
        if keys:
            waiting.filter(pk__in=keys).update(held_by=token, held_until=now + hold, **changes)
    return Claim(token, keys)


def free(model: type[Leased], token: str) -> None:
    """Let go of what is still held by this word."""
    with transaction.atomic():
        model._default_manager.filter(pk__in=lock_rows(model._default_manager.filter(held_by=token))).update(**FREE)


def free_of_the_dead(model: type[Leased]) -> None:
    """Let go of what processes held that are proven to be gone."""
    held = model._default_manager.exclude(held_by="").order_by()
    for token in list(held.values_list("held_by", flat=True).distinct()):
        if is_dead(token.partition("#")[0]):
            free(model, token)


@contextmanager
def claimed[M: Leased](
    rows: QuerySet[M], limit: int, hold: dt.timedelta, *, order: Sequence[str] = ("pk",)
) -> Iterator[Claim]:
    """Take rows, those of the dead too, for as long as the block lasts."""
    free_of_the_dead(rows.model)
    mine = claim(rows, limit, hold, order=order)
    try:
        yield mine
    finally:
        free(rows.model, mine.token)
