"""The project and the two tasks of the run, and the letter that carries a statement."""

from django.db import migrations

from depesa.emails.presets import write_presets
from depesa.statements.presets import EMAILS, TASKS


def add_tasks(apps, schema_editor):
    project, _ = apps.get_model("operations", "Project").objects.get_or_create(
        code="monthly-statements", defaults={"name": "Monthly lists of invoices"}
    )
    for code, name in TASKS:
        apps.get_model("operations", "Task").objects.get_or_create(
            code=code, defaults={"name": name, "project": project, "runs": code}
        )
    write_presets(apps, EMAILS)


class Migration(migrations.Migration):
    dependencies = [
        ("statements", "0001_initial"),
        ("operations", "0001_initial"),
        ("emails", "0001_initial"),
        ("documents", "0002_presets"),
    ]
    operations = [migrations.RunPython(add_tasks, migrations.RunPython.noop)]
