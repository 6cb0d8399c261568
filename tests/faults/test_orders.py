"""A thousand orders edited in bulk by workers that die, and eight processes that number invoices at once."""

from collections import Counter

import pytest

from tests.faults.database import python
from tests.faults.processes import Apart

ORDERS = 1000
PLACE = """
from decimal import Decimal
from depesa.company.models import Company
from depesa.orders.services import ItemDraft, OrderDraft, place
Company.objects.get_or_create(pk=1, defaults={"name": "Vaivorykste UAB", "email": "info@vaivorykste.example"})
line = ItemDraft(text="Hammer", quantity=Decimal(2), price=Decimal("12.10"), vat_rate=Decimal(21))
for start in range(0, %d, 500):
    place([
        OrderDraft(items=[line], party={"name": f"C{n}", "email": f"c{n}@sink.example"}, language="en")
        for n in range(start, min(start + 500, %d))
    ], origin="import", send_emails=False)
"""
ASK = """
from depesa.emails.models import SystemEmail, SystemEmailText
from depesa.orders.models import Order, State
from depesa.orders.models.bulk import Verb
from depesa.orders.services import ask
from depesa.triggers.models import Settings
Settings.objects.update_or_create(pk=1, defaults={"hold": 0})
email = SystemEmail.objects.create(code="packed", name="Packed", context="order")
SystemEmailText.objects.create(
    system_email=email, language="en", subject="{{ order.number }}", body="{{ order.state }}"
)
State.objects.create(code="packed", names={"en": "Packed"}, system_email=email)
ask(Order.objects.all(), Verb.STATE, "packed", by=None)
"""
WORK = """
from depesa.orders.services import bulk_due
from depesa.triggers.services import fire_due
while bulk_due() + fire_due():
    pass
"""
COUNT = """
from depesa.orders.models import BulkItem, Order
from depesa.outbox.models import Delivery, Message
print(Order.objects.filter(state__code="packed").count(), BulkItem.objects.filter(status="done").count(),
    Message.objects.count(), Message.objects.values("concerns").distinct().count(),
    Delivery.objects.values("recipient").distinct().count())
"""


def done(desk, program, **more):
    finished = python({**desk, **more}, program)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


@pytest.mark.slow
def test_a_bulk_edit_of_a_thousand_orders_survives_kills_and_each_customer_has_one_letter(desk):
    done(desk, PLACE % (ORDERS, ORDERS) + ASK)
    for point in ("bulk-chunk:3", "bulk-chunk:6", "letters-written:1", "letters-queued:1"):
        killed = python({**desk, "DEPESA_KILL_AT": point}, WORK)
        assert killed.returncode == -9, (point, killed.stderr)
    done(desk, WORK)
    assert [int(n) for n in done(desk, COUNT).split()] == [ORDERS] * 5


PROCESSES, INVOICES = 8, 600
NUMBER = """
import os, random, sys
from django.db import OperationalError, transaction
from depesa.orders.models import Order
from depesa.orders.services import Wish, generate
from depesa.orders.services.documents.invoices import invoice_type
class Unlucky(Exception):
    pass
mine, dice = int(sys.argv[1]), random.Random(int(sys.argv[1]))
ids = [pk for pk in Order.objects.values_list("pk", flat=True).order_by("pk") if pk % 8 == mine]
waiting = [ids[n : n + 5] for n in range(0, len(ids), 5)]
dice.shuffle(waiting)
kind = invoice_type()
while waiting:
    chunk = waiting.pop()
    orders = list(Order.objects.filter(pk__in=chunk, documents__isnull=True))
    try:
        with transaction.atomic():
            generate([Wish(order=order, type=kind) for order in orders], by=None)
            if dice.random() < 0.2:
                raise Unlucky
            if "die" in sys.argv and dice.random() < 0.02:
                os.kill(os.getpid(), 9)
    except (Unlucky, OperationalError):  # the lock was not to be had in time: one more failure
        waiting.insert(0, chunk)
"""
NUMBERS = """
from depesa.documents.models import Document, NumberSeries
from depesa.orders.models import OrderDocument
print(NumberSeries.objects.get(code="INV").last)
print(*OrderDocument.objects.order_by("serial").values_list("serial", flat=True))
print(*Document.objects.order_by("serial").values_list("serial", flat=True))
"""


@pytest.mark.slow
def test_eight_processes_number_six_hundred_invoices_without_gap_or_double(desk):
    done(desk, PLACE % (INVOICES, INVOICES))
    running = [Apart(desk, NUMBER, str(number), "die" if number < 3 else "live") for number in range(PROCESSES)]
    ends = [process.ended() for process in running]
    assert {end.returncode for end in ends} <= {0, -9}, ends
    again = [Apart(desk, NUMBER, str(number), "live") for number, end in enumerate(ends) if end.returncode]
    assert all(process.ended().returncode == 0 for process in again)
    last, orders, register = done(desk, NUMBERS).splitlines()
    assert int(last) == INVOICES
    for serials in (orders, register):
        assert Counter(map(int, serials.split())) == Counter(range(1, INVOICES + 1))
