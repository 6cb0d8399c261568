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
    list(NumberSeries.objects.select_for_update(no_key=True).order_by("pk"))
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


WAITING = """
import time
from threading import Thread
from django.db import connection, transaction
def in_threads(*verbs):
    # Each over a connection of its own, until every one waits for somebody; what they raised, by name.
    backends, raised = {}, []
    def run(place, verb):
        try:
            connection.ensure_connection()
            backends[place] = connection.connection.info.backend_pid
            verb()
        except Exception as problem:
            raised.append(type(problem).__name__)
        finally:
            connection.close()
    threads = [Thread(target=run, args=each) for each in enumerate(verbs)]
    for thread in threads:
        thread.start()
    while len(waiting(list(backends.values()))) < len(threads):
        assert all(thread.is_alive() for thread in threads), raised
        time.sleep(0.02)
    return threads, raised
def waiting(backends):
    with connection.cursor() as cursor:
        blocked = "SELECT pid FROM unnest(%s::int[]) AS pid WHERE cardinality(pg_blocking_pids(pid)) > 0"
        cursor.execute(blocked, [backends])
        return cursor.fetchall()
"""
ADMINISTRATORS = """
from depesa.staff.models import User
from depesa.staff.services import change_user
one, two = (User.objects.create_user(name, password="correct horse battery", role="admin") for name in ("ada", "ben"))
with transaction.atomic():
    User.objects.select_for_update(no_key=True).get(pk=one.pk)
    threads, raised = in_threads(
        lambda: change_user(one, {"role": "clerk"}, by=two), lambda: change_user(two, {"role": "clerk"}, by=one)
    )
for thread in threads:
    thread.join()
print(*raised, User.objects.filter(role="admin").count())
"""
IMPORTS = """
from depesa.customers.models import Customer
from depesa.documents.models import Document
from depesa.documents.services.sales import confirm, import_documents, preview
from depesa.imports.services import receive
HEAD = "number;date;customer_code;customer_name;description;quantity;unit_price;vat_rate;currency"
def batch(turn):
    lines = [f"S{n};2011-06-0{n};C{n};Firm {n};Hammer;1;10.00;21;EUR" for n in range(1, 8)][::turn]
    made = receive([chr(10).join([HEAD, *lines]).encode()], "sales.csv")
    assert preview(made), made.problem
    confirm(made, by=None)
    return made
batches = [batch(1), batch(-1)]
transaction.set_autocommit(False)  # somebody enters one of the customers, and leaves it
Customer.objects.create(code="C4", name="Firm 4")
threads, raised = in_threads(*[lambda made=made: import_documents(made) for made in batches])
transaction.rollback()
for thread in threads:
    thread.join()
transaction.set_autocommit(True)
figures = [type(made).objects.get(pk=made.pk).figures for made in batches]
print(*raised, Customer.objects.count(), Document.objects.count(), sum(each["imported"] for each in figures))
with connection.cursor() as cursor:
    cursor.execute("SELECT pg_stat_force_next_flush()")
    cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    print(cursor.fetchone()[0])
"""


@pytest.mark.slow
@pytest.mark.skipif(not POSTGRESQL, reason="SQLite has one writer")
@pytest.mark.parametrize(
    ("story", "told"),
    [(ADMINISTRATORS, ["LastAdministrator 1"]), (IMPORTS, ["7 7 7", "0"])],
    ids=["administrators who demote each other", "files with the same customers in another order"],
)
def test_two_who_want_the_same_rows_wait_in_one_order(desk, story, told):
    done = python(desk, WAITING + story)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == told, done.stderr
