"""A new installation delivers to its own mail catcher until somebody names a mail server."""

import uuid

from django.db import migrations


def add_channel(apps, schema_editor):
    apps.get_model("outbox", "Channel").objects.get_or_create(
        code="catcher",
        defaults={"name": "Mail catcher", "host": "127.0.0.1", "port": 2525, "security": "none", "is_default": True},
    )
    apps.get_model("outbox", "Installation").objects.get_or_create(pk=1, defaults={"identity": str(uuid.uuid4())})


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_crossed_document_guard")]
    operations = [migrations.RunPython(add_channel, migrations.RunPython.noop)]
