"""The page of one order: the line on top, the tabs, what a word is enough for."""

import datetime as dt
import html

import pytest
from django.urls import reverse

from depesa.customers.models import Customer
from depesa.documents.models import NumberSeries
from depesa.documents.queries import series_ending
from depesa.history.models import Entry
from depesa.orders.models import Invoicing, Order, State
from depesa.orders.services import change_state, invoice, remove
from depesa.orders.tests.world import email, order, state
from depesa.triggers.models import Transition

pytestmark = pytest.mark.django_db

TABS = ("order", "customer", "communication", "history")


@pytest.fixture
def placed(company):
    return order()


def at(placed, page="order"):
    return reverse(f"orders:{page}", args=[placed.pk])


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_says_where_the_order_stands_and_offers_the_same(clerk, placed, tab):
    page = clerk.get(at(placed, tab)).text
    for said in ("O000001", "Ona Žilėnaitė", "27.83", "Received", "Unpaid", at(placed, "new_letter"), "Change state"):
        assert said in page
    assert f'href="{at(placed, tab)}" aria-current="page"' in page


@pytest.mark.parametrize("tab", TABS)
def test_a_reader_sees_and_is_offered_nothing(reader, placed, tab):
    page = reader.get(at(placed, tab)).text
    assert "O000001" in page
    assert at(placed, "new_letter") not in page
    assert at(placed, "state") not in page


def test_an_order_that_is_not_there(clerk, company):
    assert clerk.get("/orders/999/").status_code == 404
    assert clerk.get(f"/orders/{10**30}/").status_code == 404


def test_the_menu_says_what_a_state_would_do(clerk, placed):
    state("shipped", marks_paid=True, marks_resolved=True, system_email=email("order-moved"))
    page = clerk.get(at(placed)).text
    assert "marks it paid, marks it resolved, letter “order-moved”" in page


def test_the_state_changes_with_letters(clerk, placed):
    state("shipped", system_email=email())
    answer = clerk.post(
        at(placed, "state"), {"state": "shipped", "send_emails": "1", "next": at(placed, "history")}, follow=True
    )
    assert answer.redirect_chain[-1][0] == at(placed, "history")
    assert Order.objects.get().state.code == "shipped"
    assert "1 letter is on its way" in answer.text
    assert Transition.objects.get(event="state-changed").status == "held"


def test_who_sees_an_older_state_moves_nothing(clerk, placed, ada):
    page = clerk.get(at(placed)).text
    assert 'name="seen" value="0"' in page
    change_state([placed.pk], State.objects.get(code="cancelled"), by=ada)
    answer = clerk.post(at(placed, "state"), {"state": "sent", "seen": "0", "send_emails": "1"}, follow=True)
    assert f"{ada} has moved the order to Cancelled since you opened the page." in html.unescape(answer.text)
    assert Order.objects.get().state.code == "cancelled"
    assert clerk.post(at(placed, "state"), {"state": "sent", "seen": "1"}).status_code == 302
    assert Order.objects.get().state.code == "sent"


def test_a_series_of_the_old_year_is_said_where_it_matters(clerk, placed, client, ada):
    NumberSeries.objects.filter(code="INV").update(year=2025)
    Invoicing.objects.update_or_create(pk=1, defaults={"automatic": "paid"})
    assert "Series INV is for 2025 only" in clerk.get(at(placed)).text
    answer = clerk.post(at(placed, "payment"), {"paid": "yes"}, follow=True)
    assert answer.text.count("Series INV is for 2025 only") == 3  # the message, the order, the form of the invoice
    client.force_login(ada)
    start = client.get("/").text
    assert "/orders/?uninvoiced=yes" in start
    assert "number series gives no number in the new year: INV" in start
    assert placed.number in client.get("/orders/?uninvoiced=yes").text
    NumberSeries.objects.filter(code="INV").update(year=None)
    invoice([placed.pk], by=ada)
    assert placed.number not in client.get("/orders/?uninvoiced=yes").text
    assert "/orders/?uninvoiced=yes" not in client.get("/").text


@pytest.mark.parametrize(("day", "ending"), [((2025, 11, 30), []), ((2025, 12, 1), ["INV"]), ((2026, 3, 1), ["INV"])])
def test_december_warns_of_series_that_end_with_the_year(company, day, ending):
    NumberSeries.objects.filter(code="INV").update(year=2025)
    assert [series.code for series in series_ending(dt.date(*day))] == ending


def test_a_blocked_customer_is_seen_at_the_order(clerk, placed):
    Customer.objects.update(is_blocked=True)
    assert "customer is blocked" in clerk.get(at(placed)).text


def test_the_state_changes_without_letters(clerk, placed):
    state("shipped", system_email=email())
    clerk.post(at(placed, "state"), {"state": "shipped"})
    assert Transition.objects.get(event="state-changed").reason == "switched-off"


def test_a_state_that_is_not_there_changes_nothing(clerk, placed):
    answer = clerk.post(at(placed, "state"), {"state": "nowhere"}, follow=True)
    assert "There is no state “nowhere”." in answer.text
    assert Order.objects.get().state == State.objects.get(code="received")


def test_the_way_back_stays_on_the_order(clerk, placed):
    answer = clerk.post(at(placed, "state"), {"state": "sent", "next": "https://elsewhere.example/"})
    assert answer.url == at(placed)


def test_paid_and_unpaid(clerk, placed, ben):
    clerk.post(at(placed, "payment"), {"paid": "yes"})
    assert Order.objects.get().is_paid
    again = clerk.post(at(placed, "payment"), {"paid": "yes"}, follow=True)
    assert "It was so already" in again.text
    clerk.post(at(placed, "payment"), {"paid": "no"})
    assert not Order.objects.get().is_paid
    assert Entry.objects.filter(subject=placed.ref, actor=ben, event="orders.unpaid").exists()


def test_resolved_and_open_again(clerk, placed):
    clerk.post(at(placed, "resolution"), {"resolved": "yes"})
    assert Order.objects.get().is_resolved
    clerk.post(at(placed, "resolution"), {"resolved": "no"})
    assert not Order.objects.get().is_resolved


def test_removed_and_restored(clerk, placed):
    page = clerk.post(at(placed, "removal"), follow=True).text
    assert "Removed on" in page
    assert at(placed, "state") not in page
    refused = clerk.post(at(placed, "payment"), {"paid": "yes"}, follow=True)
    assert "Restore it first" in refused.text
    clerk.post(at(placed, "restoration"))
    assert not Order.objects.get().is_removed


def test_a_reader_restores_nothing(reader, placed, ben):
    remove([placed.pk], by=ben)
    assert at(placed, "restoration") not in reader.get(at(placed)).text
    assert reader.post(at(placed, "restoration")).status_code == 403
