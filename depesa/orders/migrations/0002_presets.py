"""The states that the product needs, the number series of orders, and the letters that go unless somebody chooses."""

from django.db import migrations

from depesa.core.search_index import IndexWords
from depesa.emails.presets import write_presets
from depesa.orders.presets import EMAILS, STATES, names_of


def write(apps, schema_editor):
    """Add the states and the series, where they are not there yet."""
    states = apps.get_model("orders", "State")
    for position, (code, colour) in enumerate(STATES, start=1):
        values = {"type": code, "colour": colour, "names": names_of(code), "position": position * 10}
        if code == "payment-succeeded":
            values["marks_paid"] = True
        states.objects.get_or_create(code=code, defaults=values)
    series = apps.get_model("documents", "NumberSeries")
    series.objects.get_or_create(code="orders", defaults={"prefix": "O", "digits": 6, "type": "other"})


def choose(apps, schema_editor):
    """The letters about orders. A sent order and a generated invoice write to the customer, until somebody chooses otherwise."""
    write_presets(apps, EMAILS)
    emails = apps.get_model("emails", "SystemEmail")
    if sent := emails.objects.filter(code="order-sent").first():
        apps.get_model("orders", "State").objects.filter(type="sent", system_email=None).update(system_email=sent)
    if issued := emails.objects.filter(code="invoice-issued").first():
        apps.get_model("orders", "Invoicing").objects.get_or_create(pk=1, defaults={"system_email": issued})


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial"), ("documents", "0002_presets"), ("emails", "0001_initial")]
    operations = [
        migrations.RunPython(write, migrations.RunPython.noop),
        migrations.RunPython(choose, migrations.RunPython.noop),
        IndexWords("Order"),
        IndexWords("OrderDocument"),
    ]
