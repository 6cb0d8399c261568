"""Webhooks of other shops: signed, mapped to the verbs of ours, harmless when told again."""

import pytest

from depesa.api.models import ForeignRecord, Source
from depesa.api.tests.payloads import SHOPIFY_CUSTOMER, SHOPIFY_ORDER, WOO_CUSTOMER, WOO_ORDER
from depesa.catalog.models import Product
from depesa.core.reasons import said
from depesa.customers.models import Customer
from depesa.history.models import Entry
from depesa.orders.models import Order
from depesa.orders.queries.money import look_at_money, money_in_words
from depesa.orders.services import change, invoice, mark_resolved, remove
from depesa.triggers.models import Transition

pytestmark = pytest.mark.django_db


def test_an_order_of_woocommerce_is_an_order_here(tell):
    assert tell("woocommerce", "order.created", WOO_ORDER) == "made"
    order = Order.objects.get()
    assert (order.external_number, order.origin, f"{order.gross:.2f}") == ("727", "api", "39.14")
    assert (order.name, order.email, order.city, order.delivery_city) == (
        "Jan Novák", "jan@firma.example", "Praha", "Brno",
    )  # fmt: skip
    assert (order.state.code, order.is_paid, order.payment_kind) == ("payment-succeeded", True, "transfer")
    assert [(item.kind, item.code, f"{item.vat_rate:f}".rstrip("0").rstrip(".")) for item in order.items.all()] == [
        ("product", "W-1", "21"), ("product", "Bar3", "21"), ("shipping", "", "21"),
    ]  # fmt: skip
    assert (order.shipping_name, order.payment_name, order.note) == ("Flat Rate", "Direct Bank Transfer", "Rings twice")
    assert Transition.objects.filter(event="order-placed").count() == 1


@pytest.mark.parametrize(
    ("system", "topics", "payload"),
    [
        ("woocommerce", ("order.created", "order.updated"), WOO_ORDER),
        ("shopify", ("orders/create", "orders/updated"), SHOPIFY_ORDER),
    ],
)
def test_told_again_it_changes_nothing(tell, system, topics, payload):
    tell(system, topics[0], payload)
    seen = Entry.objects.count(), Transition.objects.count()
    assert [tell(system, topic, payload) for topic in topics * 2] == ["known"] * 4
    assert (Order.objects.count(), ForeignRecord.objects.count()) == (1, 1)
    assert (Entry.objects.count(), Transition.objects.count()) == seen


def test_an_update_moves_the_order_and_an_older_one_does_not(tell):
    tell("woocommerce", "order.created", WOO_ORDER)
    sent = {**WOO_ORDER, "status": "completed", "date_modified_gmt": "2026-03-23T10:00:00"}
    assert tell("woocommerce", "order.updated", sent) == "changed"
    assert tell("woocommerce", "order.updated", {**WOO_ORDER, "status": "cancelled"}) == "known"
    assert Order.objects.get().state.code == "sent"


def test_an_update_that_comes_first_makes_the_order(tell):
    assert tell("shopify", "orders/updated", SHOPIFY_ORDER) == "made"
    order = Order.objects.get()
    assert (f"{order.gross:.2f}", order.language, order.state.code) == ("28.15", "lt", "payment-pending")
    assert (order.payment_kind, order.delivery_name, order.is_paid) == ("transfer", "MB Šviesa, Ona Ąžuolė", False)


def later(payload, **changes):
    """The same order a day later, with what was changed."""
    stamp = "date_modified_gmt" if "date_modified_gmt" in payload else "updated_at"
    return {**payload, stamp: "2027-01-02T10:00:00", **changes}


PENDING = {**WOO_ORDER, "status": "pending", "date_paid": None, "date_paid_gmt": None}
FIRST = {
    "woocommerce": ("order.created", WOO_ORDER),
    "shopify": ("orders/create", {**SHOPIFY_ORDER, "financial_status": "paid"}),
}


@pytest.mark.parametrize("system", FIRST)
def test_what_is_paid_when_first_told_is_not_asked_to_pay(tell, system):
    tell(system, *FIRST[system])
    assert Order.objects.get().is_paid
    assert Transition.objects.get(event="order-placed").system_email.code == "order-received-guest"


@pytest.mark.parametrize(
    ("system", "topic", "payload"),
    [
        ("woocommerce", "order.created", {**PENDING, "status": "cancelled"}),
        ("shopify", "orders/cancelled", {**SHOPIFY_ORDER, "cancelled_at": "2026-12-31T20:00:00-05:00"}),
    ],
)
def test_what_is_cancelled_when_first_told_gets_no_letter_and_takes_no_stock(tell, system, topic, payload):
    for line in payload["line_items"]:
        Product.objects.create(code=line["sku"], names={"en": "x"}, price=1, stock=9)
    tell(system, topic, payload)
    assert Order.objects.get().state.code == "cancelled"
    assert {row.status for row in Transition.objects.all()} == {"none"}
    assert {each.stock for each in Product.objects.all()} == {9}


def test_what_is_changed_there_is_changed_here(tell):
    tell("woocommerce", "order.created", PENDING)
    [first, *_others] = WOO_ORDER["line_items"]
    changed = {
        "line_items": [{**first, "quantity": 1, "total": "6.00", "total_tax": "1.26"}],
        "shipping_lines": [],
        "billing": {**WOO_ORDER["billing"], "address_1": "Nová 99"},
        "shipping": {**WOO_ORDER["shipping"], "address_1": "Jiná 1"},
        "total": "7.26",
    }
    assert tell("woocommerce", "order.updated", later(PENDING, **changed)) == "changed"
    order = Order.objects.get()
    assert (f"{order.gross:.2f}", order.street, order.delivery_street) == ("7.26", "Nová 99", "Jiná 1")
    assert order.shipping_name == ""
    assert Entry.objects.get(event="orders.changed").origin == "api"


def test_what_somebody_changed_here_stays_unless_just_that_was_changed_there(tell, ben):
    tell("woocommerce", "order.created", PENDING)
    order = Order.objects.get()
    change(order, {"street": "Here 1", "city": "Here"}, version=order.version, by=ben)
    assert tell("woocommerce", "order.updated", later(PENDING, customer_note="Ring once")) == "changed"
    order.refresh_from_db()
    assert (order.street, order.city, order.note) == ("Here 1", "Here", "Ring once")
    billing = {**WOO_ORDER["billing"], "address_1": "There 2"}
    tell(
        "woocommerce", "order.updated", {**later(PENDING, billing=billing), "date_modified_gmt": "2027-01-03T10:00:00"}
    )
    order.refresh_from_db()
    assert (order.street, order.city) == ("There 2", "Here")


@pytest.mark.parametrize("act", [invoice, remove])
def test_an_order_that_must_stay_says_that_the_shop_says_otherwise(tell, ben, act):
    tell("woocommerce", "order.created", PENDING)
    order = Order.objects.get()
    mark_resolved([order.pk], is_resolved=True, by=ben)
    act([order.pk], by=ben)
    billing = {**WOO_ORDER["billing"], "address_1": "Nová 99"}
    assert tell("woocommerce", "order.updated", later(PENDING, billing=billing)) == "noted"
    order.refresh_from_db()
    assert order.street == "Dlouhá 1"
    entry = Entry.objects.get(event="api.order-differs")
    assert ("Nová 99" in entry.after["party"], "otherwise now" in said(entry.note)) == (True, True)


def test_only_the_time_is_newer_changes_nothing(tell):
    tell("woocommerce", "order.created", WOO_ORDER)
    before = Entry.objects.count()
    assert tell("woocommerce", "order.updated", later(WOO_ORDER)) == "known"
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("system", "topic", "payload", "word"),
    [
        ("woocommerce", "order.updated", {"status": "refunded", "refunds": [{"id": 1, "total": "-39.14"}]}, "refunded"),
        (
            "shopify",
            "orders/updated",
            {
                "financial_status": "partially_refunded",
                "refunds": [{"transactions": [{"kind": "refund", "status": "success", "amount": "5.00"}]}],
            },
            "partially_refunded",
        ),
    ],
)
def test_what_went_back_there_is_seen_here(tell, system, topic, payload, word):
    tell(system, *FIRST[system])
    assert tell(system, topic, later(FIRST[system][1], **payload)) == "changed"
    order = Order.objects.select_related("state").get()
    assert "Make a credit note" in money_in_words(order)
    assert Order.objects.filter(look_at_money()).exists()
    assert word in said(Entry.objects.get(event="api.state-told").note)
    assert not Source.objects.get().unknown_states


def test_an_order_says_which_shop_it_is_of(tell, client, ada):
    tell("woocommerce", "order.created", WOO_ORDER)
    client.force_login(ada)
    order = Order.objects.get()
    assert order.elsewhere == "Our woocommerce"
    assert "Our woocommerce" in client.get(order.get_absolute_url()).text


def test_a_ping_of_woocommerce_is_answered_and_one_of_nobody_is_not(tell, client):
    tell("woocommerce", "product.updated", {"id": 1})
    address = f"/api/v1/webhooks/{Source.objects.get().key}/"
    form = "application/x-www-form-urlencoded"
    assert client.post(address, b"webhook_id=3", form).status_code == 200
    assert client.post(address, b"webhook_id=3&x=1", form).status_code == 401
    topic = {"X-WC-Webhook-Topic": "order.created"}
    assert client.post(address, b"webhook_id=3", form, headers=topic).status_code == 401


def test_a_state_that_nobody_knows_is_kept_for_a_person(tell):
    tell("woocommerce", "order.created", {**WOO_ORDER, "status": "shipped-partly"})
    assert Order.objects.get().state.code == "received"
    assert list(Source.objects.get().unknown_states) == ["shipped-partly"]


def test_a_state_follows_the_table_of_the_source(tell):
    tell("woocommerce", "customer.created", WOO_CUSTOMER)
    Source.objects.update(states={"processing": "sent"})
    tell("woocommerce", "order.created", WOO_ORDER)
    assert Order.objects.get().state.code == "sent"


def test_customers_are_found_or_made(tell):
    assert tell("woocommerce", "customer.created", WOO_CUSTOMER) == "made"
    assert tell("woocommerce", "customer.created", WOO_CUSTOMER) == "known"
    assert tell("shopify", "customers/create", SHOPIFY_CUSTOMER) == "made"
    assert set(Customer.objects.values_list("name", "city")) == {("Ona Ąžuolė", "Vilnius"), ("Bob Biller", "Kaunas")}


def test_a_wrong_signature_does_nothing(tell):
    assert "not that of this shop" in tell("woocommerce", "order.created", WOO_ORDER, secret="other", status=401)
    assert not Order.objects.exists()
    assert not ForeignRecord.objects.exists()


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"not json", "no JSON"),
        (b"[1]", "no object"),
        ({}, "id is missing"),
        ({**WOO_ORDER, "total": "much"}, "no amount"),
        ({**WOO_ORDER, "line_items": {"a": 1}}, "no list"),
        ({**WOO_ORDER, "billing": []}, "no object"),
        ({**WOO_ORDER, "line_items": []}, ""),
        ({**WOO_ORDER, "line_items": [], "shipping_lines": []}, "at least one item"),
        ({**WOO_ORDER, "billing": {**WOO_ORDER["billing"], "email": "nothing"}}, "needs a domain"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept_at_the_source(tell, payload, words):
    status = 200 if not words else 422
    assert words in tell("woocommerce", "order.created", payload, status=status)
    assert words in Source.objects.get().problem
    assert Order.objects.count() == (status == 200)


def test_topics_that_mean_nothing_here_are_taken_and_forgotten(tell):
    assert tell("woocommerce", "product.updated", {"id": 1}) == "ignored"
    assert tell("woocommerce", "", b"webhook_id=1") == "ignored"


def test_an_unknown_address_is_not_there(client, company):
    assert client.post("/api/v1/webhooks/00000000-0000-4000-8000-000000000000/").status_code == 404
