"""The four documents that every order may have, each with its own number series."""

from django.db import migrations

PRESETS = [
    {
        "code": "order-confirmation",
        "names": {"en": "Order confirmation", "cs": "Potvrzení objednávky", "lt": "Užsakymo patvirtinimas"},
        "series": ("OC", "other"),
        "asks_payment": True,
    },
    {
        "code": "invoice",
        "names": {"en": "Invoice", "cs": "Faktura", "lt": "PVM sąskaita faktūra"},
        "series": ("INV", "invoice"),
        "books": "invoice",
        "has_due_on": True,
        "has_tax_on": True,
        "asks_payment": True,
    },
    {
        "code": "credit-note",
        "names": {"en": "Credit note", "cs": "Dobropis", "lt": "Kreditinė PVM sąskaita faktūra"},
        "series": ("CN", "credit-note"),
        "books": "credit-note",
        "has_tax_on": True,
    },
    {
        "code": "receipt",
        "names": {"en": "Receipt", "cs": "Účtenka", "lt": "Kvitas"},
        "series": ("RC", "other"),
        "has_tax_on": True,
    },
]


def write(apps, schema_editor):
    """Add the presets; a series that exists under the code already is used."""
    series = apps.get_model("documents", "NumberSeries")
    types = apps.get_model("documents", "DocumentType")
    for position, preset in enumerate(PRESETS, start=1):
        code, kind = preset["series"]
        its_series, _new = series.objects.get_or_create(code=code, defaults={"prefix": code, "type": kind})
        types.objects.create(**{**preset, "series": its_series, "is_preset": True, "position": position})


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_document_types")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
