"""Faults of sender, recipient and body: nothing was sent, and the answer says why. Numbers as in the list of faults."""

import asyncio
from dataclasses import replace

import pytest

from depesa.outbox.rules import Failure, Fault, Kind, Phase, Refusals, Reply, verdict
from tests.faults import talk as talk_module
from tests.faults.plans import Choice, Plan
from tests.faults.sink import EXTENSIONS, Script
from tests.faults.talk import (
    JAN,
    LETTER,
    PATIENT,
    SENDER,
    SHA,
    hand_over,
    open_at,
    outcome_of,
    planned,
    speaking,
    talk,
    until,
)

BIG = LETTER + (b"x" * 76 + b"\r\n") * 60_000


def judged(outcome):
    return verdict(outcome.phase, outcome.answer)


def test_a_letter_arrives_byte_for_byte_dots_included():
    outcome, sink = outcome_of()
    assert (outcome.phase, outcome.answer) == (Phase.REPLY, Reply(250, "2.0.0", "2.0.0 ok: queued as 1"))
    assert [(t.message_id, t.recipient, t.sha256) for t in sink.taken] == [("<1.1@vaivorykste.example>", JAN, SHA)]


def test_sender_refused_marks_no_recipient():
    async def run():
        async with talk(planned(Plan(sender=b"550 5.7.1 who are you?\r\n"))) as (sink, connection):
            return [await hand_over(connection) for _ in range(3)], sink

    outcomes, sink = asyncio.run(run())
    assert [o.phase for o in outcomes] == [Phase.SENDER] * 3
    assert {judged(o).kind for o in outcomes} == {Kind.SENDER_REFUSED}
    assert not any(judged(o).address_suspect for o in outcomes)
    refusals = Refusals()
    for outcome in outcomes:
        refusals = refusals.after(outcome.answer)
    assert refusals.must_pause
    assert sink.connection_count == 1, "the session stays in step"


@pytest.mark.parametrize("code", [451, 452])
def test_sender_refused_for_now(code):
    outcome, sink = outcome_of(planned(Plan(sender=b"%d later\r\n" % code)))
    assert (judged(outcome).kind, sink.taken) == (Kind.RETRY, [])


def test_greylisting_takes_the_second_try_from_the_same_sender():
    async def run():
        plans = [Plan(recipient=b"450 4.2.0 greylisted, come back\r\n"), Plan()]
        async with talk(Script(letters=Choice(by_recipient={JAN: plans}))) as (sink, connection):
            return [await hand_over(connection) for _ in range(2)], sink

    (first, second), sink = asyncio.run(run())
    assert (judged(first).kind, judged(second).kind) == (Kind.GREYLISTED, Kind.ACCEPTED)
    assert sink.senders == [(SENDER, JAN)] * 2
    assert len(sink.taken) == 1


def test_no_such_user():
    outcome, sink = outcome_of(planned(Plan(recipient=b"550 5.1.1 no such user\r\n")))
    assert outcome.answer == Reply(550, "5.1.1", "5.1.1 no such user")
    assert (judged(outcome).kind, judged(outcome).address_suspect) == (Kind.REJECTED, True)
    assert sink.taken == []


def test_mailbox_full():
    outcome, _ = outcome_of(planned(Plan(recipient=b"552 5.2.2 full\r\n")))
    assert (judged(outcome).kind, judged(outcome).address_suspect) == (Kind.REJECTED, False)


@pytest.mark.parametrize("code", [251, 252])
def test_forwarded_or_unverified_recipients_go_on(code):
    outcome, sink = outcome_of(planned(Plan(recipient=b"%d well\r\n" % code)))
    assert (judged(outcome).kind, len(sink.taken)) == (Kind.ACCEPTED, 1)


@pytest.mark.parametrize("extensions", [EXTENSIONS, ()])
def test_one_recipient_taken_the_other_refused(extensions):
    async def run():
        refused = {"eva@firma.example": Plan(recipient=b"550 5.1.1 unknown\r\n")}
        script = Script(letters=Choice(by_recipient=refused), extensions=extensions)
        async with talk(script) as (sink, connection):
            recipients = (JAN, "eva@firma.example", JAN)
            return [judged(await hand_over(connection, recipient)).kind for recipient in recipients], sink

    kinds, sink = asyncio.run(run())
    assert kinds == [Kind.ACCEPTED, Kind.REJECTED, Kind.ACCEPTED]
    assert [t.recipient for t in sink.taken] == [JAN, JAN]
    assert sink.connection_count == 1


def test_a_server_that_opens_the_body_for_a_refused_recipient_gets_no_empty_letter():
    heard = []

    async def speak(reader, writer):
        writer.write(b"220 hi\r\n")
        for reply in (b"250-x\r\n250 PIPELINING\r\n", b"250 ok\r\n", b"550 no\r\n", b"354 go\r\n"):
            heard.append(await reader.readline())
            writer.write(reply)
        heard.append(await reader.read())

    async def run():
        async with speaking(speak) as port:
            connection = await open_at(port)
            outcome = await hand_over(connection)
            await connection.quit()
            return outcome, connection.is_usable

    outcome, is_usable = asyncio.run(run())
    assert (outcome.phase, outcome.answer.code, is_usable) == (Phase.RECIPIENT, 550, False)
    assert heard[-1] == b"", "neither a dot nor anything else"


@pytest.mark.parametrize(("code", "kind"), [(451, Kind.RETRY), (554, Kind.REJECTED)])
def test_body_refused(code, kind):
    outcome, sink = outcome_of(planned(Plan(data=b"%d no\r\n" % code)))
    assert (outcome.phase, judged(outcome).kind, sink.finished) == (Phase.BODY, kind, 0)


@pytest.fixture
def slow_permit(monkeypatch):
    """The permit takes its time, so that what the server does to a body is heard before the dot."""
    monkeypatch.setattr(talk_module, "permit", lambda connection: until(lambda: connection._wire.has_news))


@pytest.mark.parametrize("letter", [LETTER, BIG])
def test_connection_lost_in_the_body(letter, slow_permit):
    outcome, sink = outcome_of(planned(Plan(breaks_after=len(letter) // 2)), letter=letter)
    assert outcome.phase is Phase.BODY
    assert (judged(outcome).kind, sink.taken, sink.broken_bodies) == (Kind.RETRY, [], 1)


@pytest.mark.parametrize("after", [1, 100_000, 1_000_000])
def test_552_in_mid_body_is_not_lost_with_the_connection(after, slow_permit):
    plan = Plan(breaks_after=after, breaking=b"552 5.3.4 too big for us\r\n")
    for _ in range(5):  # a race between their close and our write: the words must survive it each time
        outcome, sink = outcome_of(planned(plan), letter=BIG)
        assert (outcome.phase, outcome.answer) == (Phase.BODY, Reply(552, "5.3.4", "5.3.4 too big for us"))
        assert (judged(outcome).kind, sink.taken) == (Kind.REJECTED, [])


def test_an_answer_before_the_dot_keeps_the_dot_from_being_sent():
    async def run():
        async with talk(planned(Plan(breaks_after=5, breaking=b"554 5.7.1 virus\r\n"))) as (sink, connection):
            early = await connection.offer(SENDER, JAN, LETTER)
            if early is None:  # the permit is being committed
                await until(lambda: connection._wire.has_news)
            return early or await connection.dot(), sink

    outcome, sink = asyncio.run(run())
    assert (outcome.phase, outcome.answer.code, sink.finished) == (Phase.BODY, 554, 0)


def test_a_permit_that_is_refused_leaves_nothing_behind():
    async def run():
        async with talk() as (sink, connection):
            assert await connection.offer(SENDER, JAN, LETTER) is None
            connection.abort()
            await until(lambda: sink.broken_bodies)
            assert not connection.is_usable
            return sink

    sink = asyncio.run(run())
    assert (sink.taken, sink.finished, sink.broken_bodies) == ([], 0, 1)


def test_a_body_that_nobody_reads_ends_in_time():
    has_ended = asyncio.Event()

    async def speak(reader, writer):
        writer.write(b"220 hi\r\n")
        for reply in (b"250 x\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"):
            await reader.readline()
            writer.write(reply)
        writer.transport.pause_reading()
        await has_ended.wait()

    async def run():
        async with speaking(speak) as port:
            connection = await open_at(port, replace(PATIENT, block=0.2))
            outcome = await connection.offer(SENDER, JAN, BIG * 3)
            has_ended.set()
            await connection.quit()
            return outcome

    outcome = asyncio.run(run())
    assert (outcome.phase, outcome.answer.fault) == (Phase.BODY, Fault.TIMED_OUT)


def test_a_letter_over_the_announced_size_is_not_even_offered():
    outcome, sink = outcome_of(Script(extensions=("SIZE 10000000",)), letter=LETTER + b"x" * 12_400_000)
    words = "The message is 12.4 MB, the server takes 10.0 MB"
    assert (outcome.phase, outcome.answer) == (Phase.SENDER, Failure(Fault.TOO_LARGE, words))
    assert judged(outcome).kind is Kind.REJECTED
    assert not [line for _e, line in sink.heard if line.startswith(b"MAIL")]


def test_size_zero_means_no_limit():
    outcome, _ = outcome_of(Script(extensions=("SIZE 0",)))
    assert outcome.answer.code == 250


@pytest.mark.parametrize("extensions", [(), ("PIPELINING",), ("SIZE 100000", "DSN")])
def test_servers_without_extensions_get_letters_all_the_same(extensions):
    async def run():
        async with talk(Script(extensions=extensions)) as (sink, connection):
            return [(await hand_over(connection)).answer.code for _ in range(3)], sink

    codes, sink = asyncio.run(run())
    assert codes == [250] * 3
    mail = b"MAIL FROM:<" + SENDER.encode() + b">"
    rcpt = b"RCPT TO:<" + JAN.encode() + b">"
    if "DSN" in extensions:
        mail += b" SIZE=%d" % len(LETTER)  # and no reports are asked for
    assert [line for _e, line in sink.heard if line.startswith((b"MAIL", b"RCPT"))] == [mail, rcpt] * 3


def test_letters_outside_ascii_before_the_at():
    async def run(extensions):
        async with talk(Script(extensions=extensions)) as (sink, connection):
            return await hand_over(connection, "žaneta@firma.example"), sink

    outcome, sink = asyncio.run(run(()))
    assert (outcome.phase, outcome.answer.fault, sink.senders) == (Phase.RECIPIENT, Fault.NOT_ASCII, [])
    outcome, sink = asyncio.run(run(("SMTPUTF8",)))
    assert (outcome.answer.code, sink.taken[0].recipient) == (250, "žaneta@firma.example")


@pytest.mark.parametrize(
    "address", ["a@b.example>\r\nRCPT TO:<x@y.example", "a b@c.example", "a@b\0", "a>@b", "\ud800@b"]
)
def test_an_envelope_address_cannot_bring_a_command_with_it(address):
    async def run():
        async with talk() as (sink, connection):
            for phase, envelope in ((Phase.RECIPIENT, (SENDER, address)), (Phase.SENDER, (address, JAN))):
                outcome = await connection.offer(*envelope, LETTER)
                assert (outcome.phase, outcome.answer.fault) == (phase, Fault.BAD_ADDRESS)
                assert judged(outcome).kind is Kind.REJECTED
            assert connection.is_usable
            return sink

    assert asyncio.run(run()).senders == []


def test_a_session_left_in_the_middle_of_a_letter_says_nothing_more():
    async def run():
        async with talk() as (sink, connection):
            assert await connection.offer(SENDER, JAN, LETTER) is None
            assert not connection.is_usable
            await connection.quit()
            await until(lambda: sink.broken_bodies)
            return sink

    sink = asyncio.run(run())
    assert (sink.taken, sink.broken_bodies) == ([], 1)
    assert [line[:4] for _e, line in sink.heard] == [b"EHLO", b"MAIL", b"RCPT", b"DATA"]
