"""The search through everything that happened, and the proof that nothing is missing."""

import datetime as dt

import pytest
from django.db import connection

from depesa.customers import services as customers
from depesa.documents.models import Document
from depesa.history.models import Entry, Head, Link
from depesa.history.services import Fact, add_note, link_due, record, verify

PAST, CHAIN = "/history/", "/history/chain/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def page(client, cleo, company):
    client.force_login(cleo)
    return client


@pytest.fixture
def past(clock, ada, ben, company):
    """Four things on four days: a customer, a change of it, a document, a command."""
    card = customers.create({"code": "1042", "name": "Ąžuolas UAB"}, by=ben)
    clock.shift(dt.timedelta(days=1))
    customers.change(card, {"city": "Vilnius"}, version=1, by=ada)
    clock.shift(dt.timedelta(days=1))
    document = Document.objects.create(
        type="invoice", number="F-77", customer=card, document_on=dt.date(2011, 7, 7), currency="EUR"
    )
    record([Fact(event="documents.posted", subject=f"document:{document.pk}", customer_id=card.pk)], origin="api")
    clock.shift(dt.timedelta(days=1))
    record([Fact(event="letters.text-saved", subject="system-email:1")], origin="command-line")
    link_due()
    return card


def shown(page, query=""):
    return [row.event for row in page.get(f"{PAST}?{query}").context["listing"].page.rows]


def test_everything_stands_newest_first_with_before_and_after(page, past):
    text = page.get(PAST).text
    events = ["letters.text-saved", "documents.posted", "customers.changed", "customers.entered"]
    assert shown(page) == events
    assert "<ins>Vilnius</ins>" in text
    assert "command line" in text
    assert text.count("Ąžuolas UAB") >= 3


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("who={ada}", ["customers.changed"]),
        ("through=api", ["documents.posted"]),
        ("what=customers.entered", ["customers.entered"]),
        ("what=emails.text-saved", ["letters.text-saved"]),  # as it was called when it was recorded
        ("from=2011-07-07", ["letters.text-saved", "documents.posted"]),
        ("from=2011-07-06&until=2011-07-06", ["customers.changed"]),
        ("from=2099-01-01", []),
        ("customer=azuolas", ["documents.posted", "customers.changed", "customers.entered"]),
        ("customer=nobody", []),
        ("q=F-77", ["documents.posted"]),
        ("q=system-email:1", ["letters.text-saved"]),
        ("q=1042", ["customers.changed", "customers.entered"]),
        ("what=x&who=x&from=x", ["letters.text-saved", "documents.posted", "customers.changed", "customers.entered"]),
    ],
)
def test_it_is_searched(page, past, ada, query, found):
    assert shown(page, query.format(ada=ada.pk)) == found


def test_files_hold_before_and_after_and_the_fingerprint(page, past):
    text = b"".join(page.get(f"{PAST}?file=csv&what=customers.changed").streaming_content).decode()
    assert "city:  → Vilnius" in text
    assert Link.objects.get(entry__event="customers.changed").hash in text


def test_the_same_queries_for_many_entries(page, past, ben, django_assert_max_num_queries):
    for number in range(30):
        add_note(f"customer:{past.pk}", f"note {number}", customer_id=past.pk, by=ben)
    with django_assert_max_num_queries(12):
        page.get(PAST)


def test_the_chain_is_found_whole(page, past):
    assert "Check 4 entries" in page.get(CHAIN).text
    assert "The history is whole: 4 entries" in page.get(f"{CHAIN}?from=start").text


def test_a_long_chain_is_checked_step_by_step(page, past, monkeypatch):
    monkeypatch.setattr("depesa.dashboard.views.history.STEP", 3)
    first = page.get(f"{CHAIN}?from=start", headers=HTMX)
    assert "3 of 4" in first.text
    assert "<html" not in first.text
    assert "whole: 4 entries" in page.get(first.context["progress"]["refresh_url"]).text
    assert "Check 4 entries" in page.get(f"{CHAIN}?from=forged").text


def _tamper(*statements):
    """Change the tables as somebody does who gets past the database's refusal."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for table in ("entry", "link"):
                cursor.execute(f"DROP TRIGGER history_{table}_no_update")
                cursor.execute(f"DROP TRIGGER history_{table}_no_delete")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("entry", "link"):
                cursor.execute(f"ALTER TABLE history_{table} DISABLE TRIGGER history_append_only")
        for sql, *values in statements:
            cursor.execute(sql, values)


def test_a_changed_entry_breaks_it_there(page, past):
    second = Entry.objects.order_by("id")[1]
    _tamper(("UPDATE history_entry SET note = 'x' WHERE id = %s", second.pk))
    assert verify().broken_at == second.pk
    assert f"broken at entry {second.pk}; what stands before it (1) is whole" in page.get(f"{CHAIN}?from=start").text


def test_a_missing_end_is_noticed(page, past):
    last = Entry.objects.order_by("-id")[0].pk
    _tamper(("DELETE FROM history_link WHERE entry_id = %s", last), ("DELETE FROM history_entry WHERE id = %s", last))
    assert (verify().length, verify().broken_at) == (3, 0)
    assert "The end of the chain is not where it should be: 3 fit together" in page.get(f"{CHAIN}?from=start").text


def test_an_end_that_was_put_on_past_the_head_is_noticed(past):
    head = Head.objects.get()
    record([Fact(event="customers.changed", subject="customer:1")])
    link_due()
    Head.objects.update(hash=head.hash, length=head.length)
    assert verify().broken_at == 0


def test_an_entry_whose_link_was_taken_away_is_noticed(page, past):
    second = Entry.objects.order_by("id")[1]
    _tamper(("DELETE FROM history_link WHERE entry_id = %s", second.pk))
    assert verify().broken_at == Entry.objects.order_by("id")[2].pk
    assert not verify().is_whole


def test_an_entry_that_was_put_among_the_linked_ones_is_noticed(page, past):
    link_due()
    forged = Entry.objects.order_by("id")[0]
    forged.pk = -1
    forged.save(force_insert=True)
    assert link_due() == 0
    assert verify().broken_at == -1


def test_the_proof_says_up_to_when_the_history_is_linked(page, past, clock):
    clock.shift(dt.timedelta(minutes=5))
    record([Fact(event="customers.changed", subject=past.ref, customer_id=past.pk)])
    text = page.get(f"{CHAIN}?from=start").text
    assert "The history is whole: 4 entries" in text
    assert "Linked up to 8 Jul 2011, 15:00. 1 newer entry has no fingerprint yet." in text
    assert link_due() == 1
    text = page.get(f"{CHAIN}?from=start").text
    assert "The history is whole: 5 entries" in text
    assert "Linked up to 8 Jul 2011, 15:05.</p>" in text
