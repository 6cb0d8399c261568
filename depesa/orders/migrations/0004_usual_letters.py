"""A sent order and a generated invoice write to the customer, until somebody chooses otherwise."""

from django.db import migrations


def choose(apps, schema_editor):
    """Bind the letters that come with the product, where nothing is chosen yet."""
    emails = apps.get_model("letters", "SystemEmail")
    if sent := emails.objects.filter(code="order-sent").first():
        apps.get_model("orders", "State").objects.filter(type="sent", system_email=None).update(system_email=sent)
    if issued := emails.objects.filter(code="invoice-issued").first():
        apps.get_model("orders", "Invoicing").objects.get_or_create(pk=1, defaults={"system_email": issued})


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_letter_drafts"), ("letters", "0004_presets")]
    operations = [migrations.RunPython(choose, migrations.RunPython.noop)]
