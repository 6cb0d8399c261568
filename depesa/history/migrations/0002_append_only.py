"""The database itself refuses to change or delete an entry."""

from django.db import migrations

SENTENCE = "the history is append-only"


def refuse_changes(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE FUNCTION history_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
            cursor.execute(
                "CREATE TRIGGER history_append_only BEFORE UPDATE OR DELETE ON history_entry "
                "FOR EACH ROW EXECUTE FUNCTION history_refuse()"
            )
            return
        for act in ("UPDATE", "DELETE"):
            cursor.execute(
                f"CREATE TRIGGER history_no_{act.lower()} BEFORE {act} ON history_entry "
                f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            )


class Migration(migrations.Migration):
    dependencies = [("history", "0001_initial")]
    operations = [migrations.RunPython(refuse_changes, migrations.RunPython.noop)]
