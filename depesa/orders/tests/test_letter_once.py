"""One click, one letter: what was looked at is what leaves, sealed once and rendered once."""

import re
from collections import Counter

import pytest

from depesa.customers.models import Customer
from depesa.orders.models import Order, OrderDocument
from depesa.orders.services import Wish, generate, invoice, regenerate
from depesa.orders.services.letters import composition, dispatch
from depesa.orders.services.letters.composition import compose
from depesa.orders.services.letters.dispatch import NeedsALook, send_draft
from depesa.orders.tests import world
from depesa.orders.tests.letters import composed, names_in
from depesa.outbox.models import Message
from depesa.outbox.queries import sealed_bytes
from depesa.pdf.shared import _pdf
from depesa.pdf.workers import Worker

pytestmark = pytest.mark.django_db


def without_date(content):
    return re.sub(rb"(?m)^Date: [^\r]*", b"", content, count=1)


def test_the_preview_is_the_letter_to_the_byte_but_for_its_date(write, order, note_type, clock):
    draft = write("order-confirmation", "delivery-note")
    looked_at = composed(draft).prepared
    assert not OrderDocument.objects.exists()
    assert not Message.objects.exists()
    clock.shift(600)
    message = send_draft(draft, previewed=looked_at.fingerprint).message
    assert without_date(sealed_bytes(message)) == without_date(looked_at.content)
    assert sealed_bytes(message) != looked_at.content, "the date is that of the sending"


@pytest.fixture
def counted(monkeypatch):
    """How often letters are sealed and PDFs rendered from here on."""
    counts = Counter()

    def count(owner, name):
        original = getattr(owner, name)

        def counting(first, *others):
            counts[name] += 1
            return original(first, *others)

        monkeypatch.setattr(owner, name, counting)

    count(composition, "prepare")
    count(Worker, "assign")
    _pdf.cache_clear()
    return counts


def test_one_click_seals_once_and_renders_each_pdf_once(write, counted, note_type):
    draft = write("order-confirmation", "delivery-note")
    assert len(send_draft(draft).generated) == 2
    assert counted == {"prepare": 1, "assign": 2}


def test_what_the_preview_rendered_is_what_leaves(write, counted, note_type):
    draft = write("order-confirmation", "delivery-note")
    composed(draft)
    composed(draft)
    send_draft(draft)
    assert counted == {"prepare": 3, "assign": 2}


def test_a_document_that_was_there_is_rendered_once(write, order, counted):
    [made] = invoice([order.pk], by=None).made
    sent = send_draft(write("invoice"))
    made.refresh_from_db()
    assert names_in(sent.message) == [made.paper.name]
    assert counted == {"prepare": 1, "assign": 1}


def test_a_letter_that_changed_since_its_preview_is_shown_again(write, note_type, company):
    draft = write("delivery-note")
    looked_at = composed(draft).prepared.fingerprint
    generate([Wish(order=Order.objects.get(pk=world.order().pk), type=note_type)], by=None)
    with pytest.raises(NeedsALook) as doubt:
        send_draft(draft, previewed=looked_at)
    [changed] = doubt.value.found
    assert "is not the one that you looked at" in changed.sentence
    assert not Message.objects.exists()
    assert send_draft(draft, previewed=looked_at, seen=[changed.code]).message


def test_a_document_that_changed_while_it_was_sealed_goes_as_it_is_now(write, order, monkeypatch):
    [made] = invoice([order.pk], by=None).made
    turns = []

    def overtaken(letter):
        done = compose(letter)
        if not turns:
            regenerate(made, by=None, variable_symbol="777")
        turns.append(done)
        return done

    monkeypatch.setattr(dispatch, "compose", overtaken)
    message = send_draft(write("invoice")).message
    made.refresh_from_db()
    assert len(turns) == 2
    assert made.revision == 2
    assert message.enclosures.get(content_id=None).paper == made.paper


def test_what_became_odd_while_it_was_sealed_is_said(write, order, note_type, monkeypatch, company):
    other = Order.objects.get(pk=world.order().pk)
    turns = []

    def overtaken(letter):
        done = compose(letter)
        if not turns:
            generate([Wish(order=other, type=note_type)], by=None)
            Customer.objects.filter(pk=order.customer_id).update(is_blocked=True)
            order.customer.refresh_from_db()
        turns.append(done)
        return done

    monkeypatch.setattr(dispatch, "compose", overtaken)
    draft = write("delivery-note")
    with pytest.raises(NeedsALook) as doubt:
        send_draft(draft)
    assert [each.code for each in doubt.value.found] == ["blocked"]
    assert not Message.objects.exists()
    assert not OrderDocument.objects.filter(order=order).exists()
