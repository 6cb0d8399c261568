"""The list of orders and its bulk edits, as a browser sees them."""

import pytest
from django.db import connection
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from depesa.orders.models import Bulk, BulkItem, Order, State
from depesa.orders.services import bulk_due, change_state, remove
from depesa.orders.tests.world import email, order, state
from depesa.triggers.models import Transition
from depesa.ui import marks

pytestmark = pytest.mark.django_db
LIST = "/orders/"


@pytest.fixture
def page(client, ben, company):
    client.force_login(ben)
    return client


def test_an_empty_list_teaches_the_next_step(page):
    assert "No order yet" in page.get(LIST).text


def test_the_list_shows_orders_and_counts_by_state(page):
    first, second = order(), order(party={"name": "Šroub & matka, s.r.o."})
    change_state([second.pk], State.objects.get(code="sent"), by=None)
    shown = page.get(LIST).text
    assert first.number in shown
    assert "Šroub &amp; matka, s.r.o." in shown
    narrowed = page.get(LIST, {"state": "sent"}).text
    assert first.number not in narrowed
    assert second.number in narrowed


def test_the_list_asks_a_fixed_number_of_questions(page, django_assert_max_num_queries):
    for number in range(12):
        order(party={"email": f"c{number}@shop.example"})
    # PostgreSQL is also asked whether a session keeps others waiting.
    with django_assert_max_num_queries(19 + (connection.vendor == "postgresql")):
        page.get(LIST)


@pytest.mark.parametrize("typed", ["o000001", "ona žil", "ONA@", "1", "EXT-7"])
def test_search_finds_number_name_address_symbol_and_outside_number(page, typed):
    wanted = order(external_number="EXT-7")
    other = order(party={"name": "Else", "email": "else@shop.example"})
    shown = page.get(LIST, {"q": typed}).text
    assert wanted.get_absolute_url() in shown
    assert other.get_absolute_url() not in shown


def test_filters(page):
    paid, unpaid = order(), order(payment_kind="cash-on-delivery", language="cs")
    Order.objects.filter(pk=paid.pk).update(paid_at=timezone.now())

    def numbers(**words):
        text = page.get(LIST, words).text
        return [each.number for each in (paid, unpaid) if each.get_absolute_url() in text]

    today = timezone.localdate().isoformat()
    assert numbers(paid="yes") == [paid.number]
    assert numbers(paid="no") == [unpaid.number]
    assert numbers(language="cs") == [unpaid.number]
    assert numbers(way="transfer") == [paid.number]
    assert numbers(customer="ona") == [paid.number, unpaid.number]
    assert numbers(since=today, until=today) == [paid.number, unpaid.number]
    assert numbers(until="2011-01-01") == []
    remove([paid.pk], by=None)
    assert numbers() == [unpaid.number]
    assert numbers(removed="yes") == [paid.number]


def test_the_preview_says_what_was_ordered(page):
    placed = order(note="Ring twice")
    shown = page.get(reverse("orders:preview", args=[placed.pk])).text
    assert "Hammer" in shown
    assert "Ring twice" in shown


def test_a_bulk_edit_says_beforehand_whose_documents_no_font_can_write(page, ben):
    first, second, third = (order() for _n in range(3))
    Order.objects.filter(pk=first.pk).update(name="株式会社テスト")
    second.items.update(text="שלום")
    marks.add(ben.pk, "orders", [first.pk, second.pk, third.pk])
    said = "have characters that no font has"
    for verb, value in (("invoices", ""), ("documents", "order-confirmation")):
        asked = page.get(f"/orders/bulk/{verb}/", {"value": value} if value else {})
        assert said in asked.text
        assert [each["count"] for each in asked.context["odd"] if said in str(each["text"])] == [2]
    assert said not in page.get("/orders/bulk/resolved/").text


def test_a_bulk_edit_says_before_what_it_does_and_is_done_by_the_worker(page, ben):
    state(system_email=email())
    ids = [order(party={"email": f"c{n}@shop.example"}).pk for n in range(3)]
    ids.append(order(party={"email": ""}).pk)
    marks.add(ben.pk, "orders", ids)
    assert 'value="packed"' in page.get("/orders/bulk/state/").text
    asked = page.get("/orders/bulk/state/", {"value": "packed"}).text
    assert "Move 4 orders to Packed" in asked
    assert "have no e-mail address" in asked
    answer = page.post("/orders/bulk/state/", {"value": "packed", "expected": "4", "send_emails": "on"})
    bulk = Bulk.objects.get()
    assert answer.url == f"/orders/bulk/{bulk.pk}/"
    assert bulk.total == 4
    assert Order.objects.filter(state__code="received").count() == 4
    bulk_due()
    assert Order.objects.filter(state__code="packed").count() == 4
    assert BulkItem.objects.filter(status="done").count() == 4
    assert "Done" in page.get(answer.url).text
    assert not marks.count(ben.pk, "orders")


def test_a_bulk_edit_of_other_orders_than_were_shown_is_asked_again(page, ben):
    state()
    marks.add(ben.pk, "orders", [order().pk])
    answer = page.post("/orders/bulk/state/", {"value": "packed", "expected": "7"})
    assert answer.status_code == 409
    assert not Bulk.objects.exists()


def test_a_bulk_edit_can_be_stopped_and_go_on(page, ben):
    state()
    marks.add(ben.pk, "orders", [order().pk])
    page.post("/orders/bulk/state/", {"value": "packed", "expected": "1"})
    bulk = Bulk.objects.get()
    page.post(f"/orders/bulk/{bulk.pk}/stop/")
    assert bulk_due() == 0
    page.post(f"/orders/bulk/{bulk.pk}/go-on/")
    assert bulk_due() == 1
    bulk.refresh_from_db()
    assert bulk.finished_at


def test_the_letters_of_a_bulk_edit_are_taken_back_together(clerk, client, company, ben, ada):
    state(system_email=email())
    placed = [order() for _n in range(3)]
    Order.objects.filter(pk=placed[0].pk).update(email="")
    marks.add(ben.pk, "orders", [each.pk for each in placed])
    clerk.post("/orders/bulk/state/", {"value": "packed", "expected": "3", "send_emails": "on"})
    bulk_due()
    bulk = Bulk.objects.get()
    assert BulkItem.objects.aggregate(n=Sum("letters"))["n"] == 2  # the third has no address
    recall = f"/orders/bulk/{bulk.pk}/recall/"
    assert recall in clerk.get(f"/orders/bulk/{bulk.pk}/").text
    client.force_login(ada)
    assert recall not in client.get(f"/orders/bulk/{bulk.pk}/").text
    assert "Whoever asked" in client.post(recall, follow=True).text
    assert "2 letters were taken back." in clerk.post(recall, follow=True).text
    left = Transition.objects.filter(event="state-changed", status="held").values_list("subject", flat=True)
    assert list(left) == [str(placed[0].ref)]
    assert {each.state.code for each in Order.objects.select_related("state")} == {"packed"}


def test_one_bad_order_is_named_and_the_rest_is_done(page, ben):
    good, bad = order(), order()
    Order.objects.filter(pk=bad.pk).update(removed_at=timezone.now())
    bulk = Bulk.objects.create(verb="state", value="sent", total=2)
    BulkItem.objects.bulk_create([BulkItem(bulk=bulk, order=each) for each in (good, bad)])
    bulk_due()
    good.refresh_from_db()
    assert good.state.code == "sent"
    refused = BulkItem.objects.get(status="refused")
    assert refused.order == bad
    assert "removed" in page.get(f"/orders/bulk/{bulk.pk}/").text


def test_each_person_chooses_the_columns(page, client, cleo):
    order()
    page.post(LIST, {"act": "columns", "column": ["external", "state", "nonsense"], "here": ""})
    heads = page.get(LIST).context["listing"].columns
    assert [column.key for column in heads] == ["number", "external", "state"]
    client.force_login(cleo)
    assert "customer" in [column.key for column in client.get(LIST).context["listing"].columns]
    page.post(LIST, {"act": "usual-columns", "here": ""})
    assert "external" not in [column.key for column in page.get(LIST).context["listing"].columns]
