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
from depesa.triggers.services import fire_due

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
    ],
)
def test_what_cannot_be_read_is_said_and_kept_at_the_source(tell, payload, words):
    status = 200 if not words else 422
    assert words in tell("woocommerce", "order.created", payload, status=status)
    refusals = Source.objects.get().refusals
    assert [words in said(why) for _at, _what, why in refusals] == [True] * bool(words)
    assert Order.objects.count() == (status == 200)


def test_a_refusal_is_kept_until_a_person_has_seen_it(tell, client, ada):
    tell("woocommerce", "order.created", {**WOO_ORDER, "line_items": [], "shipping_lines": []}, status=422)
    tell("woocommerce", "order.created", {**WOO_ORDER, "id": 728, "number": "728"})
    source = Source.objects.get()
    client.force_login(ada)
    page = client.get(f"/settings/api/shops/{source.pk}/").content.decode()
    assert "727: " in page
    assert "at least one item" in page
    assert "a webhook was refused" in client.get("/settings/api/needs/").content.decode()
    client.post(f"/settings/api/shops/{source.pk}/seen/")
    source.refresh_from_db()
    assert source.refusals == []
    assert Entry.objects.filter(event="api.refusals-seen").count() == 1


@pytest.mark.parametrize("email", ["ada..b@firma.example", "ada b@firma.example", "nothing", "a@b"])
def test_a_sale_comes_in_whatever_its_address(tell, client, ben, email):
    told = {**WOO_ORDER, "billing": {**WOO_ORDER["billing"], "email": email}}
    assert tell("woocommerce", "order.created", told) == "made"
    order = Order.objects.get()
    assert (order.email, order.customer.email) == (email, email)
    client.force_login(ben)
    assert "No letter can go to the address" in client.get(order.get_absolute_url()).content.decode()
    fire_due()
    letter = Transition.objects.get(event="order-placed")
    assert (letter.status, letter.reason) == ("failed", "not-ready")
    assert email in letter.detail
    assert tell("woocommerce", "customer.created", {**WOO_CUSTOMER, "email": email}) == "made"


def test_two_firms_with_one_mailbox_are_two_customers(tell):
    for number, firm in ((1, "Alfa s.r.o."), (2, "Beta s.r.o.")):
        billing = {**WOO_ORDER["billing"], "company": firm, "email": "ucetni@kancelar.example"}
        tell("woocommerce", "order.created", {**WOO_ORDER, "id": number, "number": str(number), "billing": billing})
    first, second = Order.objects.order_by("pk")
    assert first.customer != second.customer
    assert (first.person, first.name) == ("Jan Novák", "Alfa s.r.o.")
    assert first.address_lines[0] == "Jan Novák"


@pytest.mark.parametrize("state", ["checkout-draft", "auto-draft", "draft", "trash"])
def test_what_is_no_order_yet_becomes_none(tell, state):
    assert tell("woocommerce", "order.created", {**WOO_ORDER, "status": state}) == "ignored"
    assert (Order.objects.count(), Customer.objects.count(), ForeignRecord.objects.count()) == (0, 0, 0)
    assert tell("woocommerce", "order.updated", WOO_ORDER) == "made"


def test_a_test_order_of_shopify_becomes_none(tell):
    assert tell("shopify", "orders/create", {**SHOPIFY_ORDER, "test": True}) == "ignored"
    assert not Order.objects.exists()


def test_two_notices_of_one_second_are_two_and_each_is_known_again(tell):
    paid = {**WOO_ORDER, "status": "processing"}
    assert [tell("woocommerce", "order.updated", told) for told in (PENDING, paid, PENDING, paid)] == [
        "made", "changed", "known", "known",
    ]  # fmt: skip
    order = Order.objects.get()
    assert (order.is_paid, order.state.code) == (True, "payment-succeeded")


def test_days_are_those_of_the_shop(tell, company):
    times = {"date_created_gmt": "2026-10-31T22:45:00", "date_paid_gmt": "2026-10-31T22:49:00"}
    tell("woocommerce", "order.created", {**WOO_ORDER, **times})
    tell("shopify", "orders/create", {**SHOPIFY_ORDER, "created_at": "2026-10-31T23:30:00-04:00"})
    of_woo, of_shopify = Order.objects.order_by("pk")
    assert (of_woo.placed_at.isoformat(), of_woo.paid_at.isoformat()) == (
        "2026-10-31T22:45:00+00:00", "2026-10-31T22:49:00+00:00",
    )  # fmt: skip
    assert of_shopify.placed_at.isoformat() == "2026-11-01T03:30:00+00:00"


def test_entities_are_read_once_and_only_where_they_are_written(tell):
    [first, *_others] = WOO_ORDER["line_items"]
    names = {"name": "Tom &amp; Jerry &#8211; mug &amp;amp;"}
    tell("woocommerce", "order.created", {**WOO_ORDER, "line_items": [{**first, **names}]})
    [line] = SHOPIFY_ORDER["line_items"]
    tell("shopify", "orders/create", {**SHOPIFY_ORDER, "line_items": [{**line, "title": "A &amp; B"}]})
    of_woo, of_shopify = Order.objects.order_by("pk")
    assert of_woo.items.first().text == "Tom & Jerry – mug &amp;"
    assert of_shopify.items.first().text == "A &amp; B"


def test_nothing_of_an_address_is_lost(tell, client, ben):
    meta = [
        {"key": "_billing_ic", "value": "25596641"}, {"key": "_billing_dic", "value": "CZ25596641"},
        {"key": "delivery_window", "value": "9-12"}, {"key": "_internal", "value": "x"},
    ]  # fmt: skip
    billing = {**WOO_ORDER["billing"], "city": "San Francisco", "state": "CA", "country": "US", "floor": "3rd"}
    tell("woocommerce", "order.created", {**WOO_ORDER, "billing": billing, "meta_data": meta})
    attributes = [{"name": "IČO", "value": "27082440"}, {"name": "Engraving", "value": "Ada"}]
    place = {**SHOPIFY_ORDER["billing_address"], "province": "Kauno apskritis", "company": "MB Šviesa"}
    tell("shopify", "orders/create", {**SHOPIFY_ORDER, "billing_address": place, "note_attributes": attributes})
    of_woo, of_shopify = Order.objects.order_by("pk")
    assert (of_woo.city, of_woo.company_code, of_woo.vat_code) == ("San Francisco, CA", "25596641", "CZ25596641")
    assert of_woo.told_more == {"delivery_window": "9-12", "billing floor": "3rd"}
    assert (of_shopify.city, of_shopify.person) == ("Vilnius, Kauno apskritis", "Ona Ąžuolė")
    assert (of_shopify.company_code, of_shopify.told_more) == ("27082440", {"Engraving": "Ada"})
    client.force_login(ben)
    assert "Engraving" in client.get(of_shopify.get_absolute_url()).content.decode()


def test_what_was_invoiced_is_not_silently_paid_with_another_sum(tell, client, ben):
    tell("woocommerce", "order.created", PENDING)
    order = Order.objects.get()
    invoice([order.pk], by=ben)
    first = {**WOO_ORDER["line_items"][0], "quantity": 9, "total": "54.00", "total_tax": "11.34"}
    assert tell("woocommerce", "order.updated", later(WOO_ORDER, line_items=[first], total="77.44")) == "noted"
    order.refresh_from_db()
    assert (f"{order.gross:.2f}", order.is_paid, order.state.code) == ("39.14", False, "payment-pending")
    assert "77.44 EUR" in order.differs
    client.force_login(ben)
    assert "77.44 EUR" in client.get(order.get_absolute_url()).content.decode()
    assert "otherwise in its shop" in client.get("/").content.decode()
    mark_resolved([order.pk], is_resolved=True, by=ben)
    assert "77.44 EUR" not in client.get(order.get_absolute_url()).content.decode()


def test_topics_that_mean_nothing_here_are_taken_and_forgotten(tell):
    assert tell("woocommerce", "product.updated", {"id": 1}) == "ignored"
    assert tell("woocommerce", "", b"webhook_id=1") == "ignored"


def test_an_unknown_address_is_not_there(client, company):
    assert client.post("/api/v1/webhooks/00000000-0000-4000-8000-000000000000/").status_code == 404
