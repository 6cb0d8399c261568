"""Two composite foreign keys: a paper goes only into a letter to the customer whose paper it is; and the first channel."""

import uuid

from django.db import migrations

from depesa.core.search_index import IndexWords

MESSAGE = "FOREIGN KEY (message_id, customer_id) REFERENCES outbox_message (id, customer_id)"
PAPER = "FOREIGN KEY (paper_id, customer_id) REFERENCES documents_paper (id, customer_id)"


def add_guard(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE outbox_enclosure ADD CONSTRAINT enclosure_of_message_customer {MESSAGE}")
            cursor.execute(f"ALTER TABLE outbox_enclosure ADD CONSTRAINT enclosure_of_paper_customer {PAPER}")
            return
        # SQLite adds no constraint to a table that is there; this one is still empty, so it is made anew.
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name = 'outbox_enclosure' AND sql IS NOT NULL ORDER BY type DESC"
        )
        table, *indexes = [sql for (sql,) in cursor.fetchall()]
        cursor.execute("DROP TABLE outbox_enclosure")
        cursor.execute(f"{table.rstrip().removesuffix(')')}, {MESSAGE}, {PAPER})")
        for index in indexes:
            cursor.execute(index)


def add_channel(apps, schema_editor):
    """A new installation delivers to its own mail catcher until somebody names a mail server."""
    apps.get_model("outbox", "Channel").objects.get_or_create(
        code="catcher",
        defaults={"name": "Mail catcher", "host": "127.0.0.1", "port": 2525, "security": "none", "is_default": True},
    )
    apps.get_model("outbox", "Installation").objects.get_or_create(pk=1, defaults={"identity": str(uuid.uuid4())})


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]
    operations = [
        migrations.RunPython(add_guard, migrations.RunPython.noop),
        migrations.RunPython(add_channel, migrations.RunPython.noop),
        IndexWords("Message"),
    ]
