"""Each event of the shop brings exactly its letter, in the visitor's language, once."""

from email import policy
from email.parser import BytesParser

import pytest

from depesa.customers.models import Customer
from depesa.history.models import Entry
from depesa.outbox.models import Message as Letter
from depesa.outbox.queries import sealed_bytes
from depesa.shop.models import LinkKind, OneTimeLink
from depesa.shop.services import accounts, contact, links, newsletter
from depesa.shop.tests.conftest import PASSWORD, token_of_last
from depesa.triggers.models import Transition
from depesa.triggers.services import fire_due

pytestmark = pytest.mark.django_db


def letters():
    """What leaves, in its order: recipients, subject and text."""
    fire_due()
    assert not Transition.objects.filter(status="failed").exists(), list(Transition.objects.values("reason", "detail"))
    found = []
    for message in Letter.objects.order_by("pk"):
        read = BytesParser(policy=policy.default).parsebytes(sealed_bytes(message))
        found.append((read["To"], read["Subject"], read.get_body(("plain",)).get_content(), read))
    return found


@pytest.mark.parametrize("language", ["cs", "lt", "en"])
def test_registration(shop, language):
    accounts.register(email="ada@sroub.example", password=PASSWORD, name="Ada", language=language, machine="1")
    [(to, _subject, text, _read)] = letters()
    assert "ada@sroub.example" in to
    assert f"/shop/{language}/activation/{token_of_last('activation')}/" in text.replace("\n", "")
    assert len(letters()) == 1  # the next beat writes none again


@pytest.mark.parametrize("language", ["cs", "lt", "en"])
def test_forgotten_password(account, language):
    before = len(letters())
    accounts.ask_for_password(account.email, language=language, machine="1")
    *others, (_to, _subject, text, _read) = letters()
    assert len(others) == before
    assert f"/shop/{language}/new-password/{token_of_last('password')}/" in text.replace("\n", "")


def test_a_link_that_has_been_used_needs_no_letter(shop):
    newsletter.ask("ada@sroub.example", language="cs", machine="1")
    newsletter.confirm(token_of_last("newsletter"))
    assert letters() == []
    assert Transition.objects.get().status == "skipped"


@pytest.mark.parametrize("language", ["cs", "lt", "en"])
def test_newsletter(shop, language):
    newsletter.ask("ada@sroub.example", language=language, machine="1")
    [(_to, _subject, text, _read)] = letters()
    assert f"/shop/{language}/newsletter/{token_of_last('newsletter')}/" in text.replace("\n", "")
    assert not Customer.objects.exists()
    customer = newsletter.confirm(token_of_last("newsletter"))
    assert (customer.newsletter, customer.language) == ("yes", language)
    assert [consent.code for consent in customer.consents.all()] == ["newsletter"]
    with pytest.raises(links.LinkNotUsable):
        newsletter.confirm(token_of_last("newsletter"))
    newsletter.ask("Ada@sroub.example", language=language, machine="1")
    assert len(letters()) == 1  # who has it is not asked again
    newsletter.leave(customer)
    customer.refresh_from_db()
    assert customer.newsletter == "no"


def write(**more):
    asked = {"email": "ada@sroub.example", "text": "Is it red?\nAnd when?", "language": "cs", "machine": "1"}
    return contact.write(**asked | {"name": "Ada"} | more)


def test_a_message_lands_in_the_history_of_the_customer_and_is_answered_in_its_thread(shop, ben):
    message = write()
    [(to, _subject, text, confirmation)] = letters()
    assert "ada@sroub.example" in to
    assert "Is it red?" in text
    entry = Entry.objects.get(event="shop.message-received")
    assert (entry.customer_id, entry.note, entry.origin) == (message.customer_id, "Is it red?\nAnd when?", "shop")
    contact.answer(message, "Yes, and tomorrow.", by=ben)
    Transition.objects.update(due_at=message.received_at)
    _first, (to, _subject, text, answer) = letters()
    assert "Yes, and tomorrow." in text
    assert answer["In-Reply-To"] == confirmation["Message-ID"]
    message.refresh_from_db()
    assert not message.is_open


def test_a_message_about_ones_own_order_stands_in_its_history(order):
    assert write(email=order.email, order_number=order.number).order == order
    assert Entry.objects.filter(event="shop.message-received", subject=order.ref).exists()
    assert write(email="stranger@spam.example", order_number=order.number).order is None


def test_a_message_can_be_closed_without_an_answer(shop, ben):
    message = write()
    contact.close(message, by=ben)
    message.refresh_from_db()
    assert not message.is_open
    assert Entry.objects.filter(event="shop.message-closed", actor=ben).count() == 1


def test_a_newsletter_link_opens_no_account(shop):
    newsletter.ask("ada@sroub.example", language="cs", machine="1")
    with pytest.raises(links.LinkNotUsable):
        links.found(LinkKind.PASSWORD, token_of_last("newsletter"))
    assert OneTimeLink.objects.get().account is None
