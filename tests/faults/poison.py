"""Rows that the database refuses for no reason that the product knows, until they are cured."""

from collections.abc import Callable
from itertools import count

from django.db import connection

_numbers = count(1)


def poison(table: str, event: str, condition: str, *, gives_up: bool = False) -> Callable[[], None]:
    """Refuse this INSERT or UPDATE of rows of the table where the condition holds of NEW; call the result to stop it.

    With `gives_up` the database does not refuse it, it fails at it, as for lack of time (OperationalError). Made inside
    the transaction of a test, it ends with that.
    """
    name = f"poison_{next(_numbers)}"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            fails = "json('poison')" if gives_up else "RAISE(ABORT, 'poison')"
            body = f"BEGIN SELECT {fails}; END"
            cursor.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} {body}")
        else:
            code = "query_canceled" if gives_up else "integrity_constraint_violation"
            body = f"BEGIN RAISE 'poison' USING ERRCODE = '{code}'; END"
            cursor.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$")
            body = f"FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {name}()"
            cursor.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} {body}")

    def cure() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER {name}" + ("" if connection.vendor == "sqlite" else f" ON {table}"))

    return cure
