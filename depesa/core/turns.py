"""Turns: who waits for whom where there is no row to lock. On SQLite only one writes at a time anyway."""

from collections.abc import Iterable

from django.db import connection


def take_turn(what: str, keys: Iterable[str] = ("",), *, shared: bool = False) -> None:
    """Hold the turn of `what` and each key until the transaction ends; those who share one wait for no sharer."""
    if connection.vendor == "postgresql" and (wanted := sorted(set(keys))):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT pg_advisory_xact_lock{'_shared' if shared else ''}(hashtext(%s), hashtext(key))"  # noqa: S608
                " FROM (SELECT unnest(%s::text[]) AS key ORDER BY 1) AS keys",
                [what, wanted],
            )
