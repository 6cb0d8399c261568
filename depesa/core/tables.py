"""Writes of many rows that the ORM has no verb for, or no fast one."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import count
from typing import Any

from django.db import connection, models
from django.db.models import Model, QuerySet
from django.utils.text import slugify

from depesa.core.edits import Editable
from depesa.core.reasons import ReasonField, kept
from depesa.core.texts import fold


def update_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]], *, where: str = "") -> None:
    """Set the columns row by row in one prepared statement; each row ends with its primary key.

    `columns` are field names, values are what the database stores. `where` is a further fixed condition. An editable
    row has its next version then.
    """
    meta = model._meta
    quote = connection.ops.quote_name
    assignments = ", ".join(f"{quote(str(getattr(meta.get_field(name), 'column', '')))} = %s" for name in columns)
    if issubclass(model, Editable) and model.is_raised_by(columns):
        assignments += ", version = version + 1, changed_at = CURRENT_TIMESTAMP, changed_by_id = NULL"
    reasons = [place for place, name in enumerate(columns) if isinstance(meta.get_field(name), ReasonField)]
    condition = f" AND {where}" if where else ""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(meta.db_table)} SET {assignments} WHERE {quote('id')} = %s{condition}",  # noqa: S608
            [_kept_row(row, reasons) for row in rows],
        )


def _kept_row(row: Sequence[Any], reasons: Sequence[int]) -> Sequence[Any]:
    return [kept(value) if place in reasons else value for place, value in enumerate(row)] if reasons else tuple(row)


def free_code(model: type[Model], name: str, *, usual: str, most: int, reserved: Collection[str] = ()) -> str:
    """A code made from the name that no row has yet: "sent", else "sent-2"; `usual` where the name makes none."""
    stem = slugify(fold(name))[: most - 4] or usual
    taken = {*reserved, *model._default_manager.filter(code__startswith=stem).values_list("code", flat=True)}
    numbered = (stem if n == 1 else f"{stem}-{n}" for n in count(1))
    return next(code for code in numbered if code not in taken)


def lock_rows[M: Model](rows: QuerySet[M]) -> list[int]:
    """Lock the rows in the order of their primary keys, in the caller's transaction; return the keys.

    An UPDATE of many rows locks them in any order, so that two of them can wait for each other forever: PostgreSQL
    ends one with an error. Who locks first in this order waits only for those ahead. SQLite has one writer anyhow.
    """
    return list(rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))


def insert_rows[M: Model](rows: Sequence[M]) -> Sequence[M]:
    """Insert new rows of one model in one prepared statement and give them their primary keys, in their order.

    A fifth of the time of bulk_create: nothing is filled in by itself, neither defaults that are computed on
    saving (auto_now) nor related rows. Inside a transaction only.
    """
    if not rows:
        return rows
    meta = type(rows[0])._meta
    quote = connection.ops.quote_name
    fields = [field for field in meta.concrete_fields if not field.primary_key and not field.generated]
    writers = [(field.attname, _writer(field)) for field in fields]
    names = ", ".join(quote(column) for column in ["id", *(str(field.column) for field in fields)])
    places = ", ".join(["%s"] * (len(fields) + 1))
    for key, row in zip(next_keys(meta.db_table, len(rows)), rows, strict=True):
        row.pk = key
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES ({places})",  # noqa: S608
            [(row.pk, *(write(getattr(row, name)) for name, write in writers)) for row in rows],
        )
    return rows


def _writer(field: Any) -> Callable[[Any], Any]:
    """How a value of the field is given to the database."""
    if isinstance(field, ReasonField):
        return field.get_prep_value
    if isinstance(field, models.CharField | models.TextField):
        return lambda value: value if value is None else str(value)  # a choice is more than its text
    if isinstance(field, models.ForeignKey | models.BooleanField) or type(field) in _WHOLE:
        return lambda value: value
    if type(field) is models.JSONField and field.encoder is None:
        return lambda value: value if value is None else json.dumps(value)
    if isinstance(field, models.DateField):
        return _remembering(lambda value: field.get_db_prep_save(value, connection))
    return lambda value: field.get_db_prep_save(value, connection)


def _remembering(write: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same, worked out once for each value: rows of one moment share their times."""
    known: dict[Any, Any] = {}

    def written(value: Any) -> Any:
        if value not in known:
            known[value] = write(value)
        return known[value]

    return written


_WHOLE = {models.IntegerField, models.BigIntegerField, models.PositiveIntegerField, models.PositiveSmallIntegerField}


def next_keys(table: str, count: int) -> Iterable[int]:
    """Primary keys that nobody else gets; on SQLite the write lock of the transaction guards them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The transaction gets its own number before the first key: see history.services.chain.
            cursor.execute(
                "SELECT CASE WHEN pg_current_xact_id() IS NOT NULL THEN nextval(pg_get_serial_sequence(%s, 'id')) END "
                "FROM generate_series(1, %s)",
                [table, count],
            )
            return [key for (key,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        last = found[0] if found else 0
        return range(last + 1, last + 1 + count)


def refresh_statistics() -> int:
    """Tell SQLite how the values in its tables are spread, so that it picks the right index; a server does so itself.

    Takes a second at a million rows. Returns 0: nothing more is due.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return 0
