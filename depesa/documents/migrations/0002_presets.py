"""The preset types of documents."""

from django.db import migrations

from depesa.core.search_index import IndexWords
from depesa.documents.presets import TYPES


def write(apps, schema_editor):
    """Add the presets; a series that exists under the code already is used."""
    series = apps.get_model("documents", "NumberSeries")
    types = apps.get_model("documents", "DocumentType")
    for position, preset in enumerate(TYPES, start=1):
        code, kind = preset["series"]
        its_series, _new = series.objects.get_or_create(code=code, defaults={"prefix": code, "type": kind})
        types.objects.create(**{**preset, "series": its_series, "is_preset": True, "position": position})


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [
        migrations.RunPython(write, migrations.RunPython.noop),
        IndexWords("Document"),
    ]
