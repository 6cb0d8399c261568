"""What a payment gateway says: signed, believed once, ignored when the order is paid."""

import json
import re
import time

import pytest

from depesa.core.reasons import said
from depesa.history.models import Entry
from depesa.orders.models import Order
from depesa.orders.services import mark_paid
from depesa.shop.models import GatewayMessage
from depesa.shop.queries import the_shop
from depesa.shop.rules import is_signed, signature_of
from depesa.shop.services import settings as shop_settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(shop, ada):
    return shop_settings.renew_secret(by=ada)


@pytest.fixture
def tell(client, secret):
    def tell(*, signature="", at="", body=None, **said):
        sent = body if body is not None else json.dumps(said).encode()
        timestamp = at or str(int(time.time()))
        headers = {
            "X-Depesa-Timestamp": timestamp,
            "X-Depesa-Signature": signature or signature_of(secret, timestamp, sent),
        }
        answer = client.post("/shop/payments/", sent, content_type="application/json", headers=headers)
        return answer.status_code, answer.json().get("outcome", "")

    return tell


def where(order):
    found = Order.objects.select_related("state").get(pk=order.pk)
    return found.state.type, found.is_paid


def test_a_payment_moves_the_order_and_marks_it_paid(order, tell):
    assert tell(id="p1", order=order.number, event="pending") == (200, "moved")
    assert where(order) == ("payment-pending", False)
    assert tell(id="p2", order=order.number, event="paid", amount="5.00", currency="EUR") == (200, "moved")
    assert where(order) == ("payment-succeeded", True)
    assert {entry.origin for entry in Entry.objects.filter(event="shop.payment-told")} == {"gateway"}


def test_told_again_it_changes_nothing(order, tell):
    tell(id="p1", order=order.number, event="failed")
    before = Entry.objects.count()
    assert tell(id="p1", order=order.number, event="failed") == (200, "repeated")
    assert Entry.objects.count() == before


@pytest.mark.parametrize("event", ["pending", "failed", "cancelled", "paid"])
def test_once_paid_later_messages_move_nothing(order, tell, event):
    mark_paid([order.pk], is_paid=True, by=None, origin="gateway")
    assert tell(id="late", order=order.number, event=event) == (200, "ignored")
    assert where(order) == ("received", True)


def test_another_sum_is_refused_and_told(order, tell):
    assert tell(id="p1", order=order.number, event="paid", amount="1", currency="EUR") == (409, "refused")
    assert where(order) == ("received", False)
    assert "1 EUR" in said(Entry.objects.get(event="shop.payment-refused").note)


def test_without_the_right_signature_nothing_is_read(order, tell):
    assert tell(id="p1", order=order.number, event="paid", signature="0" * 64)[0] == 403
    assert tell(id="p1", order=order.number, event="paid", at=str(int(time.time()) - 301))[0] == 403
    assert tell(id="p1", order=order.number, event="paid", at="soon")[0] == 403
    assert where(order) == ("received", False)


def test_a_new_secret_makes_the_old_one_worthless(order, tell, ada):
    body = json.dumps({"id": "p", "order": order.number, "event": "pending"}).encode()
    new = shop_settings.renew_secret(by=ada)
    assert tell(body=body)[0] == 403
    now = str(int(time.time()))
    assert tell(body=body, at=now, signature=signature_of(new, now, body))[0] == 200
    assert Entry.objects.filter(event="shop.secret-renewed").last().actor == ada


def test_before_there_is_a_secret_nothing_is_believed(order, client):
    assert not the_shop().secret
    body, now = json.dumps({"id": "p", "order": order.number, "event": "paid"}).encode(), str(int(time.time()))
    headers = {"X-Depesa-Timestamp": now, "X-Depesa-Signature": signature_of("", now, body)}
    assert client.post("/shop/payments/", body, content_type="application/json", headers=headers).status_code == 403


def test_the_secret_is_shown_once_and_lies_nowhere_in_clear(order, tell, ada, client):
    client.force_login(ada)
    page = client.post("/settings/shop/secret/").text
    shown = re.search(r"<code>([\w-]{40,})</code>", page)[1]
    kept = the_shop().secret
    assert shown not in kept
    settings_page = client.get("/settings/shop/").text
    assert shown not in settings_page
    assert kept not in settings_page
    body, now = json.dumps({"id": "p", "order": order.number, "event": "pending"}).encode(), str(int(time.time()))
    assert tell(body=body, at=now, signature=signature_of(shown, now, body)) == (200, "moved")


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"id": 1, "order": "x", "event": "won"}', b'{"id": "", "order": "1", "event": "paid"}'],
)
def test_what_is_not_understood_is_refused(shop, tell, body):
    assert tell(body=body)[0] == 400
    assert not GatewayMessage.objects.exists()


def test_an_unknown_order_is_named(shop, tell):
    assert tell(id="p1", order="none", event="paid")[0] == 404
    assert not GatewayMessage.objects.exists()  # told again when the order is there, it counts


def test_the_signature_covers_time_and_body():
    signature = signature_of("secret", "1000", b"{}")
    assert is_signed("secret", "1000", b"{}", signature, now=1000)
    assert not is_signed("secret", "1001", b"{}", signature, now=1000)
    assert not is_signed("secret", "1000", b"{ }", signature, now=1000)
    assert not is_signed("other", "1000", b"{}", signature, now=1000)
