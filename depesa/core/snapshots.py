"""Several questions about one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Answer every question of the block, which writes nothing, from the same moment.

    Inside a transaction nothing is done: there the caller holds still what he asks about.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        # Not by Django's atomic: on SQLite that would make every writer wait for the end of the reading.
        level = " ISOLATION LEVEL REPEATABLE READ READ ONLY" if connection.vendor == "postgresql" else ""
        cursor.execute(f"BEGIN{level}")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
