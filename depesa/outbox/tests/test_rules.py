"""The answer table: each row names where the rule comes from."""

from datetime import UTC, datetime, timedelta

import pytest

from depesa.outbox.rules import (
    RESENT_WHEN_UNKNOWN,
    Breaker,
    Failure,
    Fault,
    Kind,
    Pace,
    Phase,
    Policy,
    Refusals,
    Reply,
    expires_at,
    retry_in,
    verdict,
)

NOW = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
P = Phase
LOST = Failure(Fault.CLOSED)
LATE = Failure(Fault.TIMED_OUT)

# phase, answer, kind, counts as attempt, source
TABLE = [
    (
        P.CONNECT,
        Failure(Fault.UNREACHABLE),
        Kind.CHANNEL_FAULT,
        False,
        "RFC 5321 3.1: no session, no verdict",
    ),
    (P.GREETING, Reply(220, text="hello"), Kind.NEXT, False, "RFC 5321 4.2.3"),
    (P.GREETING, Reply(421), Kind.CHANNEL_FAULT, False, "RFC 5321 3.8"),
    (P.GREETING, Reply(554), Kind.CHANNEL_FAULT, False, "RFC 5321 3.1: 554 instead of 220"),
    (P.GREETING, LATE, Kind.CHANNEL_FAULT, False, "RFC 5321 4.5.3.2.1"),
    (P.ENCRYPTION, Reply(454), Kind.CHANNEL_FAULT, False, "RFC 3207 4"),
    (
        P.ENCRYPTION,
        Failure(Fault.NO_ENCRYPTION),
        Kind.CHANNEL_FAULT,
        False,
        "RFC 8314 4.1: no fall-back to clear text",
    ),
    (P.ENCRYPTION, Failure(Fault.CERTIFICATE), Kind.CHANNEL_FAULT, False, "RFC 8314 4.2"),
    (P.ENCRYPTION, Failure(Fault.INJECTED), Kind.CHANNEL_FAULT, False, "CVE-2011-0411"),
    (P.SIGN_IN, Reply(334), Kind.NEXT, False, "RFC 4954 4"),
    (P.SIGN_IN, Reply(535, "5.7.8"), Kind.CHANNEL_FAULT, False, "RFC 4954 6"),
    (P.SIGN_IN, Reply(454, "4.7.0"), Kind.CHANNEL_FAULT, False, "RFC 4954 6"),
    (P.SENDER, Reply(250), Kind.NEXT, False, "RFC 5321 4.3.2"),
    (P.SENDER, Reply(451), Kind.RETRY, True, "RFC 5321 4.2.1: transient"),
    (P.SENDER, Reply(452), Kind.RETRY, True, "RFC 5321 4.2.3"),
    (P.SENDER, Reply(550), Kind.SENDER_REFUSED, False, "RFC 5321 4.2.3: our sender, not the customer"),
    (P.SENDER, Reply(553), Kind.SENDER_REFUSED, False, "RFC 5321 4.2.3"),
    (P.SENDER, Reply(530, "5.7.0"), Kind.CHANNEL_FAULT, False, "RFC 4954 6: authentication required"),
    (P.SENDER, Reply(552, "5.3.4"), Kind.REJECTED, True, "RFC 1870 6.1: too big, said at MAIL"),
    (P.SENDER, LOST, Kind.RETRY, True, "RFC 5321 3.8"),
    (P.SENDER, Failure(Fault.TOO_LARGE), Kind.REJECTED, True, "RFC 1870 5: known before a byte is sent"),
    (P.RECIPIENT, Failure(Fault.NOT_ASCII), Kind.REJECTED, True, "RFC 6531 3.1"),
    (P.RECIPIENT, Failure(Fault.BAD_ADDRESS), Kind.REJECTED, True, "RFC 5321 4.1.2: no command can be made of it"),
    (P.RECIPIENT, Reply(250), Kind.NEXT, False, "RFC 5321 4.3.2"),
    (P.RECIPIENT, Reply(251), Kind.NEXT, False, "RFC 5321 3.4: will forward"),
    (P.RECIPIENT, Reply(252), Kind.NEXT, False, "RFC 5321 3.5.3"),
    (P.RECIPIENT, Reply(450), Kind.RETRY, True, "RFC 6647 2.3: may be greylisting without saying so"),
    (P.RECIPIENT, Reply(450, "4.2.0", "Greylisted, see ..."), Kind.GREYLISTED, True, "Postgrey"),
    (P.RECIPIENT, Reply(451, "4.7.1", "try later"), Kind.GREYLISTED, True, "RFC 6647 2.3"),
    (P.RECIPIENT, Reply(452, "4.2.2"), Kind.RETRY, True, "RFC 3463 3.3: mailbox full"),
    (P.RECIPIENT, Reply(421), Kind.RETRY, True, "RFC 5321 3.8"),
    (P.RECIPIENT, Reply(550, "5.1.1"), Kind.REJECTED, True, "RFC 3463 3.2"),
    (P.RECIPIENT, Reply(551), Kind.REJECTED, True, "RFC 5321 3.4"),
    (
        P.RECIPIENT,
        Reply(552),
        Kind.REJECTED,
        True,
        "RFC 5321 4.5.3.1.10: as 452 only with several recipients",
    ),
    (P.RECIPIENT, Reply(553), Kind.REJECTED, True, "RFC 5321 4.2.3"),
    (P.RECIPIENT, Reply(554), Kind.DOUBTFUL, True, "RFC 5321 4.2.3: transaction failed, nobody says why"),
    (P.RECIPIENT, Reply(503), Kind.RETRY, True, "RFC 5321 4.2.2: the command is refused, not the recipient"),
    (P.RECIPIENT, LOST, Kind.RETRY, True, "RFC 5321 3.8"),
    (P.BODY, Reply(354), Kind.NEXT, False, "RFC 5321 4.3.2"),
    (P.BODY, Reply(451), Kind.RETRY, True, "RFC 5321 4.3.2"),
    (P.BODY, Reply(554), Kind.REJECTED, True, "RFC 5321 4.3.2"),
    (P.BODY, Reply(552), Kind.REJECTED, True, "premature end-of-data reply, Postfix smtp_proto.c"),
    (P.BODY, LOST, Kind.RETRY, True, "RFC 5321 4.1.1.4: an unterminated letter is discarded"),
    (P.BODY, LATE, Kind.RETRY, True, "RFC 5321 4.5.3.2.5"),
    (P.DOT, LOST, Kind.UNKNOWN, True, "RFC 1047"),
    (P.REPLY, Reply(250), Kind.ACCEPTED, True, "RFC 5321 6.1"),
    (P.REPLY, Reply(251), Kind.ACCEPTED, True, "RFC 5321 4.2.1: the first digit decides"),
    (P.REPLY, Reply(200), Kind.ACCEPTED, True, "RFC 5321 4.2.1"),
    (P.REPLY, Reply(421), Kind.RETRY, True, "RFC 5321 4.2.1"),
    (P.REPLY, Reply(450), Kind.RETRY, True, "RFC 5321 4.3.2"),
    (P.REPLY, Reply(452), Kind.RETRY, True, "RFC 5321 4.3.2"),
    (P.REPLY, Reply(550), Kind.REJECTED, True, "RFC 5321 4.3.2"),
    (P.REPLY, Reply(552), Kind.REJECTED, True, "RFC 5321 4.3.2"),
    (P.REPLY, Reply(554), Kind.REJECTED, True, "RFC 5321 4.3.2"),
    (P.REPLY, Reply(150), Kind.UNKNOWN, True, "RFC 5321 4.2.1: no such answer to the dot"),
    (P.REPLY, Reply(354), Kind.UNKNOWN, True, "RFC 5321 4.2.1"),
    (P.REPLY, Reply(999), Kind.UNKNOWN, True, "RFC 5321 4.2.1"),
    (P.REPLY, LOST, Kind.UNKNOWN, True, "RFC 1047"),
    (P.REPLY, LATE, Kind.UNKNOWN, True, "RFC 5321 4.5.3.2.6: ten minutes, then nobody knows"),
    (P.REPLY, Failure(Fault.GARBLED), Kind.UNKNOWN, True, "RFC 5321 4.2"),
    (P.REPLY, Failure(Fault.OVERLONG), Kind.UNKNOWN, True, "RFC 5321 4.5.3.1.5"),
    (P.CLOSE, LOST, Kind.NEXT, False, "the verdict is stored before QUIT"),
    (P.CLOSE, Reply(500), Kind.NEXT, False, "the verdict is stored before QUIT"),
]


@pytest.mark.parametrize(("phase", "answer", "kind", "counts", "source"), TABLE)
def test_answer_table(phase, answer, kind, counts, source):
    result = verdict(phase, answer)
    assert (result.kind, result.counts_attempt) == (kind, counts), source


def test_only_the_recipients_own_refusal_marks_the_address():
    suspects = {(p, a) for p, a, *_ in TABLE if verdict(p, a).address_suspect}
    assert {(p, a.code) for p, a in suspects} == {(P.RECIPIENT, code) for code in (550, 551, 553)}


def test_a_policy_refusal_says_nothing_about_the_address():
    refused = verdict(P.RECIPIENT, Reply(554, "5.7.1", "Refused by policy"))
    assert (refused.kind, refused.address_suspect) == (Kind.DOUBTFUL, False)


def test_nothing_before_the_dot_is_ever_unknown_and_no_lost_answer_after_it_is_anything_else():
    for phase in Phase:
        for fault in Fault:
            is_unknown = verdict(phase, Failure(fault)).kind is Kind.UNKNOWN
            assert is_unknown == (phase in (P.DOT, P.REPLY, P.STORE))


@pytest.mark.parametrize(
    "reply", [Reply(432), Reply(451, "4.7.0", "Too many messages"), Reply(421, "4.7.28", "rate limit")]
)
@pytest.mark.parametrize("phase", [P.SENDER, P.RECIPIENT, P.BODY, P.REPLY])
def test_rate_limits_slow_the_channel_and_use_up_no_retry(phase, reply):
    result = verdict(phase, reply)
    assert (result.kind, result.slow_down, result.counts_attempt) == (Kind.RETRY, True, False)


def test_refusals_of_the_content_are_marked_as_such():
    marked = {(p, a.code) for p, a, *_ in TABLE if verdict(p, a).is_content}
    of_the_dot = {(P.REPLY, code) for code in (550, 552, 554)}
    assert marked == {(P.SENDER, 552), (P.RECIPIENT, 554), (P.BODY, 552), (P.BODY, 554), *of_the_dot}


def test_retries_come_after_1_5_15_60_minutes_then_every_two_hours():
    minutes = [retry_in(n, 0) / timedelta(minutes=1) for n in range(1, 8)]
    assert minutes == [1, 5, 15, 60, 120, 120, 120]


def test_jitter_moves_a_retry_by_at_most_a_fifth():
    assert retry_in(4, -1) == timedelta(minutes=48)
    assert retry_in(4, 1) == timedelta(minutes=72)
    with pytest.raises(ValueError, match="jitter"):
        retry_in(1, 1.01)
    with pytest.raises(ValueError, match="attempts"):
        retry_in(0, 0)


def test_the_first_retry_after_greylisting_comes_in_five_to_ten_minutes():
    assert retry_in(1, -1, is_patient=True) == timedelta(minutes=5)
    assert retry_in(1, 1, is_patient=True) == timedelta(minutes=10)
    assert retry_in(2, 0, is_patient=True) == timedelta(minutes=5)
    assert verdict(P.RECIPIENT, Reply(450)).is_patient
    assert not verdict(P.SENDER, Reply(450)).is_patient


@pytest.mark.parametrize(("policy", "hours"), [(Policy.LEGAL, 72), (Policy.NOTICE, 24), (Policy.MARKETING, 24)])
def test_giving_up_depends_on_the_policy(policy, hours):
    assert expires_at(policy, NOW) == NOW + timedelta(hours=hours)
    assert expires_at(policy, NOW, useless_after=NOW + timedelta(hours=1)) == NOW + timedelta(hours=1)
    assert policy not in RESENT_WHEN_UNKNOWN


def test_security_mail_ends_with_its_token_and_is_resent_by_itself():
    assert expires_at(Policy.SECURITY, NOW, token_until=NOW + timedelta(minutes=20)) == NOW + timedelta(minutes=20)
    assert Policy.SECURITY in RESENT_WHEN_UNKNOWN
    with pytest.raises(ValueError, match="token"):
        expires_at(Policy.SECURITY, NOW)


def test_the_breaker_opens_after_five_faults_and_probes_each_minute():
    breaker = Breaker()
    for _ in range(4):
        breaker = breaker.failed(NOW)
    assert not breaker.is_open
    breaker = breaker.failed(NOW)
    assert breaker.is_open
    assert not breaker.allows(NOW + timedelta(seconds=59))
    minute_later = NOW + timedelta(seconds=60)
    assert breaker.allows(minute_later)
    breaker = breaker.probing(minute_later)
    assert not breaker.allows(minute_later), "one probe at a time"
    assert breaker.failed(minute_later).is_open
    assert not breaker.worked().is_open
    assert Breaker(faults=4).worked().failed(NOW).faults == 1, "only faults in a row count"
    assert Breaker().probing(NOW) == Breaker()


def test_three_equal_refusals_pause_and_other_answers_start_the_count_again():
    refusals = Refusals()
    for reply in (Reply(554, "5.7.1"), Reply(554, "5.7.1"), Reply(550, "5.1.1"), Reply(554, "5.7.1")):
        refusals = refusals.after(reply)
        assert not refusals.must_pause
    assert refusals.after(Reply(554, "5.7.1")).after(Reply(554, "5.7.1", "other words")).must_pause
    assert refusals.after(None).count == 0


def test_refusals_that_may_be_for_the_sake_of_a_mailbox_count_once_for_each():
    refusals = Refusals()
    for recipient in "abbaab":
        refusals = refusals.after(Reply(550, "5.7.1"), recipient)
    assert refusals.count == 2
    assert refusals.after(Reply(550, "5.7.1"), "c").must_pause


def test_a_channel_keeps_to_its_rate():
    pace = Pace.fresh(120, NOW)
    sent = 0
    for tenth in range(600):
        count, pace = pace.granted(10, NOW + timedelta(seconds=tenth / 10))
        sent += count
    assert sent in (119, 120, 121)


def test_a_quiet_hour_saves_up_no_burst():
    _, pace = Pace.fresh(600, NOW).granted(10, NOW)
    assert pace.granted(1000, NOW + timedelta(hours=1))[0] == 10


def test_a_slowed_channel_halves_and_recovers():
    slow = Pace.fresh(600, NOW).slowed(NOW)
    assert slow.current == 300
    assert slow.granted(100, NOW)[0] == 0
    _, later = slow.granted(100, NOW + timedelta(minutes=5))
    assert 450 < later.current < 500
    assert slow.granted(100, NOW + timedelta(days=30))[1].current == 600
    assert Pace(600, 1.5, 0, NOW).slowed(NOW).current == 1


def test_an_unlimited_channel_sends_freely_until_the_server_asks_otherwise():
    free = Pace.fresh(0, NOW)
    assert free.granted(5000, NOW)[0] == 5000
    slow = free.slowed(NOW, observed_per_minute=6000)
    assert slow.granted(5000, NOW + timedelta(seconds=1))[0] <= 51
    _, recovered = slow.granted(0, NOW + timedelta(days=1))
    assert recovered.granted(5000, NOW + timedelta(days=1))[0] == 5000
