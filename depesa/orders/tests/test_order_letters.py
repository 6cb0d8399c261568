"""The letters that the changes of orders cause, from the order to the outbox."""

import datetime as dt

import pytest

from depesa.orders.tests.world import order
from depesa.outbox.models import Channel, Message
from depesa.outbox.queries.timelines import timeline_of
from depesa.triggers.services import fire_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel(company):
    Channel.objects.filter(is_default=True).update(from_address="desk@vaivorykste.example", host="127.0.0.1")


def test_two_orders_that_are_placed_cause_a_letter_each(clock, channel, ben):
    placed = [order(send_emails=True, payment_kind=kind) for kind in ("transfer", "cash-on-delivery")]
    clock.shift(dt.timedelta(minutes=5))
    assert fire_due() == 2
    assert sorted(Message.objects.values_list("concerns", flat=True)) == [str(each.ref) for each in placed]
    for each in placed:
        assert [line.slip.to for line in timeline_of(each.ref, ben, shown="letters").entries] == [
            ["ona@zilenaite.example"]
        ]
        words = [str(line.what) for line in timeline_of(each.ref, ben).entries]
        assert words == ["put a letter in the outbox", "placed the order"]
