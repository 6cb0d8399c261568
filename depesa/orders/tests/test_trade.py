"""What a customer ordered, as pieces of the customer's page."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from depesa.customers.models import Customer
from depesa.history.models import Entry
from depesa.orders.models import Order, State
from depesa.orders.queries.trade import orders_of, unpaid_of
from depesa.orders.services import credit, invoice
from depesa.orders.tests.world import order
from depesa.outbox.queries.timelines import timeline_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def placed(company):
    return [order() for _number in range(3)]


def piece(browser, name, customer_id, **more):
    return browser.get(reverse(f"orders:{name}", args=[customer_id]), headers=HTMX, **more).text


def test_orders_stand_with_state_and_total_and_removed_ones_do_not(reader, placed, ben):
    Order.objects.filter(pk=placed[0].pk).update(removed_at=timezone.now())
    text = piece(reader, "of_customer", placed[0].customer_id)
    assert placed[0].number not in text
    assert placed[2].number in text
    assert "Received" in text
    assert "27.83" in text
    assert list(orders_of(placed[0].customer_id, ben)) == [placed[2], placed[1]]


def test_unpaid_counts_neither_what_is_paid_nor_what_is_cancelled(reader, placed, ben):
    Order.objects.filter(pk=placed[0].pk).update(paid_at=timezone.now())
    Order.objects.filter(pk=placed[1].pk).update(state=State.objects.get(type="cancelled"))
    (unpaid,) = unpaid_of(placed[0].customer_id, ben)
    assert (unpaid.currency, unpaid.count, str(unpaid.gross)) == ("EUR", 1, "27.8300")
    text = piece(reader, "figures_of_customer", placed[0].customer_id)
    assert "1 order<" in text
    assert ">3<" in text


def test_unpaid_counts_less_what_was_credited_and_the_history_its_sign(placed, ben):
    whole, part, _rest = placed
    bills = invoice([whole.pk, part.pk], by=None).made
    credit(bills[0], by=None, reason="returned")
    note = credit(bills[1], {0: Decimal(1)}, by=None, reason="returned")
    (unpaid,) = unpaid_of(part.customer_id, ben)
    assert (unpaid.count, unpaid.gross) == (2, Decimal("43.56"))  # 27.83 - 12.10 + 27.83
    told = Entry.objects.filter(event="orders.document-generated").order_by("-id").first()
    assert (told.after["number"], told.after["gross"]) == (note.number, "-12.10")


def test_ten_orders_are_shown_in_a_few_questions(reader, company, django_assert_max_num_queries):
    for _number in range(12):
        found = order()
    with django_assert_max_num_queries(8):
        text = piece(reader, "of_customer", found.customer_id)
    assert text.count("<tr>") == 11


def test_who_never_ordered_is_told_so(reader, company):
    card = Customer.objects.create(code="7", name="Beržas")
    assert "No orders yet" in piece(reader, "of_customer", card.pk)
    assert "Unpaid" not in piece(reader, "figures_of_customer", card.pk)


def test_without_script_the_links_lead_to_the_customer(reader, placed):
    url = reverse("orders:of_customer", args=[placed[0].customer_id])
    assert reader.get(url).url == placed[0].customer.get_absolute_url()


def test_the_customer_s_timeline_names_orders_with_a_way_there(placed, ben, clock):
    clock.shift(dt.timedelta(minutes=1))
    found = timeline_of(Customer.ref_of(placed[0].customer_id), ben).entries
    lines = [line for line in found if line.url == placed[2].get_absolute_url()]
    assert [str(line.what) for line in lines] == ["placed the order"]
