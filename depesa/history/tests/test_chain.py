"""Entries are linked a moment after they were recorded: all of them, once each, in order of id."""

import datetime as dt
import time

import pytest

from depesa.config.management.commands.check import QUESTIONS, linked_until
from depesa.core.records import Ref
from depesa.history.models import Entry, Head, Link
from depesa.history.rules import GENESIS, link
from depesa.history.services import Fact, chain, link_due, record, verify

pytestmark = pytest.mark.django_db


def tell(count=1):
    record([Fact(event="customers.changed", subject=Ref("customer", str(n)), customer_id=n) for n in range(count)])


def test_to_record_links_nothing():
    tell(3)
    assert (Link.objects.count(), verify().length, verify().waiting) == (0, 0, 3)
    assert verify().since == Entry.objects.order_by("pk")[0].at


def test_what_was_recorded_is_linked_in_order_of_id_and_once():
    tell(3)
    tell(2)
    assert link_due() == 5
    assert link_due() == 0
    tell()
    assert link_due() == 1
    assert list(Link.objects.order_by("pk").values_list("entry", flat=True)) == list(
        Entry.objects.order_by("pk").values_list("pk", flat=True)
    )
    found = verify()
    assert (found.is_whole, found.length, found.waiting, found.since) == (True, 6, 0, None)
    assert found.until == Entry.objects.latest("pk").at


def test_many_are_linked_in_chunks(monkeypatch):
    monkeypatch.setattr(chain, "CHUNK", 4)
    tell(10)
    assert [link_due() for _turn in range(4)] == [4, 4, 2, 0]
    assert verify().is_whole
    assert Head.objects.get().length == 10


def test_a_link_is_made_of_the_one_before_it_and_of_what_the_entry_says(clock):
    tell()
    link_due()
    facts = {
        "event": "customers.changed",
        "subject": "customer:0",
        "customer": 0,
        "actor": None,
        "origin": "system",
        "before": None,
        "after": None,
        "note": "",
    }
    assert Link.objects.get().hash == link(GENESIS, at=Entry.objects.get().at, facts=facts)
    assert Link.objects.get().hash == "7b0d993601bc96472049b9df42b9f4f966ff0719d3a3f947ac608a62211d946f"


def test_nothing_is_written_where_nothing_was_recorded(django_assert_num_queries):
    tell()
    limit = time.monotonic() + 60
    while Head.objects.get_or_create(pk=1)[0].settled < Entry.objects.latest("pk").pk:
        link_due()  # a server settles it once every other transaction has ended that runs there
        assert time.monotonic() < limit
    with django_assert_num_queries(2):
        assert link_due() == 0


def test_the_command_says_up_to_when_the_history_is_linked_and_what_waits_too_long(clock, company):
    asked = QUESTIONS["history chain"]
    tell()
    link_due()
    clock.shift(dt.timedelta(minutes=2))
    tell(2)
    assert list(asked()) == []
    clock.shift(dt.timedelta(minutes=2))
    assert linked_until() == "The history is linked up to 2011-07-05 12:00:00."
    assert list(asked()) == ["2 entries since 2011-07-05 12:02:00 have no link yet: does depesa work run?"]
    link_due()
    assert list(asked()) == []
