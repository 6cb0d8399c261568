"""One timeline of a customer or a record: changes, notes and letters, newest first."""

import datetime as dt

import pytest
from django.template import Context, Template
from django.urls import reverse

from depesa.core.records import Ref
from depesa.customers import services
from depesa.history.services import Fact, record
from depesa.outbox.models import Message
from depesa.outbox.queries.timelines import timeline_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def subject(customer):
    return customer.ref


@pytest.fixture
def clerk(client, ben):
    client.force_login(ben)
    return client


def words(found):
    return [line.slip.subject if line.slip else line.note or str(line.what) for line in found.entries]


def address(subject, name="timeline"):
    return reverse(f"outbox:{name}", args=[subject])


def test_letters_changes_and_notes_stand_in_one_column(clock, write, customer, subject, ben, clerk):
    services.change(customer, {"city": "Vilnius"}, version=1, by=ben)
    clock.shift(dt.timedelta(minutes=1))
    letter = write("cleo@sviesa.example")
    clock.shift(dt.timedelta(minutes=1))
    clerk.post(address(subject, "notes"), {"note": "Calls back on Friday."})
    assert words(timeline_of(subject, ben)) == ["Calls back on Friday.", letter.subject, "changed the card"]
    assert words(timeline_of(subject, ben, shown="letters")) == [letter.subject]
    assert words(timeline_of(subject, ben, shown="changes")) == ["changed the card"]
    assert words(timeline_of(subject, ben, shown="notes")) == ["Calls back on Friday."]


def test_a_letter_stands_there_once_with_its_ladder(write, customer, subject, ben):
    letter = write("cleo@sviesa.example")
    record([Fact(event="outbox.queued", subject=f"message:{letter.pk}", customer_id=customer.pk)])
    slips = [line.slip for line in timeline_of(subject, ben).entries]
    assert [(slip.subject, str(slip.ladder.word)) for slip in slips] == [(letter.subject, "In outbox")]


def test_pages_go_on_where_the_last_one_ended(clock, write, customer, subject, ben):
    for number in range(5):
        clock.shift(dt.timedelta(minutes=1))
        record([Fact(event="customers.changed", subject=subject, customer_id=customer.pk, note=f"change {number}")])
        clock.shift(dt.timedelta(minutes=1))
        if number % 2:
            write("cleo@sviesa.example")
    whole = words(timeline_of(subject, ben))
    assert len(whole) == 7
    seen, token = [], ""
    while True:
        found = timeline_of(subject, ben, token=token, size=2)
        seen += words(found)
        token = found.older
        if not token:
            break
    assert seen == whole


@pytest.mark.parametrize("token", ["x", "1", "-", "1-2-3", "9" * 400 + "-1", "0-0"])
def test_a_token_that_is_not_ours_harms_nothing(clerk, customer, subject, token):
    assert clerk.get(address(subject), {"at": token}).status_code == 200


def test_an_order_has_the_letters_that_concern_it_and_what_happened_to_them(write, customer, ben):
    letter, other = write("cleo@sviesa.example"), write("cleo@sviesa.example")
    Message.objects.filter(pk=letter.pk).update(concerns="order:12")
    record([Fact(event="orders.placed", subject="order:12", customer_id=customer.pk)])
    record([Fact(event="outbox.cancelled", subject=f"message:{letter.pk}", customer_id=customer.pk)])
    record([Fact(event="outbox.cancelled", subject=f"message:{other.pk}", customer_id=customer.pk)])
    found = timeline_of(Ref("order", "12"), ben).entries
    assert [(str(line.what), bool(line.slip)) for line in found if line.slip or "cancel" in str(line.what)] == [
        ("cancelled a letter", False),
        ("put a letter in the outbox", True),
    ]
    assert len(found) == 3
    assert found[0].url == letter.get_absolute_url()


def test_the_same_queries_for_many_letters(write, subject, ben, django_assert_max_num_queries):
    for _number in range(6):
        write("cleo@sviesa.example", cc=("a@sviesa.example",))
    with django_assert_max_num_queries(8):
        assert len(timeline_of(subject, ben).entries) == 6


def test_an_empty_note_is_refused_and_a_reader_writes_none(clerk, client, cleo, subject):
    response = clerk.post(address(subject, "notes"), {"note": " "}, headers=HTMX)
    assert response.status_code == 422
    assert "nothing in the note" in response.text
    client.force_login(cleo)
    assert client.post(address(subject, "notes"), {"note": "x"}).status_code == 403
    assert "textarea" not in client.get(address(subject)).text


def test_a_note_comes_back_in_place(clerk, subject):
    text = clerk.post(address(subject, "notes"), {"note": "<b>Friday</b>"}, headers=HTMX).text
    assert "&lt;b&gt;Friday" in text
    assert "<html" not in text
    assert clerk.post(address(subject, "notes"), {"note": "x"}).url == f"/customers/{subject.key}/"


@pytest.mark.parametrize("subject", ["customer:999", "customer:x", "moon:1", "customer:" + "9" * 30])
def test_what_nobody_knows_has_no_timeline(clerk, subject):
    assert clerk.get(address(subject)).status_code == 404


def test_the_tag_draws_it_inside_another_page(rf, ben, customer, subject, write):
    write("cleo@sviesa.example")
    request = rf.get("/")
    request.user = ben
    template = Template("{% load outbox %}{% timeline_of subject %}")
    assert 'class="slip"' in template.render(Context({"request": request, "subject": subject, "csrf_token": "x"}))
