"""The tabs Customer, Communication and History of an order."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from depesa.customers.models import Consent, Contact, Customer
from depesa.orders.models import LetterDraft, Order
from depesa.orders.services import ItemDraft, change_state, mark_paid
from depesa.orders.services import change as change_order
from depesa.orders.tests.world import email, order, state
from depesa.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def placed(company):
    return order()


def at(placed, page):
    return reverse(f"orders:{page}", args=[placed.pk])


def test_the_snapshot_stands_beside_the_card_of_today(reader, placed):
    same = reader.get(at(placed, "customer"))
    assert "The card says the same as the order" in same.text
    Customer.objects.update(city="Kaunas", phone="+370 1")
    page = reader.get(at(placed, "customer"))
    assert "The card differs from the order in 2 fields" in page.text
    rows = {str(row.label): (row.before, row.after, row.kind) for row in page.context["compared"]}
    assert rows["city"] == ("Vilnius", "Kaunas", "changed")
    assert rows["street"][2] == "same"
    assert "VAT code" not in rows


def test_letters_go_to_the_address_of_the_order_not_of_the_card(reader, placed):
    Customer.objects.update(email="new@zilenaite.example")
    assert reader.get(at(placed, "customer")).context["goes_to"] == ["ona@zilenaite.example"]


def test_without_an_address_it_is_said(reader, company):
    nowhere = order(party={"email": ""})
    assert "have nowhere to go" in reader.get(at(nowhere, "customer")).text


def test_profile_contacts_consents_and_trade_are_there(reader, placed):
    card = placed.customer
    Contact.objects.create(customer=card, name="Sandėlis", email="s@zilenaite.example", gets_invoices=True)
    Consent.objects.create(customer=card, code="news", name="Newsletter", given_at=timezone.now())
    page = reader.get(at(placed, "customer")).text
    for said in (
        card.get_absolute_url(),
        "Sandėlis",
        "Newsletter",
        reverse("orders:of_customer", args=[card.pk]),
        reverse("documents:figures_of_customer", args=[card.pk]),
        reverse("outbox:timeline", args=[f"customer:{card.pk}"]),
    ):
        assert said in page


def test_drafts_wait_in_communication_and_their_writer_may_go_on(clerk, reader, placed, ben):
    LetterDraft.objects.create(order=placed, user=ben, subject="About your hammers", to="ona@zilenaite.example")
    mine = clerk.get(at(placed, "communication")).text
    assert "About your hammers" in mine
    assert "Go on writing" in mine
    assert "Go on writing" not in reader.get(at(placed, "communication")).text


def test_why_a_letter_left_or_not_is_asked_by_its_address(reader, placed):
    assert reverse("triggers:of", args=[placed.ref]) in reader.get(at(placed, "communication")).text
    assert not Message.objects.exists()


def test_the_history_says_changes_in_words(reader, placed, ben):
    state("packed")
    change_state([placed.pk], state("shipped"), by=ben)
    change_order(placed, {"payment_kind": "other"}, version=2, by=ben)
    page = reader.get(at(placed, "history")).text
    for said in ("Ben", "changed the state", "Received", "Shipped", "other payment", "placed the order"):
        assert said in page


def test_a_page_asks_as_much_for_two_hundred_items_as_for_two(clerk, placed, ben, django_assert_num_queries):
    item = placed.items.first()
    line = ItemDraft(text=item.text, quantity=item.quantity, price=item.price, vat_rate=item.vat_rate)
    clerk.get(at(placed, "order"))
    with CaptureQueriesContext(connection) as few:
        clerk.get(at(placed, "order"))
    change_order(placed, {}, [line] * 200, version=1, by=ben)
    with django_assert_num_queries(len(few)):
        page = clerk.get(at(placed, "order"))
    assert len(page.context["items"]) == 200


@pytest.mark.parametrize("tab", ["order", "customer", "communication", "history"])
def test_no_tab_asks_more_for_a_longer_story(clerk, placed, ben, tab, django_assert_num_queries):
    shipped = state("shipped", system_email=email())
    change_state([placed.pk], shipped, by=ben)
    clerk.get(at(placed, tab))
    with CaptureQueriesContext(connection) as few:
        clerk.get(at(placed, tab))
    for paid in (True, False, True, False):
        mark_paid([placed.pk], is_paid=paid, by=ben)
    change_state([placed.pk], Order.objects.get().state, by=ben)
    with django_assert_num_queries(len(few)):
        clerk.get(at(placed, tab))
