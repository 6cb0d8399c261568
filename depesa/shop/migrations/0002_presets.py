"""The usual ways of delivery and payment."""

from decimal import Decimal

from django.db import migrations

from depesa.core.search_index import IndexWords
from depesa.shop.presets import PAYMENT, SHIPPING


def add(apps, schema_editor):
    for name, rows in (("ShippingMethod", SHIPPING), ("PaymentMethod", PAYMENT)):
        model = apps.get_model("shop", name)
        for position, (code, kind, price, names) in enumerate(rows):
            model.objects.create(code=code, kind=kind, price=Decimal(price), names=names, position=position)


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunPython(add, migrations.RunPython.noop),
        IndexWords("Message"),
    ]
