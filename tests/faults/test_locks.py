"""Two at once who want the same rows wait for each other in one order only: nobody waits in a ring."""

import pytest

from tests.faults.database import POSTGRESQL, python

FIRM = """
from decimal import Decimal
from depesa.company.models import Company
from depesa.orders.models import AutomaticInvoice, Invoicing, Order, OrderDocument
from depesa.orders.services import ItemDraft, OrderDraft, delete, mark_paid, place
Company.objects.create(pk=1, name="Vaivorykste UAB", email="info@vaivorykste.example")
Invoicing.objects.update_or_create(pk=1, defaults={"automatic": AutomaticInvoice.PAID})
def order(name):
    line = ItemDraft(text="Hammer", quantity=Decimal(2), price=Decimal("12.10"), vat_rate=Decimal(21))
    return place([OrderDraft(items=[line], party={"name": name, "email": f"{name}@sink.example"})])[0].pk
first = order("rasa")
"""
BESIDE = """
import time
from threading import Thread
from django.db import connection, transaction
from depesa.documents.models import NumberSeries
from depesa.history.services import Fact, record
backends = []
def other():
    connection.ensure_connection()
    backends.append(connection.connection.info.backend_pid)
    %s
def waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid() = ANY(pg_blocking_pids(%%s))", [backends[0]])
        return cursor.fetchone()[0]
with transaction.atomic():  # somebody takes a number, and tells of it when the other waits for the next one
    list(NumberSeries.objects.select_for_update().order_by("pk"))
    thread = Thread(target=other)
    thread.start()
    while thread.is_alive() and not (backends and waits()):
        time.sleep(0.02)
    assert thread.is_alive(), "the other one waits for no number"
    record([Fact(event="orders.resolved", subject=f"order:{first}")])
thread.join()
print(Order.objects.count(), OrderDocument.objects.count())
"""


@pytest.mark.slow
@pytest.mark.skipif(not POSTGRESQL, reason="SQLite has one writer")
@pytest.mark.parametrize(
    ("before", "verb", "left"),
    [
        ("", 'order("lina")', "2 0"),
        ("", "mark_paid([first], is_paid=True, by=None)", "1 1"),
        ("mark_paid([first], is_paid=True, by=None)", "delete(OrderDocument.objects.get(), by=None)", "1 0"),
    ],
)
def test_who_waits_for_a_number_keeps_nobody_from_the_history(desk, before, verb, left):
    done = python(desk, f"{FIRM}\n{before}\n{BESIDE % verb}")

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == left.split(), done.stderr
