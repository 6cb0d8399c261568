"""Webhooks of other shops: signed, mapped to the verbs of ours, harmless when told again."""

import json

import pytest

from depesa.api.models import ForeignRecord, Source
from depesa.api.rules.signatures import base64_hmac
from depesa.api.services.inbound import save_source
from depesa.api.tests.payloads import SHOPIFY_CUSTOMER, SHOPIFY_ORDER, WOO_CUSTOMER, WOO_ORDER
from depesa.customers.models import Customer
from depesa.history.models import Entry
from depesa.orders.models import Order
from depesa.triggers.models import Transition

pytestmark = pytest.mark.django_db
HEADERS = {
    "woocommerce": ("X-WC-Webhook-Signature", "X-WC-Webhook-Topic"),
    "shopify": ("X-Shopify-Hmac-Sha256", "X-Shopify-Topic"),
}


@pytest.fixture
def tell(company, ada, client):
    sources = {}

    def told(system, topic, payload, *, secret="s3cret", status=200):
        if system not in sources:
            sources[system] = save_source(
                Source(), {"name": f"Our {system}", "system": system}, secret="s3cret", by=ada
            )
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        signature, named = HEADERS[system]
        answer = client.post(
            f"/api/v1/webhooks/{sources[system].key}/",
            body,
            "application/json",
            headers={signature: base64_hmac(secret, body), named: topic},
        )
        assert answer.status_code == status, answer.content
        return answer.json().get("done") or answer.json()["errors"][0]["message"]

    return told


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
    assert (order.payment_kind, order.delivery_name, order.is_paid) == ("transfer", "MB Šviesa", False)


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
