"""The usual ways of delivery and payment, and the letters of accounts, newsletter and contact form."""

from decimal import Decimal

from django.db import migrations

from depesa.core.search_index import IndexWords
from depesa.emails.presets import write_presets
from depesa.shop.presets import EMAILS, PAYMENT, SHIPPING, names_of


def add(apps, schema_editor):
    for name, rows in (("ShippingMethod", SHIPPING), ("PaymentMethod", PAYMENT)):
        model = apps.get_model("shop", name)
        for position, (code, kind, price) in enumerate(rows):
            model.objects.create(code=code, kind=kind, price=Decimal(price), names=names_of(code), position=position)
    write_presets(apps, EMAILS)


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial"), ("emails", "0001_initial"), ("documents", "0002_presets")]

    operations = [
        migrations.RunPython(add, migrations.RunPython.noop),
        IndexWords("Message"),
    ]
