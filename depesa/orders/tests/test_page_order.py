"""The page of one order: the line on top, the tabs, what a word is enough for."""

import pytest
from django.urls import reverse

from depesa.history.models import Entry
from depesa.orders.models import Order, State
from depesa.orders.services import remove
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
