"""Who works at the same time: each is a process of its own, and says in the end what it did and what went wrong."""

import json
import logging
import random
import sys
import time
import traceback
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

from depesa.company.models import Company
from depesa.config.schedule import WORK, work
from depesa.core.deadlocks import undeterred
from depesa.core.errors import DomainError
from depesa.core.periods import Period
from depesa.customers.models import Customer
from depesa.customers.services import change as change_card
from depesa.documents import services as documents
from depesa.documents.models import Document
from depesa.documents.services import sales
from depesa.history.services import link_due, verify
from depesa.imports.rules.profiles import DEPESA
from depesa.imports.services import receive, save_profile
from depesa.orders import services as orders
from depesa.orders.models import AutomaticInvoice, Invoicing, Order, State
from depesa.statements.models import Statement, StatementRun
from depesa.statements.queries import coverage
from depesa.statements.services import re_form
from depesa.statements.services.formation import form

JUNE = Period.month(2011, 6)
COLUMNS = ("type", "number", "date", "customer_code", "net", "vat_rate", "vat", "gross", "currency")


def prepare(customers: int) -> None:
    """A firm with customers, their documents of June and orders that are invoiced once they are paid."""
    Company.objects.update_or_create(pk=1, defaults={"name": "Vaivorykste UAB", "email": "info@vaivorykste.example"})
    Invoicing.objects.update_or_create(pk=1, defaults={"automatic": AutomaticInvoice.PAID})
    save_profile(replace(DEPESA, name="posted", columns={name: name for name in COLUMNS}, is_posted=True))
    take_file(random.Random(1), range(customers))
    for _order in range(10):
        place(random.Random(2))


def take_file(dice, numbers=None):
    """A file with documents of customers in any order, some of them new."""
    numbers = list(numbers if numbers is not None else dice.sample(range(2000), 40))
    dice.shuffle(numbers)
    lines = [f"waybill,{uuid4().hex[:20]},2011-06-{1 + n % 30:02},C{n},100.00,21,21.00,121.00,EUR" for n in numbers]
    batch = receive(["\n".join([",".join(COLUMNS), *lines]).encode()], "sales.csv", profile="posted")
    sales.preview(batch)
    sales.confirm(batch, by=None)
    sales.import_documents(batch)


def place(dice):
    line = orders.ItemDraft(text="Hammer", quantity=Decimal(dice.randint(1, 4)), price=Decimal(10))
    orders.place([orders.OrderDraft(items=[line], party={"name": "Ona", "email": f"{dice.random()}@sink.example"})])


def some(dice, rows, count=1):
    keys = list(rows.values_list("pk", flat=True)[:500])
    return dice.sample(keys, min(count, len(keys)))


def save_card(dice):
    for pk in some(dice, Customer.objects.all()):
        card = Customer.objects.get(pk=pk)
        change_card(card, {"phone": str(dice.randint(1, 999))}, version=card.version, by=None)


def correct(dice):
    ids = some(dice, Document.objects.filter(is_issued=False), 3)
    documents.take_back(ids, by=None)
    documents.post(ids, by=None)


def move(dice):
    state = dice.choice(list(State.objects.all()))
    orders.change_state(some(dice, Order.objects.all(), 4), state, by=None)


def pay(dice):
    orders.mark_paid(some(dice, Order.objects.all(), 4), is_paid=dice.random() < 0.7, by=None)


def put_away(dice):
    (orders.remove if dice.random() < 0.5 else orders.restore)(some(dice, Order.objects.all(), 2), by=None)


def form_anew(dice):
    for pk in some(dice, Statement.objects.exclude(state="superseded")):
        re_form(Statement.objects.get(pk=pk), by=None)


ACTS = {
    "clerk": [save_card, correct, place, move, pay, put_away, form_anew],
    "import": [take_file],
    "month": [lambda _dice: form(JUNE, by=None)],
}


def act(kind: str, seconds: float, seed: int) -> None:
    """Act until the time is over; what the desk refuses with a sentence is no error, anything else is."""
    dice, until = random.Random(seed), time.monotonic() + seconds
    done, errors = Counter(), []
    watch = _Watch(errors)
    logging.getLogger("depesa").addHandler(watch)
    if kind == "worker":
        done["work"] = work(until_idle=False, should_stop=lambda: time.monotonic() > until, entries=WORK)
    while kind in ACTS and time.monotonic() < until:
        try:
            undeterred(dice.choice(ACTS[kind]))(dice)
            done["done"] += 1
        except DomainError:
            done["refused"] += 1
        except Exception:  # noqa: BLE001 - whatever it is, it is counted and told
            errors.append(traceback.format_exc())
    print(json.dumps({"kind": kind, "done": done.total(), "refused": done["refused"], "errors": errors}))


class _Watch(logging.Handler):
    """What is written to the log as an error is one."""

    def __init__(self, errors):
        super().__init__(logging.ERROR)
        self.errors = errors

    def emit(self, record):
        self.errors.append(self.format(record))


def prove() -> None:
    """What must hold when all have come to their end."""
    while link_due():
        pass
    found = {"history": verify().is_whole}
    form(JUNE, by=None)
    proof = coverage(StatementRun.objects.get())
    unexplained = proof.documents - proof.in_statements - proof.left_out - proof.late - proof.changed
    found |= {"documents": proof.documents, "unexplained": unexplained, "statements": Statement.objects.count()}
    print(json.dumps(found))


if __name__ == "__main__":
    act(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
