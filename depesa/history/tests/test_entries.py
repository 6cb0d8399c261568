"""Write the history, by ourselves and by other systems, and prove that it is whole."""

import pytest
from django.db import IntegrityError, connection, transaction

from depesa.core.errors import Faults
from depesa.core.records import Ref
from depesa.history import services
from depesa.history.models import Entry, Head
from depesa.history.queries import customer_of, timeline
from depesa.history.rules import coming_through
from depesa.history.services import Fact, link_due, record, verify

pytestmark = pytest.mark.django_db
CUSTOMER, ORDER = Ref("customer", "5"), Ref("order", "5")


def fact(**more):
    return Fact(**{"event": "customers.changed", "subject": CUSTOMER, "customer_id": 5, **more})


@pytest.mark.parametrize("table", ["history_entry", "history_link"])
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_an_entry_is_neither_changed_nor_deleted(act, table):
    record([fact()])
    link_due()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(table))


def test_through_what_it_came(ben):
    record([fact()])
    record([fact()], by=ben)
    record([fact()], by=ben, origin="api")
    with coming_through("command-line"):
        record([fact()])
        record([fact()], origin="import")
    origins = list(Entry.objects.order_by("id").values_list("origin", flat=True))
    assert origins == ["system", "staff", "api", "command-line", "import"]


def test_the_chain_is_whole_until_its_end_is_cut():
    record([fact(), fact(event="customers.entered")])
    assert link_due() == 2
    assert verify().is_whole
    Head.objects.update(length=3)
    assert not verify().is_whole


def test_a_note_is_kept_with_its_lines_and_tells_who(ben):
    services.add_note(CUSTOMER, " Calls back\r\non Friday.\x00 ", customer_id=5, by=ben)
    line = timeline(CUSTOMER)[0]
    assert (line.by, str(line.what), line.note) == ("Ben", "noted", "Calls back\non Friday.")


@pytest.mark.parametrize(("text", "words"), [("  \n", "nothing in the note"), ("x" * 5001, "5001 characters")])
def test_a_note_that_cannot_be_kept_says_why(ben, text, words):
    with pytest.raises(Faults) as caught:
        services.add_note(CUSTOMER, text, customer_id=5, by=ben)
    assert words in caught.value.by_field["note"]


def test_another_system_adds_a_plain_record(clock):
    services.append_external(ORDER, "<b>Parcel</b>  number " + "n" * 80, "<p>CZ-1</p>\n" + "v" * 600)
    entry = Entry.objects.get()
    assert (len(entry.after["name"]), entry.after["name"][:13], len(entry.note)) == (50, "Parcel number", 500)
    assert (entry.note[:5], entry.origin, entry.at.day) == ("CZ-1 ", "api", 5)
    line = timeline(ORDER)[0]
    assert (str(line.what), str(line.through)) == ("was told by another system", "API")


def test_a_record_of_another_system_needs_a_name():
    with pytest.raises(Faults, match="name"):
        services.append_external(ORDER, "<br>", "x")


def test_changes_are_told_in_the_words_of_their_fields():
    before, after = {"kind": "contact", "is_blocked": False}, {"kind": "company", "is_blocked": True}
    record([fact(before=before, after=after)])
    kind, blocked = timeline(CUSTOMER)[0].changes
    assert (str(kind.field), kind.before, kind.after) == ("kind", "not registered", "registered company")
    assert (str(blocked.field), blocked.before, blocked.after) == ("blocked", "no", "yes")


def test_a_subject_leads_to_its_page_and_its_customer():
    record([fact(subject=Ref("document", "7"))])
    assert customer_of(Ref("document", "7")) == 5
    assert customer_of(Ref("document", "8")) is None
    assert Ref("document", "7").url == "/documents/7/"
    assert Ref("document", "x").url == Ref("moon", "1").url == Ref("document").url == ""


@pytest.mark.parametrize("after", [{10: "a", 9: "b"}, {"orders": [{1: "x"}]}, {"who": {None: 1}}])
def test_a_key_that_is_no_text_is_refused(db, after):
    with pytest.raises(ValueError, match="no text"):
        record([Fact(event="orders.changed", subject=Ref("order", "1"), after=after)])
    assert not Entry.objects.exists()
