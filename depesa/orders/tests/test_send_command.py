"""depesa orders send: a letter about an order from a script."""

import json

import pytest
from django.core.management import CommandError, call_command

from depesa.documents.models import DocumentType
from depesa.files.tests.pages import PAGES
from depesa.history.models import Entry
from depesa.orders.models import Order, OrderDocument
from depesa.orders.services import invoice
from depesa.orders.tests import world
from depesa.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(company):
    DocumentType.objects.create(code="delivery-note", names={"en": "delivery note"})
    return Order.objects.get(pk=world.order().pk)


@pytest.fixture
def run(order, capsys):
    def run(*words):
        call_command("orders_send", order.number, *words, "--json")
        return json.loads(capsys.readouterr().out)

    return run


def test_a_letter_with_a_document_and_a_file(run, order, tmp_path):
    world.email("shipped")
    file = tmp_path / "terms.pdf"
    file.write_bytes(PAGES)
    answer = run("--template", "shipped", "--document", "delivery-note", "--attach", str(file))
    assert answer == {"message": Message.objects.get().pk, "generated": ["delivery-note"], "refused": []}
    assert Message.objects.get().subject == f"Order {order.number}"
    names = list(Message.objects.get().enclosures.order_by("position").values_list("name", flat=True))
    assert [name.rpartition(".")[2] for name in names] == ["pdf", "pdf"]
    assert names[-1] == "terms.pdf"
    assert Entry.objects.get(event="orders.letter-sent").origin == "command-line"


def test_an_invoice_that_is_missing_is_refused_and_never_made(run, order):
    answer = run("--subject", "Hi", "--body", "Good day.", "--document", "invoice", "--document", "delivery-note")
    assert (answer["generated"], answer["refused"]) == (["delivery-note"], ["invoice"])
    assert not OrderDocument.objects.filter(type__code="invoice").exists()
    invoice([order.pk], by=None)
    assert run("--subject", "Hi", "--body", "Good day.", "--document", "invoice")["refused"] == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "--subject and --body"),
        (("--template", "nothing"), "There is no system e-mail nothing"),
        (("--subject", "a", "--body", "b", "--document", "x"), "There is no type of document x"),
        (("--subject", "a", "--body", "b", "--attach", "/nowhere.pdf"), "cannot be read"),
        (("--subject", "a", "--body", "b", "--to", "ona@"), "needs a domain"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_leaves(run, words, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(*words)
    assert not Message.objects.exists()
    assert not OrderDocument.objects.exists()
