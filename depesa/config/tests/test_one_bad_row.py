"""Every verb of the schedule, with a row that raises between two good ones: these are done, that one says why."""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.db import connection
from django.utils import timezone

from depesa.api.models import Notice, Subscription
from depesa.config import schedule
from depesa.config.schedule import SCHEDULE
from depesa.core.periods import Period
from depesa.customers.models import Customer
from depesa.documents.models import Document, DocumentType
from depesa.history.models import Entry as HistoryEntry
from depesa.history.models import Link
from depesa.history.services import Fact, record, verify
from depesa.imports import services as imports
from depesa.imports.models import BatchState, ImportBatch
from depesa.operations.models import Operation
from depesa.operations.services import enter
from depesa.operations.services.requests import ask as ask_to_post
from depesa.orders.models import BulkItem, Order, OrderDocument
from depesa.orders.models.bulk import Verb
from depesa.orders.services import Wish, ask, change_state, generate
from depesa.orders.tests import world
from depesa.outbox.models import Attempt, Channel, Delivery, Evidence, Kind, State
from depesa.outbox.rules import Policy
from depesa.outbox.services import Letter, ledger, prepare, queue
from depesa.statements.models import RefusedCustomer, Settings, Statement
from depesa.statements.services import FORMING, SENDING, form_due, formation, task
from depesa.statements.services.formation import begin, form
from depesa.triggers.models import Status, Transition
from depesa.triggers.queries import reason_words
from tests.faults.poison import poison
from tests.faults.sink import Script, Sink, serving

pytestmark = pytest.mark.django_db

JUNE = Period.month(2011, 6)

WITHOUT_ROWS = {
    "forget old keys": "deletes by the age of rows and reads nothing of them",
    "forget attempts": "deletes by the age of rows and reads nothing of them",
    "forget sessions": "deletes by the age of rows and reads nothing of them",
    "forget uploads": "deletes by the age of files and reads nothing of them",
    "forget contents of files": "deletes by age what no row names and reads nothing of it",
    "forget presses": "deletes by the age of rows and reads nothing of them",
    "mend letters": "one UPDATE that writes the same into all",
    "refresh statistics": "one ANALYZE",
}


@dataclass
class Case:
    """What was prepared: whether each of three rows is done, and what the one in the middle says."""

    done: Callable[[], list[bool]]
    said: Callable[[], str] = lambda: ""
    words: str = "nobody thought of"
    expected: list[bool] = field(default_factory=lambda: [True, False, True])
    is_tried_again: bool = False


@pytest.fixture
def desk(company, ada, monkeypatch, renderer):
    """A mail server that takes every letter, and a renderer that is there already."""
    monkeypatch.setattr(schedule, "shared_renderer", lambda: renderer)
    server = Sink(Script())
    with serving(server):
        Channel.objects.filter(is_default=True).update(
            host="127.0.0.1", port=server.port, from_address="desk@vaivorykste.example"
        )
        yield ada


def customers() -> list[Customer]:
    return [Customer.objects.create(code=f"C-{n}", name=f"C {n}", email=f"c{n}@shop.example") for n in range(3)]


def sell(customer, **values) -> Document:
    values = {"number": f"W-{customer.pk}", "document_on": JUNE.last, "posting": "posted"} | values
    return Document.objects.create(customer=customer, type="waybill", currency="EUR", gross=1, net=1, **values)


def deliveries(policy=Policy.LEGAL, **values) -> list[Delivery]:
    """Three letters in the outbox, with these values then written into their deliveries."""
    made = [
        Letter(
            dedupe_key=f"test:{number}",
            kind=Kind.ACCOUNT,
            customer_id=None,
            language="en",
            to=(f"to{number}@sink.example",),
            subject="Hello",
            text="Hello.",
            useless_after=timezone.now() + dt.timedelta(hours=1),
            policy=policy,
        )
        for number in range(3)
    ]
    messages = queue(prepare(made).ready)
    Delivery.objects.update(**values)
    return [messages[each.dedupe_key].deliveries.get() for each in made]


def spoil(row, **values):
    """Write what no page would."""
    type(row).objects.filter(pk=row.pk).update(**values)


def fresh(rows):
    return [type(row).objects.get(pk=row.pk) for row in rows]


def in_state(rows, **wanted):
    return lambda: [all(getattr(row, name) == value for name, value in wanted.items()) for row in fresh(rows)]


def reap(by):
    rows = deliveries()
    ledger.lease(Channel.objects.get(is_default=True), 3)
    Delivery.objects.update(state=State.HANDING_OVER, held_until=timezone.now() - dt.timedelta(hours=1))
    poison("outbox_attempt", "INSERT", f"NEW.delivery_id = {rows[1].pk}")
    tried = lambda: [Attempt.objects.filter(delivery=row).exists() for row in rows]  # noqa: E731
    return Case(tried, lambda: fresh(rows)[1].reason)


def resend(by):
    rows = deliveries(Policy.SECURITY, state=State.UNKNOWN)
    poison("history_entry", "INSERT", f"NEW.subject = '{rows[1].message.ref}'")
    return Case(in_state(rows, state=State.QUEUED), lambda: Evidence.objects.get(delivery=rows[1]).text)


def read_files(by):
    head = "type,number,date,customer,customer name,e-mail,currency,net,vat rate,vat,gross\n"
    line = "invoice,A-1,2026-03-01,7,Jonas,jonas@firm.example,EUR,100.00,21,21.00,121.00\n"
    rows = [imports.receive([f"{head}{line}".encode()], f"{n}.csv", by=by) for n in range(3)]
    spoil(rows[1], shape=["nonsense"])
    return Case(in_state(rows, state=BatchState.PREVIEWED), lambda: str(ImportBatch.objects.get(pk=rows[1].pk).reason))


def form_statements(by):
    some = customers()
    spoil([sell(each) for each in some][1], rates=["nonsense"])
    begin(JUNE, by=by)
    formed = lambda: [Statement.objects.filter(customer=each).exists() for each in some]  # noqa: E731
    return Case(formed, lambda: RefusedCustomer.objects.get(customer=some[1]).problem)


def form_runs(by):
    months = [JUNE.previous.previous, JUNE.previous, JUNE]
    for month, each in zip(months, customers(), strict=True):
        sell(each, document_on=month.last)
        begin(month, by=by)
    rows = [Operation.objects.get(sole_key=f"{FORMING}:{month.key}") for month in months]
    form_due()
    poison("operations_operation", "UPDATE", f"NEW.id = {rows[1].pk} AND NEW.posting = 'posted'")
    return Case(in_state(rows, posting="posted"), lambda: fresh(rows)[1].refusal)


def form_planned(by):
    """Tried again every hour, with the sentence at the operation: documents that moved may stand still by then."""
    Settings.objects.create(pk=1, forms_by_itself=True)
    months = [JUNE.previous.previous, JUNE.previous, JUNE]
    rows = [enter(task=task(FORMING), operation_on=each.last, planned_start_on=each.last, by=by) for each in months]
    poison("operations_operation", "UPDATE", f"NEW.id = {rows[1].pk} AND NEW.posting = 'posted'")
    return Case(in_state(rows, posting="posted"), lambda: fresh(rows)[1].refusal, is_tried_again=True)


def post_operations(by):
    rows = [enter(operation_on=JUNE.last, text=f"Call {n}", by=by) for n in range(3)]
    ask_to_post(Operation.objects.all(), by=by)
    poison("operations_operation", "UPDATE", f"NEW.id = {rows[1].pk} AND NEW.posting = 'posted'")
    return Case(in_state(rows, posting="posted"), lambda: fresh(rows)[1].refusal)


def write_letters(by):
    placed = [world.order() for _ in range(3)]
    to = world.state("packed", system_email=world.email())
    change_state([each.pk for each in placed], to, by=None, origin="api")
    poison("outbox_message", "INSERT", f"NEW.concerns = '{placed[1].ref}'")
    rows = [Transition.objects.filter(subject=str(each.ref)).latest("pk") for each in placed]
    return Case(in_state(rows, status=Status.QUEUED), lambda: reason_words(fresh(rows)[1]), "(IntegrityError)")


def render_statements(by):
    for each in customers():
        sell(each)
    form(JUNE, by=by)
    rows = list(Statement.objects.order_by("pk"))
    spoil(rows[1], sheet=["nonsense"])
    return Case(in_state(rows, state="ready"), lambda: fresh(rows)[1].problem)


def render_documents(by):
    placed = [world.order() for _ in range(3)]
    kind = DocumentType.objects.get(code="order-confirmation")
    rows = list(generate([Wish(order=each, type=kind) for each in placed], by=by).made)
    spoil(rows[1], content=["nonsense"])
    made = lambda: [OrderDocument.objects.get(pk=row.pk).paper is not None for row in rows]  # noqa: E731
    return Case(made, lambda: fresh(rows)[1].problem)


def edit_orders(by):
    rows = [world.order() for _ in range(3)]
    ask(Order.objects.all(), Verb.PAID, by=by)
    poison("orders_order", "UPDATE", f"NEW.id = {rows[1].pk} AND NEW.paid_at IS NOT NULL")
    paid = lambda: [row.paid_at is not None for row in fresh(rows)]  # noqa: E731
    return Case(paid, lambda: BulkItem.objects.get(order=rows[1]).reason)


def deliver_damaged(by):
    rows = deliveries()
    spoil(rows[1].message, skeleton=b"nonsense")
    return Case(in_state(rows, state=State.ACCEPTED), lambda: fresh(rows)[1].reason, "not what was sealed")


def note_outcomes(by):
    rows = deliveries()
    poison("outbox_attempt", "INSERT", f"NEW.delivery_id = {rows[1].pk}")
    return Case(in_state(rows, state=State.ACCEPTED), lambda: fresh(rows)[1].reason)


def use_channels(by):
    rows = deliveries()
    broken = Channel.objects.create(code="broken", name="Broken", host="127.0.0.1", port=1, security="nonsense")
    spoil(rows[1], channel=broken, next_attempt_at=timezone.now() - dt.timedelta(days=1))
    return Case(in_state(rows, state=State.ACCEPTED), lambda: Channel.objects.get(pk=broken.pk).paused_reason)


def bring_back(by):
    rows = [
        enter(task=task(SENDING), operation_on=JUNE.last, customer=each, addresses=each.email, subject="S", by=by)
        for each in customers()
    ]
    for row, delivery in zip(rows, deliveries(state=State.REJECTED, reason="550 unknown"), strict=True):
        spoil(row, posting="posted", message=delivery.message)
    poison("history_entry", "INSERT", f"NEW.subject = '{rows[1].ref}'")
    return Case(in_state(rows, posting="not-posted"), lambda: fresh(rows)[1].refusal)


def link_entries(by):
    """The chain leaves nothing out: what it links it takes as it is."""
    record([Fact(event="orders.paid", subject=f"order:{n}", after={"n": n}) for n in range(3)])
    rows = list(HistoryEntry.objects.order_by("-pk")[:3])
    if connection.vendor == "sqlite":  # PostgreSQL takes no half of a pair
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER IF EXISTS history_entry_no_update")
        spoil(rows[1], after={"n": "\ud800"})
    linked = lambda: [Link.objects.filter(entry=row).exists() and verify().is_whole for row in rows]  # noqa: E731
    return Case(linked, words="", expected=[True, True, True])


def tell(by):
    now = timezone.now()
    rows = []
    for number in range(3):
        to = Subscription.objects.create(
            url=f"https://sink{number}.invalid/", secret="nonsense", topics=[], created_by=by, letters_since=now
        )
        payload = ["nonsense"] if number == 1 else {"id": number}
        rows.append(
            Notice.objects.create(subscription=to, key="k", topic="orders", event="e", payload=payload, due_at=now)
        )
    known = lambda: [bool(row.attempts) and "nobody" not in row.problem for row in fresh(rows)]  # noqa: E731
    return Case(known, lambda: fresh(rows)[1].problem)


CASES = [
    ("reap", reap),
    ("resend", resend),
    ("import", read_files),
    ("form", form_statements),
    ("form", form_runs),
    ("form planned", form_planned),
    ("post", post_operations),
    ("write letters", write_letters),
    ("render", render_statements),
    ("render documents of orders", render_documents),
    ("edit orders in bulk", edit_orders),
    ("deliver", deliver_damaged),
    ("deliver", note_outcomes),
    ("deliver", use_channels),
    ("follow letters", bring_back),
    ("link the history", link_entries),
    ("tell other programs", tell),
]


def test_every_verb_has_a_case_or_a_reason_for_none():
    assert {name for name, _case in CASES} | set(WITHOUT_ROWS) == {entry.name for entry in SCHEDULE}
    assert not {name for name, _case in CASES} & set(WITHOUT_ROWS)


@pytest.mark.parametrize(("name", "prepare_case"), CASES, ids=[case.__name__ for _name, case in CASES])
def test_one_bad_row_stops_no_other(desk, name, prepare_case, monkeypatch, caplog):
    monkeypatch.setattr(formation, "SMALL_PERIOD", 0)
    case = prepare_case(desk)
    (entry,) = [each for each in SCHEDULE if each.name == name]
    for _turn in range(3):
        entry.run()
    assert case.done() == case.expected
    assert case.words in case.said()
    caplog.clear()
    entry.run()
    assert case.is_tried_again == any(each.levelno >= logging.ERROR for each in caplog.records)
