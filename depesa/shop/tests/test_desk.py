"""The shop at the desk: settings, ways, messages."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from depesa.history.models import Entry
from depesa.shop.models import Message, PaymentMethod, Reply, ShippingMethod
from depesa.shop.queries import the_shop
from depesa.shop.services import contact
from depesa.staff.models import User
from depesa.triggers.models import Transition

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, shop, ada):
    client.force_login(ada)
    return client


@pytest.fixture
def message(shop):
    return contact.write(email="petr@sroub.example", name="Petr", text="Is it red?", language="cs", machine="1")


def test_the_shop_is_closed_and_its_terms_are_kept_by_language(desk):
    desk.post(reverse("shop_desk:settings"), {"name": "Papír a sešity", "terms_cs": "Podmínky", "terms_lt": " "})
    found = the_shop()
    assert (found.name, found.is_open, found.terms) == ("Papír a sešity", False, {"cs": "Podmínky"})
    assert Entry.objects.filter(event="shop.settings-saved").count() == 1
    assert "Papír a sešity" in desk.get(reverse("shop_desk:settings")).text


def test_a_way_of_delivery_is_changed_and_a_way_of_payment_added(desk):
    post = ShippingMethod.objects.get(code="post")
    typed = {"name_en": "Post", "code": "post", "kind": "post", "price": "4.20", "vat_rate": "21", "position": "0"}
    desk.post(reverse("shop_desk:shipping", args=[post.pk]), typed)
    post.refresh_from_db()
    assert (post.price, post.is_active, post.names) == (Decimal("4.20"), False, {"en": "Post"})
    typed |= {"name_en": "Card at the door", "code": "card", "kind": "cash-on-delivery"}
    desk.post(reverse("shop_desk:new_payment"), typed)
    assert PaymentMethod.objects.get(code="card").name_in("cs") == "Card at the door"
    assert Entry.objects.filter(event="shop.way-saved").count() == 2


def test_a_way_needs_a_name_and_a_code_of_its_own(desk):
    typed = {"code": "post", "kind": "post", "price": "1", "vat_rate": "21", "position": "0"}
    answer = desk.post(reverse("shop_desk:new_shipping"), typed)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) & {"code", "name_en"}


def test_a_message_is_listed_read_and_answered(desk, message, ada):
    waiting = f"{reverse('shop_desk:messages')}?open=yes"
    assert "Petr" in desk.get(waiting).text
    assert "message from the shop waits for an answer" in desk.get(reverse("dashboard:start")).text
    desk.post(message.get_absolute_url(), {"text": "Yes."})
    assert Reply.objects.get().by == ada
    assert "Petr" not in desk.get(waiting).text
    assert "Yes." in desk.get(message.get_absolute_url()).text


def test_an_answer_pressed_twice_is_one(desk, message):
    press = re.search(r'name="press" value="(\w+)"', desk.get(message.get_absolute_url()).text)[1]
    for _press in range(2):
        assert desk.post(message.get_absolute_url(), {"text": "Yes.", "press": press}).status_code == 302
    assert Reply.objects.count() == 1
    assert Transition.objects.filter(event="message-written").count() == 2  # the letter that confirms, and ours


def test_an_empty_answer_is_refused(desk, message):
    assert desk.post(message.get_absolute_url(), {"text": "  "}).status_code == 422
    assert not Reply.objects.exists()


def test_a_message_without_an_answer_is_closed(desk, message):
    desk.post(reverse("shop_desk:closure", args=[message.pk]))
    assert not Message.objects.waiting().exists()


def test_a_reader_reads_and_does_not_answer(client, message):
    client.force_login(User.objects.create_user("reader", password="x", role="reader"))
    client.post(message.get_absolute_url(), {"text": "Yes."})
    assert not Reply.objects.exists()


def test_a_note_stands_in_the_history_of_the_customer(desk, message):
    shown = desk.get(reverse("outbox:timeline", args=[f"customer:{message.customer_id}"])).text
    assert "Is it red?" in shown


def test_a_message_leads_to_the_order_it_is_about(desk, order):
    message = contact.write(email=order.email, text="?", language="cs", machine="1", order_number=order.number)
    assert order.get_absolute_url() in desk.get(message.get_absolute_url()).text
