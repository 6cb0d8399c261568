"""Security mail alone is sent once more by itself when nobody knows whether it arrived."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from depesa.history.models import Entry
from depesa.outbox import queries
from depesa.outbox.models import Delivery, Evidence, Installation, Kind, State
from depesa.outbox.rules import Outcome, Phase, Policy, Reply
from depesa.outbox.services import Letter, deliver_due, ledger, prepare, queue, resend_due, send_again
from depesa.outbox.services.decisions import NoLongerUseful
from depesa.outbox.services.postman import Heard, Parcel

pytestmark = pytest.mark.django_db
LOST = "dot-close-taken+1@sink.example"  # its server takes every letter and never answers


@pytest.fixture
def link(channel):
    """Queue a letter with a one-time link that is good for half an hour; returns its delivery."""

    def link(to=LOST, policy=Policy.SECURITY):
        letter = Letter(
            dedupe_key=f"link:{to}:{policy}",
            kind=Kind.ACCOUNT,
            customer_id=None,
            language="en",
            to=(to,),
            subject="Your new password",
            text="Open the link.",
            useless_after=timezone.now() + dt.timedelta(minutes=30),
            policy=policy,
        )
        return queue(prepare([letter]).ready)[letter.dedupe_key].deliveries.get()

    return link


def test_an_uncertain_link_goes_once_more_with_the_same_bytes_and_then_waits_for_a_person(link, sink):
    row = link()
    deliver_due()
    assert resend_due() == 1
    deliver_due()
    row.refresh_from_db()
    assert (row.state, row.permit_seq) == (State.UNKNOWN, 2)
    assert [(taken.message_id, taken.sha256) for taken in sink.taken] == [
        (row.message.message_id, row.message.sha256)
    ] * 2
    assert [each.number for each in row.tries.order_by("number")] == [1, 2]
    assert resend_due() == 0, "once, and then a person decides"


@pytest.mark.parametrize("policy", [policy for policy in Policy if policy is not Policy.SECURITY])
def test_every_other_uncertain_letter_waits_for_a_person(link, sink, policy):
    row = link(policy=policy)
    deliver_due()
    assert resend_due() == deliver_due() == 0
    row.refresh_from_db()
    assert (row.state, len(sink.taken)) == (State.UNKNOWN, 1)


def test_a_link_that_is_good_no_more_is_not_sent_again_by_anybody(link, sink, clock, ada):
    row = link()
    deliver_due()
    clock.shift(dt.timedelta(minutes=31))
    assert resend_due() == 0
    row.refresh_from_db()
    with pytest.raises(NoLongerUseful):
        send_again(row, reason="she asks for it", by=ada)
    assert len(sink.taken) == 1


def test_a_person_may_send_a_link_again_until_its_end(link, ada):
    row = link()
    deliver_due()
    row.refresh_from_db()
    send_again(row, reason="she asks for it", by=ada)
    row.refresh_from_db()
    assert (row.state, row.expires_at) == (State.QUEUED, row.message.useless_after)


def test_nothing_is_resent_under_quarantine(link):
    link()
    deliver_due()
    Installation.objects.update(quarantined_at=timezone.now())
    assert resend_due() == 0


def test_the_page_says_that_it_was_sent_once_more_by_itself(client, ada, link):
    row = link()
    deliver_due()
    resend_due()
    assert Evidence.objects.get(delivery=row).verdict == "resent"
    assert Entry.objects.filter(event="outbox.resent", subject=row.message.ref).count() == 1
    client.force_login(ada)
    page = client.get(reverse("outbox:message", args=[row.message_id])).text
    assert "uncertain, so sent once more by itself" in page
    assert "sent the uncertain letter once more by itself" in page
    row.refresh_from_db()
    assert "uncertain, and sent once more by itself" in str(queries.ladder_of(row, row.message))


def _answered_late(row, token, code):
    parcel = Parcel(token, row.pk, 1, row.channel_id, "<1@x.example>", "a@x.example", row.recipient, b"")
    ledger.note([Heard(parcel, Outcome(Phase.REPLY, Reply(code, "", "after all")))])


@pytest.mark.parametrize(("code", "state"), [(250, State.ACCEPTED), (554, State.REJECTED), (451, State.QUEUED)])
@pytest.mark.parametrize("is_resent", [False, True])
def test_an_answer_that_comes_late_still_counts(link, sink, code, state, is_resent):
    row = link()
    deliver_due()
    token = row.tries.get().token
    if is_resent:
        resend_due()
    _answered_late(row, token, code)
    row.refresh_from_db()
    assert (row.state, row.tries.get().code) == (state, code)
    assert Evidence.objects.filter(kind="late-reply").count() == 1
    if state != State.QUEUED:
        assert (deliver_due(), len(sink.taken)) == (0, 1), "no second copy leaves"
    assert not queries.violations()


def test_a_late_answer_to_the_first_copy_leaves_the_second_alone(link):
    row = link()
    deliver_due()
    token = row.tries.get().token
    resend_due()
    Delivery.objects.filter(pk=row.pk).update(state=State.HANDING_OVER, permit_seq=2, lease_token="second")
    _answered_late(row, token, 554)
    row.refresh_from_db()
    assert row.state == State.HANDING_OVER
    assert row.tries.get().code == 554, "what is known of the first copy stays known"
