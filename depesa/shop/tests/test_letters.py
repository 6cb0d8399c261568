"""Each event of the shop brings exactly its letter, in the visitor's language, once."""

import re
import secrets
from email import policy
from email.parser import BytesParser

import pytest

from depesa.customers.models import Customer
from depesa.emails.models import SystemEmailText
from depesa.history.models import Entry
from depesa.outbox.models import Message as Letter
from depesa.outbox.queries import sealed_bytes
from depesa.shop.models import Account, LinkKind, OneTimeLink, PaymentMethod, ShippingMethod
from depesa.shop.queries import Review, cart_of, money_for
from depesa.shop.services import accounts, contact, links, newsletter, orders
from depesa.shop.tests.conftest import PASSWORD, token_of_last
from depesa.staff.services import limits
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
    assert "red" not in text
    entry = Entry.objects.get(event="shop.message-received")
    assert (entry.customer_id, entry.note, entry.origin) == (message.customer_id, "Is it red?\nAnd when?", "shop")
    contact.answer(message, "Yes, and tomorrow.", by=ben)
    Transition.objects.update(due_at=message.received_at)
    _first, (to, _subject, text, answer) = letters()
    assert "Yes, and tomorrow." in text
    assert "Is it red?" in text.splitlines()
    assert answer["In-Reply-To"] == confirmation["Message-ID"]
    message.refresh_from_db()
    assert not message.is_open


HOSTILE = "Locked. Sign in at https://evil.example/login or www.evil.example, evil。example, a@evil.example"
LINKS = re.compile(r"://evil|\bwww\.\w|evil[.。]example")


def test_a_strangers_words_reach_nobody_elses_mailbox_and_ones_own_do(account, ben):
    message = write(email="victim@elsewhere.example", text=HOSTILE, name=HOSTILE)
    own = write(email=account.email, text="My own words", account=account)
    contact.answer(message, "Who are you?", by=ben)
    Transition.objects.update(due_at=message.received_at)
    *_link, (_to, _subject, told, _read), (_to, _subject, mine, _read), (_to, _subject, answer, read) = letters()
    assert "Locked" not in told
    assert "My own words" in mine
    assert own.customer == account.customer
    assert "Locked. Sign in at https evil. example" in answer.replace("\n", " ")
    assert not LINKS.search(answer + read.get_body(("html",)).get_content())


def test_a_message_that_borrows_the_address_of_an_account_is_a_strangers(account):
    write(email=account.email, text=HOSTILE)
    assert "Locked" not in letters()[-1][2]
    write(email="victim@elsewhere.example", text=HOSTILE, account=account)
    assert "Locked" not in letters()[-1][2]


def test_five_letters_an_hour_are_confirmed_to_an_address(shop):
    for machine in "12345":
        write(machine=machine)
    with pytest.raises(limits.TooOften):
        write(machine="6", email="ADA@sroub.example")
    with pytest.raises(limits.TooOften):
        newsletter.ask("ada@sroub.example", language="cs", machine="7")
    assert len(letters()) == 5


def test_a_guests_words_about_an_order_lead_nowhere(shop, bunting, ways):
    party = dict.fromkeys(("name", "street", "city", "delivery_name", "delivery_street", "delivery_city"), HOSTILE)
    other = Account.objects.create(customer=Customer.objects.create(name="Ada"), email="ada@own.example")
    for account in (None, other):
        placed = ordered(bunting, ways, {**party, "email": "victim@elsewhere.example", "note": HOSTILE}, account)
        assert placed.note == HOSTILE  # at the desk it stands as it was written
        _to, subject, text, read = letters()[-1]
        html = read.get_body(("html",)).get_content()
        assert "Locked. Sign in at" in text
        assert not LINKS.search(subject + text + html)
        assert max(map(len, text.split("\n"))) <= 200


def test_who_is_signed_in_with_the_address_reads_his_note(account, bunting, ways):
    values = {"name": "Ada", "street": "Street 1", "city": "Town", "email": account.email, "note": "Ring twice."}
    ordered(bunting, ways, values, account)
    assert "Ring twice." in letters()[-1][2]


def test_a_name_that_registers_leads_nowhere(shop):
    SystemEmailText.objects.filter(system_email__code="registration").update(body="{{ customer.name }}", html="")
    accounts.register(email="v@elsewhere.example", password=PASSWORD, name=HOSTILE, language="cs", machine="1")
    [(_to, _subject, text, read)] = letters()
    assert "Locked" in text
    assert not LINKS.search(text + read.get_body(("html",)).get_content())


def test_orders_of_one_address_are_counted(shop, bunting, ways):
    values = {"name": "Ada", "street": "Street 1", "city": "Town", "email": "ada@sroub.example"}
    for number in range(10):
        ordered(bunting, ways, values, machine=str(number))
    with pytest.raises(limits.TooOften):
        ordered(bunting, ways, values, machine="11")


@pytest.fixture
def ways(shop):
    return ShippingMethod.objects.get(code="post"), PaymentMethod.objects.get(code="transfer")


def ordered(product, ways, values, account=None, machine="1"):
    shipping, payment = ways
    cart = cart_of({str(product.pk): 1}, money_for(None))
    wish = {"key": secrets.token_hex(8), "cart": cart, "values": values, "shipping": shipping, "payment": payment}
    wish["reviewed"] = Review(cart, (shipping, payment)).token
    return orders.order(orders.Wish(**wish, language="en", machine=machine, account=account)).order


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
