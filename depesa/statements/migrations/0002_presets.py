"""The project and the two tasks of the run."""

from django.db import migrations

from depesa.statements.presets import TASKS


def add_tasks(apps, schema_editor):
    project, _ = apps.get_model("operations", "Project").objects.get_or_create(
        code="monthly-statements", defaults={"name": "Monthly lists of invoices"}
    )
    for code, name in TASKS:
        apps.get_model("operations", "Task").objects.get_or_create(
            code=code, defaults={"name": name, "project": project, "runs": code}
        )


class Migration(migrations.Migration):
    dependencies = [("statements", "0001_initial"), ("operations", "0001_initial")]
    operations = [migrations.RunPython(add_tasks, migrations.RunPython.noop)]
