"""Status changes: one UPDATE with the old status in the WHERE clause."""

from typing import Any

from django.db.models import Model

from depesa.core.errors import StaleState


def advance(row: Model, *, field: str, source: str, target: str, **changes: Any) -> None:
    """Move `field` of the row from source to target in one UPDATE, or raise StaleState.

    The WHERE clause is the lock: of two workers only one sees a row count of 1.
    """
    rows = type(row)._default_manager.filter(**{"pk": row.pk, field: source})
    if rows.update(**{field: target}, **changes) != 1:
        raise StaleState
    row.refresh_from_db()
