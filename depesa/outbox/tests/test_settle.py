"""What a crash leaves and what a person decides."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from depesa.core.errors import StaleState
from depesa.history.models import Entry
from depesa.outbox import journal
from depesa.outbox.models import Delivery, Evidence, Installation, State
from depesa.outbox.rules import Policy
from depesa.outbox.services import cancel, deliver_due, end_quarantine, examine, leave, reap, send_again, try_again
from depesa.outbox.services.decisions import NoLongerUseful, ReasonMissing, Replaced, TooLateToCancel
from depesa.outbox.services.places import journal_folder
from tests.processes import DEAD


@pytest.fixture
def uncertain(write, sink):
    """A letter whose server closed after the dot without a word; it had taken it."""
    message = write("dot-close-taken+1@sink.example")
    deliver_due()
    return message.deliveries.get()


def _left_by_a_dead_worker(message, state, **more):
    Delivery.objects.filter(message=message).update(
        state=state,
        lease_token="dead-1",
        held_by=DEAD,
        held_until=timezone.now() + dt.timedelta(hours=1),
        attempts=1,
        **more,
    )


def test_lease_of_a_dead_worker_is_taken_up_at_once(write, sink):
    message = write("a@sink.example")
    _left_by_a_dead_worker(message, State.LEASED)

    assert reap() == 1
    deliver_due()

    assert message.deliveries.get().state == State.ACCEPTED
    assert len(sink.taken) == 1


def test_lease_of_a_living_worker_is_left_alone(write):
    message = write("a@sink.example")
    _left_by_a_dead_worker(message, State.LEASED)
    Delivery.objects.update(held_by="another-host/1/1/x")

    assert reap() == 0
    assert message.deliveries.get().state == State.LEASED


def test_permit_of_a_dead_worker_makes_the_letter_uncertain(write, sink):
    message = write("a@sink.example")
    _left_by_a_dead_worker(message, State.HANDING_OVER, permit_seq=1, permit_at=timezone.now())

    assert reap() == 1
    assert deliver_due() == 0

    delivery = message.deliveries.get()
    assert (delivery.state, delivery.lease_token) == (State.UNKNOWN, "dead-1")
    assert not sink.taken
    assert delivery.tries.get().outcome == State.UNKNOWN


@pytest.mark.parametrize(
    ("code", "state"), [(250, State.ACCEPTED), (451, State.QUEUED), (554, State.REJECTED), (354, State.UNKNOWN)]
)
def test_k12_answer_in_the_journal_settles_what_the_database_missed(write, code, state):
    message = write("a@sink.example")
    _left_by_a_dead_worker(message, State.HANDING_OVER, permit_seq=1, permit_at=timezone.now())
    dead = journal.Journal(journal_folder(), DEAD)
    dead.dot("dead-1")
    dead.answer(journal.Answer("dead-1", code, "", "as the journal says"))
    dead.close()

    reap()

    delivery = message.deliveries.get()
    assert delivery.state == state
    assert Evidence.objects.filter(kind="journal").count() == (state != State.UNKNOWN)


def test_person_sends_an_uncertain_letter_again_with_the_same_bytes(uncertain, sink, ada):
    Delivery.objects.update(recipient="a@sink.example")

    send_again(uncertain, reason="their log has nothing", by=ada)
    deliver_due()

    uncertain.refresh_from_db()
    assert (uncertain.state, uncertain.permit_seq) == (State.ACCEPTED, 2)
    assert {taken.sha256 for taken in sink.taken} == {uncertain.message.sha256}
    assert Evidence.objects.get(kind="person").actor == ada
    assert Entry.objects.filter(event="outbox.sent-again", actor=ada).exists()


def test_person_leaves_an_uncertain_letter(uncertain, ada):
    leave(uncertain, reason="customer confirmed by phone", by=ada)
    uncertain.refresh_from_db()
    assert uncertain.state == State.ACCEPTED


def test_decision_needs_a_reason_and_is_made_once(uncertain, ada):
    with pytest.raises(ReasonMissing):
        leave(uncertain, reason="  ", by=ada)
    leave(uncertain, reason="confirmed", by=ada)
    with pytest.raises(StaleState):
        send_again(uncertain, reason="too late", by=ada)


def test_refused_letter_is_tried_again_after_the_cause_is_mended(write, ada):
    message = write("rcpt-550+1@sink.example")
    deliver_due()
    Delivery.objects.update(recipient="a@sink.example")

    try_again(message.deliveries.get(), reason="mailbox was opened", by=ada)
    deliver_due()

    assert message.deliveries.get().state == State.ACCEPTED


def test_letter_that_is_tried_again_begins_its_schedule_anew(write, ada):
    message = write("rcpt-450+1@sink.example")
    Delivery.objects.update(state=State.EXPIRED, attempts=14, ended_at=timezone.now())

    try_again(message.deliveries.get(), reason="the server works again", by=ada)
    deliver_due()

    row = message.deliveries.get()
    assert (row.state, row.attempts) == (State.QUEUED, 1)
    assert row.next_attempt_at <= timezone.now() + dt.timedelta(minutes=10)


@pytest.mark.parametrize("policy", list(Policy))
@pytest.mark.parametrize("state", [State.REJECTED, State.EXPIRED, State.HELD])
def test_a_letter_is_tried_again_until_its_end_and_never_after_it(clock, write, client, ada, policy, state):
    message = write("a@sink.example", policy=policy, useless_after=timezone.now() + dt.timedelta(hours=5))
    Delivery.objects.update(state=state)
    client.force_login(ada)
    retry = reverse("outbox:retry", args=[message.deliveries.get().pk])
    assert retry in client.get(message.get_absolute_url()).content.decode()

    try_again(message.deliveries.get(), reason="mended", by=ada)
    row = message.deliveries.get()
    assert (row.state, row.expires_at) == (State.QUEUED, message.useless_after)

    clock.shift(dt.timedelta(hours=6))
    Delivery.objects.update(state=state)
    with pytest.raises(NoLongerUseful):
        try_again(message.deliveries.get(), reason="once more", by=ada)
    client.force_login(ada)
    assert retry not in client.get(message.get_absolute_url()).content.decode(), "what is refused is not offered"


def test_refused_letter_that_was_replaced_stays_where_it_is(write, ada):
    message = write("rcpt-550+1@sink.example")
    deliver_due()
    newer = write("a@sink.example")
    type(newer).objects.filter(pk=newer.pk).update(resend_of=message)

    with pytest.raises(Replaced):
        try_again(message.deliveries.get(), reason="both, please", by=ada)


def test_c6_letter_is_cancelled_or_it_is_too_late(write, sink, ada):
    waiting, gone = write("a@sink.example"), write("b@sink.example")
    cancel(waiting.deliveries.get(), reason="wrong month", by=ada)
    deliver_due()

    assert [taken.recipient for taken in sink.taken] == ["b@sink.example"]
    with pytest.raises(TooLateToCancel):
        cancel(gone.deliveries.get(), reason="wrong month", by=ada)


def test_d6_quarantine_holds_everything_until_a_person_ends_it(write, sink, ada):
    write("a@sink.example")
    assert examine() == ""
    ahead = journal.Journal(journal_folder(), DEAD)
    ahead.permits([journal.Permit(1, 7, "t-1", 999, 1, "<gone@vaivorykste.example>", "2011-07-05T12:00:00+00:00")])
    ahead.close()

    assert "restored from a backup" in examine()
    assert deliver_due() == 0
    report = Installation.objects.get().quarantine_report
    assert [row["message_id"] for row in report["unrecorded"]] == ["<gone@vaivorykste.example>"]

    end_quarantine(by=ada)
    assert deliver_due() == 1
    installation = Installation.objects.get()
    assert (installation.epoch, installation.last_permit) == (2, 8)


def test_d8_database_of_another_installation_is_held(write, sink, settings):
    write("a@sink.example")
    settings.DEPESA_INSTALLATION = "somebody-else"
    assert "another installation" in examine()
    assert deliver_due() == 0
    assert not sink.taken
