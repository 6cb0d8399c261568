"""The states that the product needs, and the number series of orders."""

from django.db import migrations

STATES = [
    ("received", "#2563eb", {"en": "Received", "cs": "Přijatá", "lt": "Gautas"}),
    ("unresolved", "#b45309", {"en": "Unresolved", "cs": "Nedořešená", "lt": "Neišspręstas"}),
    ("payment-pending", "#7c3aed", {"en": "Payment pending", "cs": "Platba probíhá", "lt": "Laukiama mokėjimo"}),
    ("payment-succeeded", "#15803d", {"en": "Payment succeeded", "cs": "Platba úspěšná", "lt": "Mokėjimas gautas"}),
    ("payment-failed", "#b91c1c", {"en": "Payment failed", "cs": "Platba selhala", "lt": "Mokėjimas nepavyko"}),
    ("payment-cancelled", "#6b7280", {"en": "Payment cancelled", "cs": "Platba zrušena", "lt": "Mokėjimas atšauktas"}),
    ("sent", "#0f766e", {"en": "Sent", "cs": "Odeslaná", "lt": "Išsiųstas"}),
    ("cancelled", "#52525b", {"en": "Cancelled", "cs": "Storno", "lt": "Atšauktas"}),
]


def write(apps, schema_editor):
    """Add the states and the series, where they are not there yet."""
    states = apps.get_model("orders", "State")
    for position, (code, colour, names) in enumerate(STATES, start=1):
        values = {"type": code, "colour": colour, "names": names, "position": position * 10}
        if code == "payment-succeeded":
            values["marks_paid"] = True
        states.objects.get_or_create(code=code, defaults=values)
    series = apps.get_model("documents", "NumberSeries")
    series.objects.get_or_create(code="orders", defaults={"prefix": "O", "digits": 6, "type": "other"})


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial"), ("documents", "0005_preset_types")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
