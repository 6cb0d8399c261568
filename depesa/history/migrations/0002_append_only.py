"""The database itself refuses to change or delete an entry or its link."""

from django.db import migrations

SENTENCE = "the history is append-only"
TABLES = ("entry", "link")


def refuse_changes(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE FUNCTION history_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
        for table in TABLES:
            if connection.vendor == "postgresql":
                cursor.execute(
                    f"CREATE TRIGGER history_append_only BEFORE UPDATE OR DELETE ON history_{table} "
                    "FOR EACH ROW EXECUTE FUNCTION history_refuse()"
                )
                continue
            for act in ("update", "delete"):
                cursor.execute(
                    f"CREATE TRIGGER history_{table}_no_{act} BEFORE {act.upper()} ON history_{table} "
                    f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
                )


class Migration(migrations.Migration):
    dependencies = [("history", "0001_initial")]
    operations = [migrations.RunPython(refuse_changes, migrations.RunPython.noop)]
