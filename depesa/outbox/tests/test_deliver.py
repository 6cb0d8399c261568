"""Deliver what is due: one recipient, one transaction, one outcome, each with its proof."""

import datetime as dt
import itertools

import pytest
from django.db import transaction
from django.utils import timezone

from depesa.history.models import Entry
from depesa.outbox import journal
from depesa.outbox.models import Attempt, Channel, Delivery, Installation, State
from depesa.outbox.queries import proofs, violations
from depesa.outbox.rules import GIVE_UP_AFTER, Policy
from depesa.outbox.services import deliver_due, end_quarantine, ledger, pause, resume
from depesa.outbox.services.deliveries import load
from depesa.outbox.services.places import journal_folder
from depesa.outbox.services.rests import expire
from tests.faults.plans import Plan, refused_at_dot
from tests.faults.sink import Script, Sink, serving


def test_letter_is_accepted_with_the_words_of_the_server(write, sink):
    message = write("a@sink.example")

    assert deliver_due() == 1

    [taken] = sink.taken
    assert (taken.message_id, taken.recipient, taken.sha256) == (message.message_id, "a@sink.example", message.sha256)
    delivery = message.deliveries.get()
    assert (delivery.state, delivery.permit_seq, delivery.attempts) == (State.ACCEPTED, 1, 1)
    assert "250 2.0.0 ok: queued as" in proofs(message)[0].words
    assert not violations()


def test_many_letters_leave_once_each(write, sink):
    for number in range(60):
        write(f"c{number}@sink.example")

    assert deliver_due() == 60
    assert deliver_due() == 0

    assert sorted(taken.recipient for taken in sink.taken) == sorted(f"c{number}@sink.example" for number in range(60))
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.ACCEPTED}
    assert Installation.objects.get().last_permit == 60
    assert journal.highest(journal.books(journal_folder()).values()) == 60
    assert sink.connection_count <= Channel.objects.get(is_default=True).max_connections


def test_each_recipient_has_an_outcome_of_its_own(write, sink):
    message = write("a@sink.example", "rcpt-550+1@sink.example")

    deliver_due()

    states = dict(message.deliveries.values_list("recipient", "state"))
    assert states == {"a@sink.example": State.ACCEPTED, "rcpt-550+1@sink.example": State.REJECTED}
    assert "no such user" in message.deliveries.get(state=State.REJECTED).reason


@pytest.mark.parametrize(
    ("behaviour", "state", "arrived"),
    [
        ("rcpt-450", State.QUEUED, 0),
        ("rcpt-552", State.REJECTED, 0),
        ("data-451", State.QUEUED, 0),
        ("data-554", State.REJECTED, 0),
        ("body-close", State.QUEUED, 0),
        ("body-552", State.REJECTED, 0),
        ("dot-421", State.QUEUED, 0),
        ("dot-450", State.QUEUED, 0),
        ("dot-550", State.REJECTED, 0),
        ("dot-251", State.ACCEPTED, 1),
        ("dot-200", State.ACCEPTED, 1),
        ("dot-close-taken", State.UNKNOWN, 1),
        ("dot-close-lost", State.UNKNOWN, 0),
        ("dot-reset-taken", State.UNKNOWN, 1),
        ("dot-garbage", State.UNKNOWN, 1),
        ("dot-endless", State.UNKNOWN, 1),
    ],
)
def test_answer_leads_to_state(write, sink, behaviour, state, arrived):
    message = write(f"{behaviour}+1@sink.example")

    deliver_due()

    delivery = message.deliveries.get()
    assert delivery.state == state
    assert len(sink.taken) == arrived
    attempt = delivery.tries.get()
    assert attempt.outcome == state
    if state == State.UNKNOWN:
        assert delivery.lease_token, "the token is kept for a reply that comes late"
    if state == State.QUEUED:
        assert delivery.next_attempt_at > timezone.now()
        assert delivery.lease_token is None


def test_uncertain_letter_never_leaves_again_by_itself(write, sink):
    write("dot-close-taken+1@sink.example")
    deliver_due()
    Delivery.objects.update(held_until=timezone.now() - dt.timedelta(hours=1))

    assert deliver_due() == 0

    assert len(sink.taken) == 1


def test_retry_sends_the_same_bytes(write, sink):
    message = write("dot-450+1@sink.example")
    deliver_due()
    Delivery.objects.update(next_attempt_at=timezone.now(), recipient="a@sink.example")

    deliver_due()

    assert [taken.sha256 for taken in sink.taken] == [message.sha256]
    assert list(Attempt.objects.order_by("id").values_list("number", flat=True)) == [1, 2]


def test_c9_paused_channel_lets_nothing_out_until_it_is_resumed(write, sink, channel, ada):
    write("a@sink.example")
    pause(channel, reason="month not closed", by=ada)
    assert deliver_due() == 0
    assert not sink.taken

    resume(channel, by=ada)
    assert deliver_due() == 1


def test_who_comes_second_pauses_and_resumes_nothing_and_is_not_told_of(channel, ada, ben):
    for reason, who in (("month not closed", ada), ("too many", ben)):
        pause(channel, reason=reason, by=who)
    channel.refresh_from_db()
    assert (channel.paused_reason, channel.paused_by) == ("month not closed", ada)

    for who in (ben, ada):
        resume(channel, by=who)
    told = Entry.objects.filter(event__startswith="outbox.channel-").order_by("pk")
    assert list(told.values_list("event", "note", "actor")) == [
        ("outbox.channel-paused", "month not closed", ada.pk),
        ("outbox.channel-resumed", "", ben.pk),
    ]


def test_server_that_is_not_there_is_one_fault_of_the_channel(write, channel):
    messages = [write(f"c{number}@sink.example") for number in range(8)]
    Channel.objects.filter(pk=channel.pk).update(port=1)

    deliver_due()

    channel.refresh_from_db()
    assert channel.fault_count >= 5
    assert channel.probe_at is not None
    states = Delivery.objects.filter(message__in=messages).values_list("state", "attempts").distinct()
    assert list(states) == [(State.QUEUED, 0)], "no retry is used up and no address is marked"
    assert deliver_due() == 0, "while the breaker is open, only one letter a minute tries"


def test_server_that_refuses_the_content_stops_the_channel_after_three(write, channel):
    for number in range(40):
        write(f"dot-554+{number}@sink.example")
    Channel.objects.filter(pk=channel.pk).update(max_connections=2)

    deliver_due()

    channel.refresh_from_db()
    assert channel.is_paused
    assert "554 5.7.1 spam" in channel.paused_reason
    assert Delivery.objects.filter(state=State.REJECTED).count() <= 3 + 2
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.REJECTED, State.QUEUED}


@pytest.mark.parametrize(
    "words",
    [
        b"554 5.7.1 <x>: Relay access denied",
        b"550 5.4.5 Daily user sending limit exceeded",
        b"550 5.7.1 Service unavailable; blocked using zen.spamhaus.org",
        b"550 5.7.1 Refused by policy",
        b"554 Transaction failed",
    ],
)
def test_server_that_refuses_us_at_each_recipient_ends_no_letter_and_pauses(write, channel, sink, words):
    sink.script.letters.default = Plan(recipient=words + b"\r\n")
    for number in range(12):
        write(f"c{number}@sink.example")

    deliver_due()

    channel.refresh_from_db()
    assert channel.is_paused
    assert words.decode() in channel.paused_reason
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.QUEUED}


def test_refusal_of_which_nobody_says_for_whose_sake_ends_the_one_letter_after_three_tries(write, channel, sink):
    sink.script.letters.by_recipient = {"closed@sink.example": Plan(recipient=b"550 5.7.1 Refused by policy\r\n")}
    closed = write("closed@sink.example")
    for number in range(3):
        write(f"c{number}@sink.example")
        Delivery.objects.filter(state=State.QUEUED).update(next_attempt_at=timezone.now())
        deliver_due()

    channel.refresh_from_db()
    assert not channel.is_paused
    assert (closed.deliveries.get().state, len(sink.taken)) == (State.REJECTED, 3)


@pytest.mark.parametrize("words", [b"452 4.2.2 Mailbox size limit exceeded", b"452 has exceeded his storage limit"])
def test_a_full_mailbox_slows_nobody_down_and_keeps_the_schedule(write, channel, sink, words):
    sink.script.letters.by_recipient = {"full@sink.example": Plan(recipient=words + b"\r\n")}
    full = write("full@sink.example")
    for number in range(40):
        write(f"c{number}@sink.example")

    deliver_due()

    assert len(sink.taken) == 40
    row = full.deliveries.get()
    assert (row.state, row.attempts) == (State.QUEUED, 1)
    assert row.next_attempt_at > timezone.now() + dt.timedelta(minutes=4)
    channel.refresh_from_db()
    assert channel.paced_at is None


def test_addresses_that_are_refused_after_the_dot_do_not_pause_the_channel(write, channel, sink):
    for number, words in enumerate([b"552 5.2.2 mailbox full", *[b"550 5.1.1 user unknown"] * 3]):
        sink.script.letters.by_recipient[f"bad{number}@sink.example"] = refused_at_dot(words + b"\r\n")
        write(f"bad{number}@sink.example")
    deliver_due()
    write("a@sink.example")
    deliver_due()

    channel.refresh_from_db()
    assert (channel.is_paused, len(sink.taken)) == (False, 1)
    assert Delivery.objects.filter(state=State.REJECTED).count() == 4


def test_security_goes_before_notices_and_notices_before_runs(write, channel, sink):
    Channel.objects.filter(pk=channel.pk).update(max_connections=1)
    for number in range(3):
        write(f"run{number}@sink.example", is_of_run=True)
    write("notice@sink.example")
    write("password@sink.example", policy=Policy.SECURITY)

    deliver_due()

    order = [taken.recipient.partition("@")[0] for taken in sink.taken]
    assert order == ["password", "notice", "run0", "run1", "run2"]


def test_no_permit_after_the_end(write, channel, sink):
    message = write("a@sink.example")
    [token] = ledger.lease(channel, 1)
    [parcel] = load(channel, [token])
    Delivery.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    with transaction.atomic():
        assert not ledger.permit([parcel])
        ledger.give_back([parcel])

    deliver_due()

    assert (message.deliveries.get().state, sink.taken) == (State.EXPIRED, [])


def test_connection_that_cannot_be_used_any_more_is_closed(write, channel, sink):
    sink.script.idle_word = b"250 by the way\r\n"
    Channel.objects.filter(pk=channel.pk).update(max_connections=2)
    for number in range(20):
        write(f"c{number}@sink.example")

    deliver_due()

    assert Delivery.objects.filter(state=State.ACCEPTED).count() == 20
    assert sink.most_open <= 2 + 2


def test_letters_take_the_new_server_as_soon_as_the_channel_is_changed(write, channel, sink):
    Channel.objects.filter(pk=channel.pk).update(max_connections=1)
    for number in range(30):
        write(f"c{number}@sink.example")
    other = Sink(Script())
    calls = itertools.count()

    def move():
        if next(calls) == 3:
            Channel.objects.filter(pk=channel.pk).update(port=other.port, max_connections=2)
        return False

    with serving(other):
        deliver_due(should_stop=move)

    assert len(sink.taken) + len(other.taken) == 30
    assert len(other.taken) > 15
    assert set(Delivery.objects.values_list("state", "attempts")) == {(State.ACCEPTED, 1)}


@pytest.mark.parametrize("policy", [Policy.LEGAL, Policy.NOTICE])
def test_time_at_rest_does_not_count(clock, write, channel, ada, policy):
    message = write("a@sink.example", policy=policy)
    clock.shift(dt.timedelta(hours=20))
    pause(channel, reason="long weekend", by=ada)
    clock.shift(dt.timedelta(days=4))
    late = write("b@sink.example", policy=policy)
    clock.shift(dt.timedelta(days=4))
    assert expire() == 0

    resume(channel, by=ada)

    left = {each.message_id: each.expires_at - timezone.now() for each in Delivery.objects.all()}
    assert left == {message.pk: GIVE_UP_AFTER[policy] - dt.timedelta(hours=20), late.pk: GIVE_UP_AFTER[policy]}


def test_no_rest_lets_a_letter_outlive_its_use(clock, write, channel, ada):
    useful = timezone.now() + dt.timedelta(hours=30)
    message = write("a@sink.example", useless_after=useful)
    pause(channel, reason="weekend", by=ada)
    clock.shift(dt.timedelta(hours=29))
    resume(channel, by=ada)
    assert message.deliveries.get().expires_at == useful

    pause(channel, reason="once more", by=ada)
    clock.shift(dt.timedelta(hours=2))
    assert expire() == 1
    assert message.deliveries.get().state == State.EXPIRED


OVERLAPS = [
    ("pause", "stop", "go on", "resume"),
    ("pause", "stop", "resume", "go on"),
    ("stop", "pause", "resume", "go on"),
    ("stop", "pause", "go on", "resume"),
    ("pause", "resume", "stop", "go on"),
    ("stop", "go on", "pause", "resume"),
]


@pytest.mark.parametrize("steps", OVERLAPS)
def test_a_pause_and_a_quarantine_that_overlap_count_once(clock, write, channel, ada, steps):
    message, resting, rest = write("a@sink.example"), set(), dt.timedelta(0)
    before = message.deliveries.get().expires_at
    verbs = {
        "pause": lambda: pause(channel, reason="wait", by=ada),
        "resume": lambda: resume(channel, by=ada),
        "stop": lambda: Installation.objects.update(quarantined_at=timezone.now()),
        "go on": lambda: end_quarantine(by=ada),
    }
    for step in steps:
        verbs[step]()
        resting ^= {"pause" if step in ("pause", "resume") else "stop"}
        clock.shift(dt.timedelta(hours=7))
        rest += dt.timedelta(hours=7) if resting else dt.timedelta(0)
    assert message.deliveries.get().expires_at - before == rest


def test_server_that_hangs_up_after_the_dot_costs_three_letters_and_those_under_way(write, channel):
    for number in range(40):
        write(f"dot-close-taken+{number}@sink.example")
    Channel.objects.filter(pk=channel.pk).update(max_connections=4)

    deliver_due()

    channel.refresh_from_db()
    assert channel.is_paused
    assert "hung up" in channel.paused_reason
    assert Delivery.objects.filter(state=State.UNKNOWN).count() <= 3 + 4
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.UNKNOWN, State.QUEUED}


def test_answers_between_silences_keep_the_channel_going(write, channel, sink):
    for number in range(3):
        write(f"dot-close-taken+{number}@sink.example")
        deliver_due()
        write(f"c{number}@sink.example")
        deliver_due()
    channel.refresh_from_db()
    assert not channel.is_paused


def test_a_server_that_allows_few_connections_gets_few(write, channel, sink):
    for number in range(60):
        write(f"c{number}@sink.example")
    Channel.objects.filter(pk=channel.pk).update(max_connections=8)
    sink.script.most_sessions = 2

    deliver_due()

    assert len(sink.taken) == 60
    assert sink.turned_away <= 8
    channel.refresh_from_db()
    assert (channel.fault_count, channel.is_paused) == (0, False)
    assert list(Delivery.objects.values_list("attempts", flat=True).distinct()) == [1]


def test_t6_letter_whose_bytes_changed_is_held_and_named(write, sink):
    message = write("a@sink.example")
    type(message).objects.update(sha256="0" * 64)

    deliver_due()

    delivery = message.deliveries.get()
    assert delivery.state == State.HELD
    assert "not what was sealed" in delivery.reason
    assert not sink.taken


def test_letter_that_came_too_late_expires(write, sink):
    message = write("a@sink.example")
    Delivery.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))

    assert deliver_due() == 0

    assert message.deliveries.get().state == State.EXPIRED
    assert not sink.taken


def test_letters_a_minute_hold_over_calls_and_workers(write, sink, channel):
    Channel.objects.filter(pk=channel.pk).update(rate_per_minute=60)
    for number in range(10):
        write(f"c{number}@sink.example")

    # One second's worth may leave at once; whoever asks again at once gets no more.
    assert deliver_due() + deliver_due() + deliver_due() == 1
    assert len(sink.taken) == 1

    Channel.objects.update(paced_at=timezone.now() - dt.timedelta(seconds=30), allowance=0)
    assert deliver_due() == 1, "a quiet half minute saves up no burst"


def test_server_that_asks_to_slow_down_is_obeyed(write, channel):
    write("slow+1@sink.example")
    Delivery.objects.update(recipient="rcpt-450+1@sink.example")
    row = Channel.objects.get(pk=channel.pk)
    ledger.keep_pace(row, ledger.pace_of(row, timezone.now()).slowed(timezone.now()))

    assert deliver_due() == 0
    assert Channel.objects.get(pk=channel.pk).pace == pytest.approx(30, abs=0.1)
