"""The pages of letters: what is proven, what was sent, and who may look or decide."""

import pytest
from django.urls import reverse
from django.utils import timezone

from depesa.outbox import services
from depesa.outbox.models import After, Attempt, Channel, Delivery, Evidence, EvidenceKind, Installation, Message, State
from depesa.ui import marks

TO = "cleo@sviesa.example"


def url(name, *args):
    return reverse(f"outbox:{name}", args=args)


@pytest.fixture
def reader(client, cleo):
    client.force_login(cleo)
    return client


@pytest.fixture
def clerk(client, ben):
    client.force_login(ben)
    return client


@pytest.fixture
def manager(client, ada):
    client.force_login(ada)
    return client


@pytest.fixture
def uncertain(write):
    return put(write(TO), State.UNKNOWN, permit_seq=1, reason="closed after the final dot")


def put(message, state, **more):
    """The message with its deliveries in this state, with the try that led there."""
    now = timezone.now()
    more.setdefault("attempts", 1)
    if state == State.ACCEPTED:
        more |= {"accepted_at": now, "permit_seq": 1}
    message.deliveries.update(state=state, ended_at=now, **more)
    for row in message.deliveries.all():
        Attempt.objects.create(
            delivery=row,
            number=1,
            token=f"t{row.pk}",
            worker="desk-1:7",
            started_at=now,
            phase="reply" if state == State.ACCEPTED else "recipient",
            code=250 if state == State.ACCEPTED else None,
            enhanced="2.0.0" if state == State.ACCEPTED else "",
            text="2.0.0 queued as 4F1" if state == State.ACCEPTED else "what was heard",
            outcome=state,
            ended_at=now,
        )
    return message


@pytest.mark.parametrize(
    ("state", "after", "word"),
    [
        (State.QUEUED, "", "In outbox"),
        (State.HANDING_OVER, "", "In outbox"),
        (State.ACCEPTED, "", "Accepted"),
        (State.ACCEPTED, After.DELIVERED, "Delivered"),
        (State.ACCEPTED, After.BOUNCED, "Returned"),
        (State.UNKNOWN, "", "Uncertain"),
        (State.REJECTED, "", "Refused"),
        (State.EXPIRED, "", "Too late"),
        (State.HELD, "", "Held"),
        (State.CANCELLED, "", "Cancelled"),
    ],
)
def test_the_ladder_shows_what_is_proven_and_no_more(reader, write, state, after, word):
    more = {"lease_token": "x"} if state == State.HANDING_OVER else {}
    message = put(write(TO), state, after=after, **more)
    page = reader.get(url("messages"))
    assert f'<span class="word">{word}</span>' in page.text
    assert f'class="ladder is-{_tone(word)}"' in page.text
    assert page.status_code == reader.get(url("message", message.pk)).status_code == 200


def _tone(word):
    bad = {"Returned", "Refused", "Too late"}
    doubt = {"Uncertain", "Held"}
    return (
        "bad"
        if word in bad
        else "doubt"
        if word in doubt
        else {"In outbox": "busy", "Cancelled": "calm"}.get(word, "good")
    )


def test_one_uncertain_recipient_speaks_for_the_whole_letter(reader, write):
    message = put(write(TO, "other@sviesa.example"), State.ACCEPTED)
    Delivery.objects.filter(message=message, recipient=TO).update(state=State.UNKNOWN)
    assert '<span class="word">Uncertain</span>' in reader.get(url("messages")).text


def test_a_slip_tells_who_has_the_letter_and_who_has_not(reader, clerk, write):
    message = put(write(TO, "two@sviesa.example", "three@sviesa.example", "four@sviesa.example"), State.ACCEPTED)
    rows = Delivery.objects.filter(message=message)
    rows.filter(recipient="three@sviesa.example").update(state=State.REJECTED, reason="550 5.1.1 no such user")
    rows.filter(recipient="four@sviesa.example").update(state=State.QUEUED, reason="451 later")
    Message.objects.update(kind="letter")
    again = url("repetition", message.pk)
    page = clerk.get(url("of_customer", message.customer_id)).text
    assert "2 of 4 accepted; refused: three@sviesa.example; waiting: four@sviesa.example. 550 5.1.1" in page
    assert again not in page, "it cannot leave once more before all of it is settled"

    rows.filter(recipient="four@sviesa.example").update(state=State.CANCELLED)
    assert again in clerk.get(url("of_customer", message.customer_id)).text


def test_what_needs_a_person_stands_on_top(reader, write, uncertain):
    put(write(TO), State.ACCEPTED)
    page = reader.get(url("messages")).text
    assert "These letters need a person" in page
    assert f"{url('messages')}?state=uncertain" in page
    uncertain.deliveries.update(state=State.CANCELLED)
    assert "These letters need a person" not in reader.get(url("messages")).text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("state=uncertain", 1),
        ("state=accepted", 1),
        ("state=waiting", 1),
        ("state=refused", 0),
        ("state=returned", 0),
        ("kind=statement", 3),
        ("kind=test", 0),
        ("to=CLEO@", 3),
        ("to=nobody", 0),
        ("customer=%C5%A0viesa", 3),
        ("month=2011-07", 3),
        ("month=2011-06", 0),
        ("q=%C5%BDem%C4%97s", 3),
        ("q=sviesa.example", 3),
        ("q=bicycle", 0),
        ("state=nonsense", 3),
    ],
)
def test_filters_and_search(clock, reader, write, query, count):
    put(write(TO), State.ACCEPTED)
    put(write(TO), State.UNKNOWN)
    write(TO)
    assert len(reader.get(f"{url('messages')}?{query}").context["listing"].page.rows) == count


def test_the_list_asks_the_same_number_of_times_however_long_it_is(reader, write, django_assert_max_num_queries):
    for _each in range(12):
        put(write(TO, "other@sviesa.example"), State.ACCEPTED)
    with django_assert_max_num_queries(20):
        assert "Subject or recipient" in reader.get(url("messages")).text


def test_a_letter_is_shown_as_it_was_sent(reader, write):
    message = put(write(TO), State.ACCEPTED)
    page = reader.get(url("message", message.pk)).text
    assert "Sealed bytes verified, SHA-256" in page
    assert message.sha256 in page
    assert "250 2.0.0 queued as 4F1" in page
    assert f'sandbox src="{url("html", message.pk)}"' in page
    assert "Statement.pdf" in page
    assert "desk-1:7" in page


def test_bytes_that_are_not_what_was_sealed_are_named(reader, write):
    message = write(TO)
    Message.objects.filter(pk=message.pk).update(sha256="0" * 64)
    page = reader.get(url("message", message.pk)).text
    assert "not what was sealed" in page
    assert "Sealed bytes verified" not in page
    assert reader.get(url("source", message.pk)).status_code == 404


def test_contents_come_in_a_sandbox(reader, write):
    message = write(TO)
    for name, *args in [("html", message.pk), ("file", message.pk, 2), ("source", message.pk)]:
        response = reader.get(url(name, *args))
        assert response.status_code == 200, name
        assert response.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'; img-src data:")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert reader.get(url("file", message.pk, 2)).headers["Content-Type"] == "application/pdf"
    assert b"Message-ID: " + message.message_id.encode() in reader.get(url("source", message.pk)).content
    assert reader.get(url("file_page", message.pk, 2, 1)).status_code == 404  # the PDF of this test has no pages


def test_a_subject_with_a_script_is_only_words(reader, write):
    message = write(TO)
    Message.objects.filter(pk=message.pk).update(subject="<script>alert(1)</script>", first_line="<b>x</b>")
    for page in (reader.get(url("messages")).text, reader.get(url("message", message.pk)).text):
        assert "<script>alert" not in page
        assert "<b>x</b>" not in page


def test_the_customer_page_shows_slips(reader, write, customer):
    message = put(write(TO), State.ACCEPTED)
    page = reader.get(url("of_customer", customer.pk)).text
    assert message.get_absolute_url() in page
    assert 'class="slip"' in page
    assert "<html" not in page


# Decisions


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("resend", State.QUEUED),
        ("acceptance", State.ACCEPTED),
    ],
)
def test_an_uncertain_letter_is_settled_with_a_reason(manager, uncertain, name, state):
    delivery = uncertain.deliveries.get()
    page = manager.get(url("message", uncertain.pk)).text
    assert "The customer may get it twice" in page
    assert "The customer may not have it" in page
    asked = manager.get(url(name, delivery.pk)).text
    assert "may" in asked
    refused = manager.post(url(name, delivery.pk), {"reason": "  ", "seen": "1"})
    assert "Say in a few words why" in refused.text
    delivery.refresh_from_db()
    assert delivery.state == State.UNKNOWN
    assert manager.post(url(name, delivery.pk), {"reason": "She called.", "seen": "1"}).status_code == 302
    delivery.refresh_from_db()
    assert delivery.state == state
    assert Evidence.objects.get().text == "She called."


def test_a_letter_that_was_left_says_that_a_person_decided(manager, uncertain, ada):
    services.leave(uncertain.deliveries.get(), reason="She called.", by=ada)
    page = manager.get(url("message", uncertain.pk)).text
    assert "not proven: Ada decided to leave it (She called.)" in page


def test_a_page_that_is_older_than_the_letter_decides_nothing(manager, uncertain):
    delivery = uncertain.deliveries.get()
    Delivery.objects.filter(pk=delivery.pk).update(permit_seq=2)
    page = manager.post(url("resend", delivery.pk), {"reason": "She called.", "seen": "1"})
    assert "Somebody else was faster" in page.text
    delivery.refresh_from_db()
    assert delivery.state == State.UNKNOWN


def test_a_clerk_tries_again_and_cancels_but_does_not_decide(clerk, write, uncertain):
    assert clerk.get(url("resend", uncertain.deliveries.get().pk)).status_code == 403
    assert "The customer may get it twice" not in clerk.get(url("message", uncertain.pk)).text
    refused, waiting = put(write(TO), State.REJECTED), write(TO)
    assert "Try again" in clerk.get(url("message", refused.pk)).text
    clerk.post(url("retry", refused.deliveries.get().pk), {"reason": "The address is mended."})
    clerk.post(url("cancellation", waiting.deliveries.get().pk), {"reason": "A mistake."})
    assert refused.deliveries.get().state == State.QUEUED
    assert waiting.deliveries.get().state == State.CANCELLED


def test_cancelling_too_late_says_so(clerk, write):
    message = put(write(TO), State.LEASED, lease_token="x")
    page = clerk.post(url("cancellation", message.deliveries.get().pk), {"reason": "A mistake."})
    assert "Too late" in page.text


def test_many_marked_letters_are_settled_with_one_reason(manager, write, ada):
    uncertain = [put(write(TO), State.UNKNOWN, permit_seq=1) for _each in range(3)]
    fine = put(write(TO), State.ACCEPTED)
    marks.add(ada.pk, "letters", [row.pk for row in [*uncertain[:2], fine]])
    page = manager.get(url("acceptance_marked")).text
    assert "Leave 2 letters as they are?" in page
    assert "may not have it" in page
    assert "Say in a few words why" in manager.post(url("acceptance_marked"), {"reason": " ", "seen": 2}).text
    stale = manager.post(url("acceptance_marked"), {"reason": "They called.", "seen": 3})
    assert "have changed since you opened this page" in stale.text
    assert "They called." in stale.text
    manager.post(url("acceptance_marked"), {"reason": "They called.", "seen": 2})
    assert [row.deliveries.get().state for row in uncertain] == [State.ACCEPTED, State.ACCEPTED, State.UNKNOWN]
    assert Evidence.objects.filter(text="They called.", actor=ada).count() == 2
    assert not marks.count(ada.pk, "letters")
    assert "None of the marked letters" in manager.get(url("resend_marked")).text


def test_a_clerk_tries_many_again_and_settles_none(clerk, ben, write):
    refused = put(write(TO), State.REJECTED)
    marks.add(ben.pk, "letters", [refused.pk])
    page = clerk.get(url("messages")).text
    assert 'value="try-again"' in page
    assert 'value="leave"' not in page
    assert clerk.post(url("messages"), {"act": "try-again", "here": ""}).url == url("retry_marked")
    clerk.post(url("retry_marked"), {"reason": "The address is mended.", "seen": 1})
    assert refused.deliveries.get().state == State.QUEUED
    assert clerk.get(url("acceptance_marked")).status_code == 403


@pytest.mark.parametrize("name", ["resend", "acceptance", "retry", "cancellation"])
def test_a_reader_looks_but_does_not_decide(reader, uncertain, name):
    assert reader.get(url("message", uncertain.pk)).status_code == 200
    delivery = uncertain.deliveries.get()
    assert reader.post(url(name, delivery.pk), {"reason": "x"}).status_code == 403
    assert 'class="decisions"' not in reader.get(url("message", uncertain.pk)).text


@pytest.mark.parametrize("name", ["messages", "message", "html", "source", "quarantine", "channels", "of_customer"])
def test_nobody_without_access_sees_anything(client, dan, uncertain, customer, name):
    client.force_login(dan)
    args = {"messages": [], "quarantine": [], "channels": [], "of_customer": [customer.pk]}.get(name, [uncertain.pk])
    assert client.get(url(name, *args)).status_code == 403


# Banners


def test_a_paused_channel_is_one_banner_with_what_waits_behind_it(manager, write, channel, ada):
    write(TO), write(TO)
    services.pause(channel, reason="535 5.7.8 wrong password", by=ada)
    page = manager.get(url("messages")).text
    assert "Mail catcher is paused: 535 5.7.8 wrong password. 2 letters wait behind it." in page
    assert url("resumption", channel.pk) in page
    manager.post(url("resumption", channel.pk))
    assert "is paused" not in manager.get(url("messages")).text


def test_a_faulty_channel_says_what_it_suffers_from(reader, channel):
    Channel.objects.filter(pk=channel.pk).update(probe_at=timezone.now(), fault="535 5.7.8 no", fault_count=5)
    page = reader.get(url("messages")).text
    assert "does not work: The mail server refuses the user name or the password (535 5.7.8 no)." in page


def test_quarantine_shows_its_list_and_ends_by_a_manager(client, cleo, ada, uncertain):
    report = {"corrected": 3, "unrecorded": [{"message_id": "<lost@x>", "at": "2011-07-05"}]}
    Installation.objects.filter(pk=1).update(
        quarantined_at=timezone.now(), quarantine_reason="Older than its journal.", quarantine_report=report
    )
    client.force_login(cleo)
    assert "No letter leaves: Older than its journal." in client.get(url("messages")).text
    page = client.get(url("quarantine")).text
    assert "3 letters were set" in page
    assert "&lt;lost@x&gt;" in page
    assert url("quarantine_end") not in page
    assert client.post(url("quarantine_end")).status_code == 403
    client.force_login(ada)
    client.post(url("quarantine_end"))
    assert Installation.objects.get().quarantined_at is None
    assert "there is no quarantine" in client.get(url("quarantine")).text


def test_evidence_of_others_stands_beside_the_attempts(reader, write):
    message = put(write(TO), State.ACCEPTED, after=After.BOUNCED)
    Evidence.objects.create(
        delivery=message.deliveries.get(), kind=EvidenceKind.BOUNCE, verdict="bounced", text="550 5.1.1 no such user"
    )
    page = reader.get(url("message", message.pk)).text
    assert "Returned letter" in page
    assert "550 5.1.1 no such user" in page
