"""Migrations on SQLite keep the triggers of a table, though Django makes most changes by a new table."""

import pytest
from django.apps.registry import Apps
from django.db import IntegrityError, models
from django.db.utils import ConnectionHandler

from depesa.core.search import FoldedField
from depesa.core.search_index import statements

pytestmark = pytest.mark.django_db
WORDS = ("before", "after")


class Thing(models.Model):
    name = models.CharField(max_length=20)
    name_key = FoldedField("name")

    class Meta:
        app_label = "things"
        apps = Apps()


@pytest.fixture
def connection(tmp_path):
    """An empty SQLite database of its own, whatever the other tests run on."""
    connection = ConnectionHandler({"default": {"ENGINE": "depesa.core.sqlite", "NAME": tmp_path / "things"}})[
        "default"
    ]
    connection.inc_thread_sharing()
    with connection.schema_editor() as editor:
        editor.create_model(Thing)
        for statement in statements(Thing, editor):
            editor.execute(statement)
        refuse = "SELECT RAISE(ABORT, 'things stay')"
        editor.execute(f"CREATE TRIGGER things_stay BEFORE DELETE ON things_thing BEGIN {refuse}; END")
    yield connection
    connection.close()


def new_field(field, name):
    field.set_attributes_from_name(name)
    field.model = Thing
    return field


def with_new_field(editor):
    editor.add_field(Thing, new_field(models.CharField(max_length=5, default="x"), "colour"))


def with_changed_field(editor):
    editor.alter_field(Thing, Thing._meta.get_field("name"), new_field(models.CharField(max_length=90), "name"))


def with_constraint(editor):
    editor.add_constraint(Thing, models.UniqueConstraint(fields=["name"], name="sole_name"))


@pytest.mark.parametrize("change", [with_new_field, with_changed_field, with_constraint])
def test_a_changed_table_keeps_its_triggers(connection, change):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO things_thing (name, name_key) VALUES ('Ada', 'ada before')")
    with connection.schema_editor() as editor:
        change(editor)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE things_thing SET name_key = 'ada after'")
        found = [cursor.execute("SELECT rowid FROM things_thing_search(%s)", [word]).fetchall() for word in WORDS]
        assert found == [[], [(1,)]]
        with pytest.raises(IntegrityError, match="things stay"):
            cursor.execute("DELETE FROM things_thing")


def test_the_installation_uses_it(settings):
    engine = settings.DATABASES["default"]["ENGINE"]
    assert engine in {"depesa.core.sqlite", "django.db.backends.postgresql"}
