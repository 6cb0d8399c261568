"""Marks on lists: tick rows for the next action, over many pages."""

from collections.abc import Iterable
from itertools import batched
from typing import Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

from depesa.ui.models import Mark

CHUNK: Final = 1000  # ids in one question to the database


def add(user_id: int, name: str, rows: Iterable[int]) -> None:
    """Mark these rows of the list for the user."""
    Mark.objects.bulk_create(
        [Mark(user_id=user_id, list=name, row_id=row) for row in rows], batch_size=CHUNK, ignore_conflicts=True
    )


def remove(user_id: int, name: str, rows: Iterable[int]) -> None:
    """Take the mark off these rows."""
    for chunk in batched(rows, CHUNK):
        Mark.objects.filter(user_id=user_id, list=name, row_id__in=chunk).delete()


def clear(user_id: int, name: str) -> None:
    """Take all marks off the user's list."""
    Mark.objects.filter(user_id=user_id, list=name).delete()


def add_all[M: Model](user_id: int, name: str, rows: QuerySet[M]) -> None:
    """Mark every row that matches the query, in one statement inside the database."""
    try:
        query, parameters = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO ui_mark (user_id, list, row_id) SELECT %s, %s, marked.* FROM ({query}) AS marked"  # noqa: S608
            " WHERE true ON CONFLICT DO NOTHING",
            [user_id, name, *parameters],
        )


def marked(user_id: int, name: str) -> QuerySet[Mark, int]:
    """The ids of the marked rows, as a subquery."""
    return Mark.objects.filter(user_id=user_id, list=name).values_list("row_id", flat=True)


def count(user_id: int, name: str) -> int:
    """How many rows of the list the user has marked."""
    return Mark.objects.filter(user_id=user_id, list=name).count()


def among(user_id: int, name: str, rows: Iterable[int]) -> frozenset[int]:
    """Which of these rows are marked."""
    return frozenset(marked(user_id, name).filter(row_id__in=list(rows)))


def take_over(user_id: int, name: str, *, shown: Iterable[int], ticked: Iterable[int]) -> None:
    """Make the marks of the shown rows what a person ticked there; marks on other pages stay."""
    wanted = set(ticked)
    add(user_id, name, wanted)
    remove(user_id, name, set(shown) - wanted)
