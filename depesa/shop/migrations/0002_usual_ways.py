"""The usual ways of delivery and payment, so that a new shop can sell; prices are for the trader to set."""

from decimal import Decimal

from django.db import migrations

SHIPPING = (
    ("post", "post", "3.50", {"en": "Post", "cs": "Pošta", "lt": "Paštas"}),
    ("courier", "courier", "5.00", {"en": "Courier", "cs": "Kurýr", "lt": "Kurjeris"}),
    ("pickup", "pickup", "0", {"en": "Personal pick-up", "cs": "Osobní odběr", "lt": "Atsiėmimas vietoje"}),
    (
        "individual",
        "individual",
        "0",
        {"en": "Individual delivery", "cs": "Individuální doprava", "lt": "Individualus pristatymas"},
    ),
)
PAYMENT = (
    ("transfer", "transfer", "0", {"en": "Bank transfer", "cs": "Bankovní převod", "lt": "Banko pavedimas"}),
    (
        "cash-on-delivery",
        "cash-on-delivery",
        "1.00",
        {"en": "Cash on delivery", "cs": "Dobírka", "lt": "Mokėjimas atsiimant"},
    ),
)


def add(apps, schema_editor):
    for name, rows in (("ShippingMethod", SHIPPING), ("PaymentMethod", PAYMENT)):
        model = apps.get_model("shop", name)
        for position, (code, kind, price, names) in enumerate(rows):
            model.objects.create(code=code, kind=kind, price=Decimal(price), names=names, position=position)


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
