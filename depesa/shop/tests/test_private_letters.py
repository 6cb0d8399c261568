"""Whatever proves who owns a mailbox is read by nobody else: not at the desk, not in the catcher, in no hidden copy."""

import base64
import quopri
import re

import pytest
from django.test import Client
from django.urls import reverse

from depesa.catcher.models import CaughtLetter
from depesa.emails.models import SystemEmail
from depesa.mail.privacy import closed
from depesa.outbox.models import Delivery
from depesa.outbox.models import Message as Letter
from depesa.outbox.queries import sealed_bytes
from depesa.outbox.services import senders
from depesa.shop.services import accounts, newsletter
from depesa.shop.tests.conftest import PASSWORD, token_of_last
from depesa.triggers.services import fire_due

pytestmark = pytest.mark.django_db


def activation(account, _ada):
    accounts.register(email="ben@sroub.example", password=PASSWORD, name="Ben", language="en", machine="1")
    fire_due()
    return token_of_last("activation")


def password(account, _ada):
    accounts.ask_for_password(account.email, language="en", machine="1")
    fire_due()
    return token_of_last("password")


def subscription(_account, _ada):
    newsletter.ask("ben@sroub.example", language="en", machine="1")
    fire_due()
    return token_of_last("newsletter")


def sender(_account, ada):
    said = []
    senders.ask(
        "ceo@vaivorykste.example", "", user=ada, by=ada, link=lambda token: said.append(token) or f"/x/{token}/"
    )
    return said[0]


@pytest.fixture(params=[activation, password, subscription, sender])
def proof(request, account, ada, shop):
    """The last letter and the token that it holds."""
    token = request.param(account, ada)
    letter = Letter.objects.latest("pk")
    assert token in readings(sealed_bytes(letter)), "its reader finds it"
    caught = CaughtLetter.objects.create(
        recipients=["x@sroub.example"], subject=letter.subject, size=1, content=sealed_bytes(letter)
    )
    return letter, caught, token


def readings(content):
    """The bytes however somebody would decode them."""
    text = content.decode("utf-8", "replace")
    decoded = quopri.decodestring(content).decode("utf-8", "replace")
    runs = (re.sub(r"\s", "", run) for run in re.findall(r"(?:[A-Za-z0-9+/]{60,}={0,2}\s*)+", text))
    return "\n".join([text, decoded, *(base64.b64decode(run[: len(run) // 4 * 4]).decode("latin-1") for run in runs)])


def shown_to(user, letter, caught):
    client = Client()
    client.force_login(user)
    pages = [
        *(reverse(f"outbox:{name}", args=[letter.pk]) for name in ("message", "html", "source")),
        *(reverse(f"catcher:{name}", args=[caught.pk]) for name in ("letter", "html", "source")),
        *(f"{reverse('outbox:message', args=[letter.pk])}?view={view}" for view in ("text", "html", "source")),
        *(f"{reverse('catcher:letter', args=[caught.pk])}?view={view}" for view in ("text", "html", "source")),
        reverse("outbox:messages"),
        reverse("catcher:letters"),
        reverse("triggers:transitions"),
        reverse("dashboard:start"),
    ]
    return {page: readings(client.get(page).getvalue()) for page in pages}


@pytest.mark.parametrize("role", ["reader", "clerk", "manager"])
def test_nobody_at_the_desk_reads_the_link(proof, ben, role):
    letter, caught, token = proof
    ben.role = role
    ben.save()
    shown = shown_to(ben, letter, caught)
    assert [page for page, text in shown.items() if token in text] == []
    assert "is shown to nobody here" in shown[reverse("outbox:message", args=[letter.pk])]
    assert letter.subject in shown[reverse("outbox:message", args=[letter.pk])], "who, when and about what is seen"


def test_an_administrator_reads_it_in_the_catcher_alone(proof, ada):
    letter, caught, token = proof
    ada.role = "admin"
    ada.save()
    shown = shown_to(ada, letter, caught)
    assert token in shown[reverse("catcher:source", args=[caught.pk])]
    assert [page for page, text in shown.items() if token in text and "/catcher/" not in page] == []


def test_no_hidden_copy_of_it_leaves(account, ada, shop):
    SystemEmail.objects.update(hidden_copy="archive@vaivorykste.example")
    for ask in (activation, password, subscription):
        ask(account, ada)
    assert not Delivery.objects.filter(recipient="archive@vaivorykste.example").exists()
    assert Delivery.objects.count() >= 3


def test_a_letter_that_is_not_private_stays_as_it_is():
    content = b"Subject: x\r\nSensitivity: Personal\r\n\r\nSensitivity: Private\r\n"
    assert closed(content) == content
    assert closed(b"no head at all") == b"no head at all"
