"""Ben acts in Czech, Cleo reads in Lithuanian: whatever was stored on the way, she reads in her language."""

import ast
import datetime as dt
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

import depesa
from depesa.api.models import Source
from depesa.api.rules.signatures import base64_hmac
from depesa.api.rules.woocommerce import SIGNATURE, TOPIC
from depesa.api.services.inbound import receive, save_source
from depesa.core.errors import DomainError, Faults
from depesa.core.languages import speaking
from depesa.core.periods import Period
from depesa.core.reasons import ReasonField, Size, gettext, kept, said
from depesa.core.tables import insert_rows, update_rows
from depesa.documents.services import sales, save_books
from depesa.history.models import Entry
from depesa.history.queries import in_words
from depesa.imports import services as imports
from depesa.imports.models import ImportRefusal
from depesa.operations.models import Operation, Task
from depesa.operations.services import post
from depesa.operations.services.requests import ask as ask_posting
from depesa.operations.services.requests import post_due
from depesa.orders.models import BulkItem, Order
from depesa.orders.models import State as OrderState
from depesa.orders.models.bulk import Verb
from depesa.orders.services import bulk, remove
from depesa.orders.tests import world
from depesa.outbox.models import Attempt, Channel, Delivery, Installation, State
from depesa.outbox.rules import CATCHER, Failure, Fault, Outcome, Phase
from depesa.outbox.services import cancel
from depesa.outbox.services.choice import use
from depesa.outbox.services.ledger import why
from depesa.outbox.services.quarantine import examine
from depesa.shop.models import OneTimeLink, Shop
from depesa.shop.services import accounts
from depesa.statements.services import follow_letters
from depesa.statements.services.formation import form
from depesa.statements.services.pdfs import render_due
from depesa.statements.tests.conftest import make_customer, sell
from depesa.triggers.models import Transition
from depesa.triggers.queries import reason_words
from depesa.triggers.services import fire_due

pytestmark = pytest.mark.django_db
PACKAGE = Path(depesa.__file__).parent
FREE_TEXT = {  # what people write, and codes
    "customers.Customer.blocked_reason",
    "statements.Statement.left_out_reason",
    "triggers.Transition.reason",
    "outbox.Channel.fault",  # what was heard, with a code in front
    "imports.ImportBatch.problem",  # a Problem: a sentence and its values, too
    "imports.ImportRefusal.problem",
}


def check(act, read):
    """What was done while Czech was spoken is read by each in his language."""
    with speaking("cs"):
        act()
    said = {}
    for language in ("cs", "lt", "en"):
        with speaking(language):
            said[language] = str(read())
    assert all(said.values()), said
    assert len(set(said.values())) == 3, said
    assert "{" not in said["lt"]


def fields_like_reasons():
    named = ("reason", "problem", "refusal", "detail", "fault")
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField)
            is_ours = is_text and model.__module__.startswith("depesa.")
            if is_ours and (field.name.endswith(named) or isinstance(field, ReasonField)):
                yield f"{model._meta.label}.{field.name}", field


def test_every_field_for_a_reason_keeps_one_and_says_it_to_whoever_reads():
    fields = dict(fields_like_reasons())
    assert {name for name, field in fields.items() if not isinstance(field, ReasonField)} == FREE_TEXT
    for name, field in fields.items():
        if name in FREE_TEXT:
            continue
        with speaking("cs"):
            stored = field.get_db_prep_save(gettext("Write the answer."), connection)
        assert json.loads(stored) == {"code": "Write the answer."}
        with speaking("lt"):
            assert field.from_db_value(stored, None, connection) == gettext("Write the answer.")


def test_every_error_of_the_desk_carries_its_reason():
    for error in DomainError.__subclasses__():
        if "__init__" not in vars(error):
            with speaking("cs"):
                raised = error()
            with speaking("en"):
                assert str(raised) == error.__doc__, error


FORMATS = {
    "date_format",
    "time_format",
    "number_format",
    "filesizeformat",
    "localize",
    "write_value",
    "period_in_words",
}
FORMATS |= {"capfirst", "formatter", "strftime", "capitalize"}
BY_HAND = {"' '.join", "'\\n'.join", "'; '.join"}
DRAWN = {  # what is said here stands on a page and nowhere else
    *("dashboard/queries/start.py", "dashboard/queries/needs.py", "statements/queries/heads.py"),
    *("statements/queries/live.py", "outbox/queries/__init__.py", "triggers/queries.py", "orders/queries/money.py"),
}


def sentences():
    """Every sentence of core.reasons with values, as (place, the values)."""
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        code = path.read_text()
        if "depesa.core.reasons import" not in code or "/tests/" in f"/{place}" or place in DRAWN:
            continue
        for function in (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef)):
            named = {
                node.targets[0].id: node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            }
            for node in ast.walk(function):
                if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
                    yield f"{place}:{node.lineno}", written_out(node.right, named)


def written_out(node, named, depth=3):
    """The expression and what the names in it stand for."""
    found = [node]
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id in named and depth:
            found += written_out(named[part.id], {name: named[name] for name in named if name != part.id}, depth - 1)
    return found


def formats_in(expressions):
    for part in (part for expression in expressions for part in ast.walk(expression)):
        if isinstance(part, ast.FormattedValue) and part.format_spec:
            spec = ast.unparse(part.format_spec)
            if not re.fullmatch(r"f'\.\d+'", spec):  # the beginning of a text
                yield spec
        elif isinstance(part, ast.Call) and getattr(part.func, "id", getattr(part.func, "attr", "")) in FORMATS:
            yield ast.unparse(part)


def test_no_value_of_a_reason_is_formatted_by_whoever_acts():
    found = list(sentences())
    assert len(found) > 200
    assert {place: said for place, values in found if (said := list(formats_in(values)))} == {}


def test_no_error_puts_its_sentences_together_by_hand():
    for path in PACKAGE.rglob("*.py"):
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            if getattr(call.func, "attr", "") == "__init__" or getattr(call.func, "id", "") in {"Refused", "Faults"}:
                parts = [part for given in call.args for part in ast.walk(given) if isinstance(part, ast.Call)]
                assert not [part for part in parts if ast.unparse(part.func) in BY_HAND], (path, call.lineno)


@pytest.mark.parametrize(
    ("value", "czech", "lithuanian"),
    [
        (dt.date(2011, 6, 1), "1. 6. 2011", "2011-06-01"),
        (dt.datetime(2011, 6, 1, 9, 5, tzinfo=dt.UTC), "1. 6. 2011", "2011-06-01"),
        (Decimal("1234.50"), "1 234,50", "1 234,50"),
        (Size(3 * 1024 * 1024), "3,0 MB", "3,0 MB"),
        (Size(5), "5 bajtů", "5 baitai"),
        (Task(name="Monthly lists of invoices"), "Měsíční seznamy", "Mėnesio sąskaitų sąrašai"),
        (OrderState(names={"cs": "Odesláno", "lt": "Išsiųsta"}), "Odesláno", "Išsiųsta"),
        ([gettext("yes"), Size(1)], "ano, 1 bajt", "taip, 1 baitas"),
    ],
)
def test_a_value_stays_one_until_somebody_reads_it(value, czech, lithuanian):
    with speaking("lt"):
        stored = kept(gettext("Net %(net)s and VAT %(vat)s do not make %(gross)s. Correct the document.") % {
            "net": value, "vat": "", "gross": ""
        })  # fmt: skip
    for language, words in (("cs", czech), ("lt", lithuanian)):
        with speaking(language):
            assert words in said(stored).replace("\xa0", " ").replace("\u202f", " ")


def removed_order():
    placed = world.order()
    remove([placed.pk], by=None)
    return placed


def test_an_order_that_a_bulk_edit_refused(company, ben):
    order = removed_order()

    def act():
        bulk.ask(Order.objects.filter(pk=order.pk), Verb.STATE, "sent", by=ben)
        bulk.bulk_due()

    check(act, lambda: BulkItem.objects.get().reason)
    check(lambda: None, lambda: BulkItem.objects.values_list("reason", flat=True).get())


def test_an_operation_that_was_refused_when_its_turn_came(company, ben, renderer):
    sell(make_customer(email=""))
    form(Period.month(2011, 6), by=None)
    render_due(renderer)

    def act():
        ask_posting(Operation.objects.filter(task__code="send-statement"), by=ben)
        post_due()

    check(act, lambda: Operation.objects.get(task__code="send-statement").refusal)


@pytest.fixture
def posted(company, ada, renderer):
    """A statement on its way."""
    Channel.objects.filter(is_default=True).update(from_address="desk@vaivorykste.example")
    sell(make_customer())
    form(Period.month(2011, 6), by=None)
    render_due(renderer)
    operation = Operation.objects.get(task__code="send-statement")
    assert post([operation.pk], by=ada).posted == 1
    return operation


def test_a_letter_that_was_cancelled_or_not_delivered(posted, ben):
    delivery = Delivery.objects.get()
    unheard = Outcome(Phase.CONNECT, Failure(Fault.TIMED_OUT, "no answer for 30 seconds"))

    def fail():
        Delivery.objects.filter(pk=delivery.pk).update(state=State.REJECTED, reason=why(unheard))
        now = timezone.now()
        Attempt.objects.create(delivery=delivery, number=1, token="t", started_at=now, ended_at=now, text=why(unheard))

    check(fail, lambda: Delivery.objects.get().reason)
    check(lambda: None, lambda: Attempt.objects.get().text)
    Delivery.objects.update(state=State.QUEUED, reason="")
    check(lambda: cancel(delivery, reason="", by=ben), lambda: Delivery.objects.get().reason)


def test_an_operation_that_comes_back(posted):
    with speaking("cs"):
        Delivery.objects.update(state=State.EXPIRED, reason="")
    check(follow_letters, lambda: Operation.objects.get(pk=posted.pk).refusal)
    check(lambda: None, lambda: in_words(Entry.objects.filter(event="statements.returned"))[0].note)


def test_a_letter_that_was_not_needed(company):
    Channel.objects.filter(is_default=True).update(from_address="desk@vaivorykste.example")
    Shop.objects.create(pk=1, is_open=True)
    accounts.register(email="ada@sroub.example", password="nine blue kettles", name="Ada", language="cs", machine="1")
    OneTimeLink.objects.update(valid_until=timezone.now() - dt.timedelta(days=1))
    check(fire_due, lambda: reason_words(Transition.objects.get()))
    check(lambda: None, lambda: in_words(Entry.objects.filter(event="triggers.left-out"))[0].note)


def test_a_channel_that_stands_still(company, ada):
    use(Channel.objects.create(code="main", name="Main", host="127.0.0.1"), by=ada)
    check(
        lambda: use(Channel.objects.get(code=CATCHER), by=ada),
        lambda: Channel.objects.exclude(code=CATCHER).get(paused_at__isnull=False).paused_reason,
    )
    with speaking("lt"):
        use(Channel.objects.exclude(code=CATCHER).get(paused_at__isnull=False), by=ada)
    assert not Channel.objects.filter(paused_at__isnull=False).exists()


def test_a_quarantine(company):
    Installation.objects.update(last_permit=5)
    check(examine, lambda: Installation.objects.get().quarantine_reason)


def test_a_webhook_that_cannot_be_done(company, ada):
    source = save_source(Source(), {"name": "Ours", "system": "woocommerce"}, secret="s3cret", by=ada)
    signed = {SIGNATURE: base64_hmac("s3cret", b"{}"), TOPIC: "order.created"}

    def act():
        with pytest.raises(Faults):
            receive(source, body=b"{}", headers=signed)

    check(act, lambda: said(Source.objects.get().refusals[0][2]))


def test_lines_of_a_file_that_were_refused(company, ada, ben):
    save_books(dt.date(2026, 3, 31), by=ada)
    head = "type,number,date,customer,customer name,e-mail,currency,net,vat rate,vat,gross\n"
    lines = (
        "invoice,A-1,2026-03-01,7,Jonas,jonas@firm.example,EUR,100.00,21,21.00,121.00\n"
        "invoice,A-2,2026-04-01,8,Jonas,jonas@firm.example,EUR,100.00,21,21.00,999.00\n"
    )

    def act():
        batch = imports.receive([(head + lines).encode()], "sales.csv", by=ben)
        sales.preview(batch)
        sales.confirm(batch, by=ben)
        sales.import_documents(batch)

    check(act, lambda: ImportRefusal.objects.earliest("line").reason)
    check(lambda: None, lambda: ImportRefusal.objects.latest("line").reason)


def test_rows_that_are_written_many_at_once(company):
    with speaking("cs"):
        order = world.order()
        item = bulk.ask(Order.objects.filter(pk=order.pk), Verb.PAID, by=None)
        row = BulkItem.objects.get(bulk=item)
        update_rows(BulkItem, ["reason"], [(gettext("Write the answer."), row.pk)])
    check(lambda: None, lambda: BulkItem.objects.get().reason)
    with speaking("cs"):
        new = BulkItem(bulk=item, order=removed_order(), reason=gettext("Write the answer."))
        insert_rows([new])
    check(lambda: None, lambda: BulkItem.objects.get(pk=new.pk).reason)


def test_what_older_versions_stored_is_read_as_it_is(company):
    Installation.objects.update(quarantine_reason="Databáze je starší než její deník.")
    with speaking("lt"):
        assert Installation.objects.get().quarantine_reason == "Databáze je starší než její deník."
