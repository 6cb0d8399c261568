"""The index that finds a row by any part of a word in its folded fields, made by a migration and kept by the database.

SQLite: a full-text table of trigrams beside the table, written by triggers. PostgreSQL: a GIN index of pg_trgm.
"""

from typing import Any, Final, override

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.models import Model

from depesa.core.search import folded_fields, index_name

EVENTS: Final = ("insert", "update", "delete")


class IndexWords(Operation):
    """Make the table of the model findable by any part of a word.

    A later migration that adds, renames or removes one of its folded fields adds this once more.
    """

    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    @override
    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing: Django does not know of it."""

    @override
    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        for statement in statements(to_state.apps.get_model(app_label, self.model_name), schema_editor):
            schema_editor.execute(statement)

    @override
    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        for statement in removal(table, schema_editor.connection.vendor):
            schema_editor.execute(statement)

    @override
    def describe(self) -> str:
        return f"Index the words of {self.model_name}"


def statements(model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> list[str]:
    """The SQL that makes the index and fills it; what is there already is made anew."""
    table, names = model._meta.db_table, folded_fields(model)
    if schema_editor.connection.vendor == "postgresql":
        columns = ", ".join(f'"{name}" gin_trgm_ops' for name in names)
        extension = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
        return [extension, f'CREATE INDEX IF NOT EXISTS "{index_name(table)}" ON "{table}" USING gin ({columns})']
    index, columns = index_name(table), ", ".join(names)
    options = f"content='{table}', content_rowid='id', tokenize='trigram'"
    return [
        *removal(table, "sqlite"),
        f"CREATE VIRTUAL TABLE {index} USING fts5({columns}, {options})",
        *(_trigger(table, event, names) for event in EVENTS),
        f"INSERT INTO {index}({index}) VALUES ('rebuild')",
    ]


def removal(table: str, vendor: str) -> list[str]:
    """The SQL that takes the index away."""
    index = index_name(table)
    if vendor == "postgresql":
        return [f'DROP INDEX IF EXISTS "{index}"']
    return [*(f"DROP TRIGGER IF EXISTS {index}_{event}" for event in EVENTS), f"DROP TABLE IF EXISTS {index}"]


def _trigger(table: str, event: str, names: list[str]) -> str:
    index, columns = index_name(table), ", ".join(names)
    old, new = (", ".join(f"{side}.{name}" for name in names) for side in ("old", "new"))
    forget = f"INSERT INTO {index}({index}, rowid, {columns}) VALUES ('delete', old.id, {old}); "
    learn = f"INSERT INTO {index}(rowid, {columns}) VALUES (new.id, {new}); "
    if event == "update":
        changed = " OR ".join(f"old.{name} IS NOT new.{name}" for name in names)
        when = f"UPDATE OF {columns} ON {table} WHEN {changed}"
    else:
        when = f"{event.upper()} ON {table}"
    act = {"insert": learn, "update": forget + learn, "delete": forget}[event]
    return f"CREATE TRIGGER {index}_{event} AFTER {when} BEGIN {act}END"
