"""A system e-mail is tried: it takes the whole way of a letter, to an address of one's own."""

from uuid import uuid4

import pytest
from django.urls import reverse

from depesa.emails.models import SystemEmail, SystemEmailText
from depesa.emails.services import attach
from depesa.files.tests.pages import PAGES
from depesa.outbox.models import Delivery, Enclosure, Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, ada, company):
    """Ada's browser."""
    client.force_login(ada)
    return client


def typed(**changes):
    return {"to": "ada@vaivorykste.example", "token": str(uuid4()), **changes}


def address(code="order-received", language="lt"):
    return reverse("outbox:test_system_email", args=[code, language])


def test_it_is_sent_with_samples_html_and_files_once(desk, ada):
    attach(SystemEmail.objects.get(code="order-received"), "terms.pdf", PAGES, by=ada)
    same = typed()
    for _twice in range(2):
        answer = desk.post(address(), same)
    message = Message.objects.get()
    assert answer.url == reverse("outbox:test", args=[message.pk])
    assert (message.subject, message.kind) == ("Užsakymas Nr. 2011-000118 gautas", "test")
    assert [delivery.recipient for delivery in Delivery.objects.all()] == ["ada@vaivorykste.example"]
    assert Enclosure.objects.get().name == "terms.pdf"
    assert "Plaktukas" in desk.get(reverse("outbox:html", args=[message.pk])).text


def test_what_keeps_it_from_being_written_is_said(desk):
    SystemEmailText.objects.filter(system_email__code="order-received").update(
        subject="{% if order.is_paid %}{% endif %}"
    )
    page = desk.post(address(), typed())
    assert "The subject is empty." in page.text
    assert not Message.objects.exists()


def test_a_wrong_address_is_answered_at_the_field(desk):
    page = desk.post(address(), typed(to="nobody at all"))
    assert page.context["form"].errors["to"]
