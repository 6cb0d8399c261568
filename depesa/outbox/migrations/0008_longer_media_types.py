"""The media types of office files are longer than 60 characters.

SQLite sets no limit, and a table made anew there would lose its two composite foreign keys, so it is left alone.
"""

from django.db import migrations, models


def widen(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE outbox_enclosure ALTER COLUMN media_type TYPE varchar(100)")


class Migration(migrations.Migration):
    dependencies = [("outbox", "0007_rich_letters_and_senders")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(widen, migrations.RunPython.noop)],
            state_operations=[migrations.AlterField("enclosure", "media_type", models.CharField(max_length=100))],
        )
    ]
