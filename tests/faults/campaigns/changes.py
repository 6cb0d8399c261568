"""kill -9 at random on two processes that do one piece of work: nothing is half done, the next call does the rest."""

import json
import sqlite3
import time
from contextlib import closing
from random import Random
from typing import Any

import psycopg

from tests.faults.campaigns.disks import COUNT, HEAD, IMPORT
from tests.faults.campaigns.stage import DATABASE, UNTIL_IDLE, Broken, Row, Stage
from tests.faults.processes import Apart

STEPS = 12  # parts of the work; two processes are killed about once in each
MOMENT = 0.05  # seconds, within which a kill comes after what it waited for
PATIENCE = 60  # seconds in which a part must be done

SALES = """
import sys
from depesa.company.models import Company
from depesa.statements.tests.conftest import make_customer, sell
Company.objects.create(pk=1, name="Vaivorykste UAB", email="info@vaivorykste.example", currency="EUR")
for number in range(int(sys.argv[1])):
    sell(make_customer(f"C-{number}", email=f"c{number}@sink.example"))
"""
IN_PARTS = """
import sys
from django.core.management import call_command
from depesa.statements.services import dispatch, formation, pdfs
size = int(sys.argv[1])
formation.SMALL_PERIOD, formation.CHUNK, pdfs.STORED_AT_ONCE, dispatch.CHUNK = 0, size, size, size
"""
FORM = f"""{IN_PARTS}
call_command("statements_form", "2011-06", json=True)
"""
POST = f"""{IN_PARTS}
call_command("statements_post", "2011-06", json=True)
"""
COVERED = """
from depesa.statements.models import StatementRun
from depesa.statements.queries import coverage
print(coverage(StatementRun.objects.get()).is_ok)
"""
# Half of the letters leave, then each customer buys once more.
SELL_MORE = """
from depesa.customers.models import Customer
from depesa.statements.models import Statement
from depesa.statements.services.dispatch import post_sending
from depesa.statements.tests.conftest import sell
ids = list(Statement.objects.order_by("pk").values_list("operation_id", flat=True))
post_sending(ids[::2], None)
for customer in Customer.objects.all():
    sell(customer, net="50.00", number=f"M-{customer.pk}")
"""
RE_FORM = """
import random
from depesa.core.errors import Refused
from depesa.statements.models import StatementRun
from depesa.statements.queries import stale
from depesa.statements.services import re_form
while waiting := list(stale(StatementRun.objects.get())):
    random.shuffle(waiting)
    for statement in waiting:
        try:
            re_form(statement, by=None)
        except Refused:  # the other process was first
            pass
"""
ORDERS = """
import sys
from decimal import Decimal
from depesa.company.models import Company
from depesa.emails.models import SystemEmail, SystemEmailText
from depesa.orders.models import Order, State
from depesa.orders.models.bulk import Verb
from depesa.orders.services import ItemDraft, OrderDraft, ask, place
from depesa.orders.services.documents.invoices import invoice_type
from depesa.triggers.models import Settings
Company.objects.create(pk=1, name="Vaivorykste UAB", email="info@vaivorykste.example")
line = ItemDraft(text="Hammer", quantity=Decimal(2), price=Decimal("12.10"), vat_rate=Decimal(21))
place([OrderDraft(items=[line], party={"name": f"C{n}", "email": f"c{n}@sink.example"}, language="en")
    for n in range(int(sys.argv[1]))], origin="import", send_emails=False)
Settings.objects.update_or_create(pk=1, defaults={"hold": 0})
email = SystemEmail.objects.create(code="packed", name="Packed", context="order")
SystemEmailText.objects.create(
    system_email=email, language="en", subject="{{ order.number }}", body="{{ order.state }}")
State.objects.create(code="packed", names={"en": "Packed"}, system_email=email)
ask(Order.objects.all(), Verb.STATE, "packed", by=None)
ask(Order.objects.all(), Verb.DOCUMENTS, invoice_type().code, by=None)
"""
EDIT = """
import sys
from depesa.orders.services import bulk, bulk_due
from depesa.triggers.services import fire_due
bulk.CHUNK = int(sys.argv[1])
while bulk_due() + fire_due():
    pass
"""
IMPORT_IN_PARTS = f"""
import sys
from depesa.documents.services import sales
sales.CHUNK = int(sys.argv.pop())
{IMPORT}
"""


def forming(desk: Stage, *, letters: int, seed: int) -> Row:
    """A month is formed and posted: each customer has one statement and one letter, the coverage proof holds."""
    desk.run(SALES, str(letters))
    size, dice = str(_size(letters)), Random(seed)
    made = "SELECT count(*) + count(paper_id) FROM statements_statement"
    count = _killed(desk, [FORM, size], dice, made, 2 * letters)
    sent = "SELECT count(*) FROM outbox_message"
    count += _killed(desk, [POST, size], dice, sent, letters)
    row = _letters_leave(desk, Row("kill -9 in forming and posting a month", letters, f"{count} kills", 2, seed))
    return _with_proof(desk, row, statements=(letters, letters, letters), operations=letters + 2)


def forming_anew(desk: Stage, *, letters: int, seed: int) -> Row:
    """Statements are formed anew, half of them after their letter: each of those gets one revision, the others none."""
    half = (letters + 1) // 2
    desk.run(SALES, str(letters))
    desk.run(FORM, str(letters))
    desk.run(SELL_MORE)
    desk.run(UNTIL_IDLE)
    shown = "SELECT count(*) FROM statements_statementline WHERE is_current"
    count = _killed(desk, [RE_FORM], Random(seed), shown, 2 * letters)
    desk.run(FORM, str(letters))
    desk.run(POST, str(letters))
    name = "kill -9 in forming statements anew"
    row = _letters_leave(desk, Row(name, letters + half, f"{count} kills", 2, seed))
    return _with_proof(desk, row, statements=(letters + half, letters, letters + half), operations=letters + half + 2)


def editing(desk: Stage, *, letters: int, seed: int) -> Row:
    """Orders are edited in bulk: each changes once and has one invoice and two letters, the numbers have no gap."""
    desk.run(ORDERS, str(letters))
    done = "SELECT (SELECT count(*) FROM orders_bulkitem WHERE status = 'done') + (SELECT count(*) FROM outbox_message)"
    count = _killed(desk, [EDIT, str(_size(letters))], Random(seed), done, 4 * letters)
    name = "kill -9 in bulk edits of orders"
    row = _letters_leave(desk, Row(name, 2 * letters, f"{count} kills", 2, seed))
    packed = "SELECT count(*) FROM orders_order JOIN orders_state s ON s.id = state_id WHERE s.code = 'packed'"
    numbers = "SELECT count(*), count(DISTINCT order_id), min(serial), max(serial) FROM orders_orderdocument"
    _compare(desk, row, packed, [letters])
    _compare(desk, row, numbers, [letters, letters, 1, letters])
    told = "SELECT count(*), count(DISTINCT concerns), count(DISTINCT concerns || subject) FROM outbox_message"
    _compare(desk, row, told, [2 * letters, letters, 2 * letters])  # one says "packed", the other brings the invoice
    return row


def importing(desk: Stage, *, letters: int, seed: int) -> Row:
    """Two processes bring in the same file: each document and each customer of it is there once."""
    file = desk.folder.parent / "sales.csv"
    lines = (f"invoice,A-{n},2026-03-01,{n % 50},Jonas,,EUR,{n + 1}.00,0,0,{n + 1}.00" for n in range(letters))
    file.write_text("\n".join([HEAD, *lines]))
    there = "SELECT count(*) FROM documents_document"
    count = _killed(desk, [IMPORT_IN_PARTS, str(file), str(_size(letters))], Random(seed), there, letters)
    row = Row("kill -9 in an import", letters, f"{count} kills", 2, seed)
    if (counts := desk.run(COUNT).split()) != [str(letters), str(min(50, letters))]:
        row.wrong.append(f"{' documents, '.join(counts)} customers")
    told = "SELECT count(DISTINCT number), count(DISTINCT gross) FROM documents_document"
    _compare(desk, row, told, [letters, letters])
    return row


def _size(letters: int) -> int:
    return max(1, letters // STEPS // 2)


def _killed(desk: Stage, program: list[str], dice: Random, progress: str, enough: int) -> int:
    """Two processes do it, and one of them is killed at random again and again; then one does the rest. How many kills.

    `progress` counts what is done, up to `enough`.
    """
    running, count, step = [desk.start(*program) for _ in range(2)], 0, max(1, enough // STEPS)
    while (done := _asked(desk, progress)[0]) < enough - step:
        _until(desk, progress, done + dice.randint(1, step), running)
        time.sleep(dice.uniform(0, MOMENT))
        number = dice.randrange(2)
        count += running[number].is_alive()
        desk.kill(running[number])
        running[number] = desk.start(*program)
    for process in running:
        desk.kill(process)
        count += 1
    desk.run(*program)
    if (done := _asked(desk, progress)[0]) != enough:
        raise Broken(f"{done} of {enough} are done after the last call.")
    return count


def _until(desk: Stage, progress: str, wanted: int, running: list[Apart]) -> None:
    """Wait until so much is done, or until no process is there any more that could do it."""
    desk.until(
        lambda: _asked(desk, progress)[0] >= wanted or not any(each.is_alive() for each in running),
        "part that is done",
        PATIENCE,
    )


def _letters_leave(desk: Stage, row: Row) -> Row:
    began = time.monotonic()
    desk.run(UNTIL_IDLE)
    row.seconds = time.monotonic() - began
    row = desk.judged(row)
    if len(desk.sink.taken) != row.letters:
        row.wrong.append(f"{len(desk.sink.taken)} letters have arrived")
    return row


def _with_proof(desk: Stage, row: Row, *, statements: tuple[int, int, int], operations: int) -> Row:
    """Statements as many as there must be, of so many customers, with so many papers; and the coverage proof."""
    told = "SELECT count(*), count(DISTINCT customer_id), count(DISTINCT paper_id) FROM statements_statement"
    _compare(desk, row, told, list(statements))
    _compare(desk, row, "SELECT count(*) FROM operations_operation", [operations])  # with this and the next forming
    if desk.run(COVERED).strip() != "True":
        row.wrong.append("the coverage proof fails")
    return row


def _compare(desk: Stage, row: Row, query: str, expected: list[Any]) -> None:
    if (found := _asked(desk, query)) != expected:
        row.wrong.append(f"{json.dumps([str(each) for each in found])} instead of {expected}: {query}")


def _asked(desk: Stage, query: str) -> list[Any]:
    """The one row that answers a query, asked of the database itself."""
    url = desk.environment["DEPESA_DATABASE_URL"]
    if DATABASE == "SQLite":
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), autocommit=True, timeout=30)) as database:
            return list(database.execute(query).fetchone())
    with psycopg.connect(url, autocommit=True) as database:
        return list(database.execute(query).fetchone() or ())


CHANGES = {
    "kills-forming": forming,
    "kills-forming-anew": forming_anew,
    "kills-editing": editing,
    "kills-importing": importing,
}
