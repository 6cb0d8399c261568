"""The backend that the settings name instead of Django's.

SQLite can alter little. For most changes Django makes a new table, copies the rows and drops the old one, and with it,
in silence, its triggers (https://www.sqlite.org/lang_altertable.html#otheralter). Ours guard the history and keep the
index of words.
"""

from typing import Any, override

from django.db.backends.sqlite3 import base, schema
from django.db.models import Model

TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"


class SchemaEditor(schema.DatabaseSchemaEditor):
    """Makes the triggers of a table once more after the table."""

    @override
    def _remake_table(self, model: type[Model], *arguments: Any, **options: Any) -> None:  # type: ignore[misc]
        table = model._meta.db_table
        before = self._triggers(table)
        super()._remake_table(model, *arguments, **options)  # type: ignore[misc]
        for name in before.keys() - self._triggers(table).keys():
            self.execute(before[name])

    def _triggers(self, table: str) -> dict[str, str]:
        with self.connection.cursor() as cursor:
            return dict(cursor.execute(TRIGGERS, [table]).fetchall())


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose migrations keep triggers."""

    SchemaEditorClass = SchemaEditor
