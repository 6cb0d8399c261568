"""What went wrong in other shops, each as a test named after the thread that tells it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from depesa.core.errors import Refused
from depesa.documents.models import DocumentType
from depesa.emails import services as letters
from depesa.emails.models import SystemEmail
from depesa.orders.models import BulkItem, Invoicing, OrderDocument
from depesa.orders.paper import OrderPaper
from depesa.orders.services import bulk_due, change_state
from depesa.orders.tests.world import email, order, state
from depesa.outbox.models import Enclosure, Message
from depesa.triggers.models import Status, Transition
from depesa.triggers.services import fire_due
from depesa.ui import marks

pytestmark = pytest.mark.django_db


def moved(placed, to):
    change_state([placed.pk], to, by=None, origin="command-line")
    fire_due()


def carrying(code, *types):
    found = email(code)
    found.document_types.set(DocumentType.objects.filter(code__in=types))
    return found


def test_mageplaza_17_the_invoice_is_there_when_the_state_letter_is_written(company):
    Invoicing.objects.update(automatic="paid", system_email=None)
    moved(order(), state(system_email=carrying("packed", "invoice"), marks_paid=True))
    assert Enclosure.objects.get().name == "Invoice-INV000001.pdf"


def test_thirtybees_1156_each_system_email_has_its_own_attachments(company):
    with_paper, without = carrying("with", "order-confirmation"), carrying("without")
    placed = order()
    moved(placed, state("first", system_email=with_paper))
    moved(placed, state("second", system_email=without))
    first, second = Message.objects.order_by("pk")
    assert first.enclosures.count() == 1
    assert second.enclosures.count() == 0


def test_shopware_9090_a_bulk_edit_mails_unless_it_is_told_not_to(client, company, ben):
    client.force_login(ben)
    state(system_email=email())
    placed = order()
    marks.add(ben.pk, "orders", [placed.pk])
    page = client.get(reverse("orders:bulk_state"), {"value": "packed"})
    assert '<input type="checkbox" name="send_emails" checked>' in page.text
    client.post(reverse("orders:bulk_state"), {"value": "packed", "expected": "1", "send_emails": "on"})
    bulk_due()
    assert BulkItem.objects.get().letters == 1
    Transition.objects.update(due_at=timezone.now())
    fire_due()
    assert Message.objects.get().concerns == str(placed.ref)


def test_prestashop_24499_the_language_is_never_that_of_the_clerk(client, company, ben):
    ben.language = "cs"
    ben.save()
    client.force_login(ben)
    moved(order(language="en"), state(system_email=email()))
    assert Message.objects.get().subject.startswith("Order ")


def test_simple_commerce_709_every_letter_stands_with_its_order_as_it_was_sent(client, company, ben):
    placed = order()
    moved(placed, state(system_email=carrying("packed", "order-confirmation")))
    client.force_login(ben)
    shown = client.get(reverse("orders:communication", args=[placed.pk])).text
    message = Message.objects.get()
    assert message.subject in shown
    assert message.get_absolute_url() in shown


def test_presets_stay_and_keep_their_event(company, ada):
    preset = SystemEmail.objects.get(code="order-received")
    with pytest.raises(Refused):
        letters.remove(preset, by=ada)
    assert preset.event == "order-received"
    assert SystemEmail.objects.get(code="order-sent").event == ""


def test_odoo_179913_a_paper_that_cannot_be_made_stops_its_letter_and_not_the_payment(company):
    Invoicing.objects.update(automatic="paid", system_email=carrying("invoice-there", "invoice"))
    placed = order()
    moved(placed, state(marks_paid=True))
    placed.refresh_from_db()
    assert placed.is_paid
    OrderDocument.objects.update(paper=None, problem="", content={})
    with pytest.raises((KeyError, TypeError)):
        OrderPaper.of({})
    moved(placed, state("later", system_email=carrying("later", "invoice")))
    noted = Transition.objects.filter(subject=placed.ref, event="state-changed").latest("pk")
    assert noted.status == Status.FAILED
    assert not Message.objects.filter(subject__startswith="later").exists()
