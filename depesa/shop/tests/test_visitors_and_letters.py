"""What a visitor writes and a letter to somebody else have the same number: neither stands where the other is."""

import datetime as dt

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from depesa.api.queries import history_of
from depesa.core.records import KINDS, Ref
from depesa.history.models import Entry
from depesa.history.queries import timeline
from depesa.history.services import Fact, link_due, record, verify
from depesa.orders.queries.history import history_of as history_for_scripts
from depesa.outbox.models import Message as SentLetter
from depesa.outbox.queries.timelines import timeline_of
from depesa.outbox.services import Letter, prepare, queue
from depesa.outbox.services.decisions import cancel
from depesa.shop.models import Message
from depesa.shop.services import contact
from depesa.triggers.models import Transition
from depesa.triggers.queries import of_record
from depesa.triggers.services import fire_due
from tests.plugs import brought

pytestmark = pytest.mark.django_db

PRIVATE = "MY PRIVATE COMPLAINT"


@pytest.fixture
def letter(order):
    """A letter about an order of Ada's, which somebody has cancelled."""
    draft = Letter(
        dedupe_key="v1:test:1",
        kind="letter",
        customer_id=order.customer_id,
        language="en",
        to=("ada@sroub.example",),
        subject="Your bunting",
        text="It is on its way.",
        useless_after=timezone.now() + dt.timedelta(days=1),
        concerns=order.ref,
    )
    queue(prepare([draft]).ready)
    return SentLetter.objects.get(dedupe_key="v1:test:1")


@pytest.fixture
def message(letter, ada):
    """What a visitor wrote, under the number of the letter: a confirmation was written, and somebody closed it."""
    _give_next(Message, letter.pk)
    written = contact.write(email="ben@spam.example", text=PRIVATE, language="cs", machine="1")
    assert written.pk == letter.pk
    fire_due()
    contact.close(written, by=ada)
    return written


def _give_next(model, key):
    """The next row of the table gets this key."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [table, key])
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, key - 1])


@pytest.fixture
def former(message):
    """The same, kept as it was when visitors' messages were still called as letters are."""
    was, now = str(Ref("message", str(message.pk))), str(message.ref)
    kept = list(Entry.objects.filter(subject=now).values("event", "note", "customer_id", "after", "origin"))
    assert [entry["event"] for entry in kept] == ["shop.message-received", "triggers.queued", "shop.message-closed"]
    with brought(KINDS, instead=True):
        for entry in kept:
            origin = entry.pop("origin")
            record([Fact(subject=Ref("message", str(message.pk)), **entry)], origin=origin)
    Transition.objects.filter(subject=now).update(subject=was)
    SentLetter.objects.filter(concerns=now).update(concerns=was)
    return message


@pytest.fixture
def desk(client, ada):
    client.force_login(ada)
    return client


def shown(line):
    return f"{line.what} {line.note} {line.slip.subject if line.slip else ''}"


@pytest.mark.parametrize("kept", ["message", "former"])
def test_nothing_of_the_visitor_stands_with_the_letter(kept, request, desk, ada, order, letter):
    written = request.getfixturevalue(kept)
    cancel(letter.deliveries.get(), reason="a mistake", by=ada)
    pages = [
        letter.get_absolute_url(),
        reverse("outbox:timeline", args=[letter.ref]),
        reverse("outbox:timeline", args=[order.ref]),
        reverse("outbox:timeline", args=[order.customer.ref]),
        reverse("triggers:of", args=[letter.ref]),
        order.get_absolute_url() + "history/",
    ]
    for page in pages:
        answer = desk.get(page)
        assert answer.status_code == 200, page
        for words in (PRIVATE, written.email, "wrote to us", "left the message without an answer"):
            assert words not in answer.text, (page, words)
    assert "a mistake" in desk.get(pages[0]).text
    for lines in (timeline(letter.ref), timeline_of(letter.ref, ada).entries, timeline_of(order.ref, ada).entries):
        assert PRIVATE not in " ".join(map(shown, lines))
        assert "cancelled a letter" in " ".join(map(shown, lines))
    assert of_record(letter.ref) == []
    assert PRIVATE not in str(history_for_scripts(order)) + str([entry.note for entry in history_of(order)])


@pytest.mark.parametrize("kept", ["message", "former"])
def test_nothing_of_the_letter_stands_with_the_visitor(kept, request, desk, ada, letter):
    written = request.getfixturevalue(kept)
    cancel(letter.deliveries.get(), reason="a mistake", by=ada)
    for page in (
        written.get_absolute_url(),
        reverse("outbox:timeline", args=[written.ref]),
        reverse("outbox:timeline", args=[written.customer.ref]),
        reverse("triggers:of", args=[written.ref]),
    ):
        text = desk.get(page).text
        for words in (letter.subject, "a mistake", "cancelled a letter"):
            assert words not in text, (page, words)
    assert PRIVATE in desk.get(reverse("outbox:timeline", args=[written.ref])).text
    words = " ".join(map(shown, timeline_of(written.ref, ada).entries))
    assert "wrote to us" in words
    assert "left the message without an answer" in words
    assert "Vaši zprávu jsme dostali" in words
    assert [told.row.event for told in of_record(written.ref)] == ["message-written"]
    assert "Vaši zprávu jsme dostali" in desk.get(written.get_absolute_url()).text


@pytest.mark.parametrize("kept", ["message", "former"])
def test_the_history_of_everything_tells_them_apart(kept, request, desk, ada, letter):
    written = request.getfixturevalue(kept)
    cancel(letter.deliveries.get(), reason="a mistake", by=ada)
    page = desk.get("/history/", {"what": "shop.message-received"}).text
    assert f"message of a visitor {written.pk}" in page
    assert written.get_absolute_url() in page
    assert letter.get_absolute_url() not in page
    page = desk.get("/history/", {"what": "outbox.cancelled"}).text
    assert f"letter {letter.pk}" in page
    assert letter.get_absolute_url() in page
    found = desk.get("/history/", {"q": str(letter.ref)}).text
    assert "a mistake" in found
    assert PRIVATE not in found
    found = desk.get("/history/", {"q": str(written.ref)}).text
    assert "a mistake" not in found
    assert PRIVATE in found


def test_entries_kept_under_the_former_word_are_whole_and_stay_as_they_are(former):
    assert link_due() == verify().length > 0
    assert verify().is_whole
    assert Entry.objects.filter(subject=f"message:{former.pk}", event="shop.message-received").count() == 1


def test_what_would_be_read_as_about_another_record_is_not_kept(db):
    with pytest.raises(ValueError, match="another record"):
        record([Fact(event="shop.message-received", subject=Ref("message", "1"))])


def test_an_answer_still_finds_its_thread_in_letters_of_the_former_word(former, ada):
    contact.answer(former, "Sorry.", by=ada)
    Transition.objects.filter(status="held").update(due_at=former.received_at)
    fire_due()
    confirmation, answer = SentLetter.objects.concerning(former.ref).order_by("pk")
    assert f"In-Reply-To: {confirmation.message_id}".encode() in bytes(answer.skeleton)
    assert answer.concerns == str(former.ref)
