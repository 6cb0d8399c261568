"""What a payment gateway says: signed, believed once, and kept whatever has become of the order."""

import itertools
import json
import re
import time
from decimal import Decimal

import pytest
from django.utils import timezone

from depesa.company.models import Company
from depesa.core.errors import Refused
from depesa.core.reasons import said
from depesa.history.models import Entry
from depesa.orders.models import Invoicing, Order, OrderDocument, State
from depesa.orders.queries.money import look_at_money, money_in_words, standing
from depesa.orders.services import (
    ItemDraft,
    OrderDraft,
    change,
    change_state,
    invoice,
    mark_paid,
    mark_resolved,
    place,
    remove,
)
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
    assert tell(id="late", order=order.number, event=event) == (200, "noted")
    assert where(order) == ("received", True)
    assert Entry.objects.get(event="shop.payment-told").after["event"] == event


def test_another_currency_is_refused_and_told(order, tell):
    assert tell(id="p1", order=order.number, event="paid", amount="1", currency="CZK") == (409, "refused")
    assert where(order) == ("received", False)
    assert "1 CZK" in said(Entry.objects.get(event="shop.payment-refused").note)


def looked_at(order):
    """What the order's page says of its money; the list and the start page count the same."""
    found = Order.objects.select_related("state").get(pk=order.pk)
    assert Order.objects.filter(look_at_money()).exists() == bool(standing(found) and not found.is_resolved)
    return money_in_words(found)


def test_payments_in_parts_add_up(order, tell):
    assert tell(id="p1", order=order.number, event="paid", amount="2", currency="EUR") == (200, "partly")
    assert where(order) == ("received", False)
    assert looked_at(order) == "€2.00 of €5.00 came in."
    assert tell(id="p2", order=order.number, event="paid", amount="3", currency="EUR") == (200, "moved")
    assert where(order) == ("payment-succeeded", True)
    assert looked_at(order) == ""


def test_paid_twice_is_too_much(order, tell):
    tell(id="p1", order=order.number, event="paid", amount="5", currency="EUR")
    mark_resolved([order.pk], is_resolved=True, by=None)
    assert tell(id="p2", order=order.number, event="paid") == (200, "noted")
    assert looked_at(order) == "€10.00 came in: €5.00 too much."
    assert not Order.objects.get(pk=order.pk).is_resolved


@pytest.mark.parametrize("amount", ["5.00", None])
def test_what_went_back_asks_for_a_credit_note(order, tell, amount):
    tell(id="p1", order=order.number, event="paid")
    more = {"amount": amount, "currency": "EUR"} if amount else {}
    assert tell(id="r1", order=order.number, event="refunded", **more) == (200, "noted")
    assert looked_at(order) == "€5.00 went back to the customer. Make a credit note of the invoice."
    assert where(order) == ("payment-succeeded", True)


def test_a_charge_back_opens_the_order_again(order, tell):
    tell(id="p1", order=order.number, event="paid")
    mark_resolved([order.pk], is_resolved=True, by=None)
    assert tell(id="c1", order=order.number, event="cancelled") == (200, "noted")
    assert not Order.objects.get(pk=order.pk).is_resolved


@pytest.mark.parametrize("automatic", ["paid", "ordered"])
def test_a_late_payment_wakes_no_cancelled_order(order, rare, tell, client, automatic):
    Invoicing.objects.update_or_create(pk=1, defaults={"automatic": automatic})
    change_state([order.pk], State.objects.get(code="cancelled"), by=None)
    assert tell(id="p0", order=order.number, event="pending") == (200, "noted")
    tell(id="p1", order=order.number, event="paid", amount="5", currency="EUR")
    assert where(order) == ("cancelled", True)
    assert looked_at(order) == "€5.00 came in and is to be returned."
    assert not OrderDocument.objects.exists()


def test_money_for_a_removed_order_is_not_lost(order, tell, client, ada):
    remove([order.pk], by=ada)
    assert tell(id="p1", order=order.number, event="paid", amount="5", currency="EUR") == (200, "noted")
    assert looked_at(order) == "€5.00 came in and is to be returned."
    client.force_login(ada)
    assert order.number in client.get("/orders/?money=yes").text
    assert "/orders/?money=yes" in client.get("/").text


def test_before_the_price_is_agreed_nothing_is_paid_or_invoiced(shop, tell):
    Invoicing.objects.update_or_create(pk=1, defaults={"automatic": "paid"})
    item = ItemDraft(text="Bunting", quantity=Decimal(1), price=Decimal(5))
    draft = OrderDraft(items=[item], party={"name": "Ada"}, currency="EUR", is_individual_shipping=True)
    [order] = place([draft], origin="shop")
    assert tell(id="p1", order=order.number, event="paid", amount="5", currency="EUR") == (200, "partly")
    assert where(order) == ("unresolved", False)
    assert looked_at(order) == "€5.00 came in, and the price of shipping is still to be agreed."
    mark_paid([order.pk], is_paid=True, by=None)
    why = Entry.objects.get(event="orders.invoice-not-made").note
    assert "still to be agreed" in said(why)
    with pytest.raises(Refused, match="still to be agreed"):
        _made(invoice([order.pk], by=None))
    mark_paid([order.pk], is_paid=False, by=None)
    found = Order.objects.get(pk=order.pk)
    shipping = ItemDraft(text="Courier", quantity=Decimal(1), price=Decimal(2), kind="shipping")
    change(found, {}, [item, shipping], version=found.version, by=None)
    assert looked_at(order) == "€5.00 of €7.00 came in."
    assert tell(id="p2", order=order.number, event="paid", amount="2", currency="EUR") == (200, "moved")
    assert OrderDocument.objects.get().gross == 7


def _made(issued):
    for why in issued.refused.values():
        raise Refused(why)


def test_a_page_shows_no_account_where_nothing_is_to_be_paid(client, shop, order):
    Company.objects.update(bank_account="CZ6508000000192000145399")
    Order.objects.update(payment_kind="transfer")
    page = f"/shop/en/orders/{order.token}/"
    assert "Payment reference" in client.get(page).text
    change_state([order.pk], State.objects.get(code="cancelled"), by=None)
    assert "Payment reference" not in client.get(page).text


@pytest.mark.parametrize("gross", [0, 5])
@pytest.mark.parametrize("received", [None, 0, 2, 5, 9])
@pytest.mark.parametrize("returned", [0, 2, 5])
def test_the_list_and_the_page_look_at_the_same_orders(order, gross, received, returned):
    for is_paid, code, is_removed, is_open in itertools.product(
        [True, False], ["received", "cancelled"], *[[0, 1]] * 2
    ):
        values = {"paid_at": timezone.now() if is_paid else None, "state": State.objects.get(code=code)}
        values["removed_at"] = timezone.now() if is_removed else None
        Order.objects.update(
            gross=gross, received=received, returned=returned, is_individual_shipping=is_open, **values
        )
        found = Order.objects.get()
        expected = standing(found) is not None and received is not None
        assert Order.objects.filter(look_at_money()).exists() == expected, (is_paid, code, is_removed, is_open)


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
