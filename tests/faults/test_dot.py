"""Faults after the final dot, where only the server knows. Numbers as in the list of faults."""

import asyncio
import tracemalloc

import pytest

from depesa.outbox.rules import Failure, Fault, Kind, Phase, verdict
from depesa.outbox.smtp import Connection, Encryption, Server, Timeouts
from tests.faults.certificates import GOOD, client_context, server_context
from tests.faults.plans import CHAOS, Choice, Ending, Plan, refused_at_dot
from tests.faults.sink import Script, Sink, serving
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
    server_of,
    speaking,
    talk,
    until,
)
from tests.faults.truth import read_truth


def judged(outcome):
    return verdict(outcome.phase, outcome.answer)


def test_421_after_the_dot():
    outcome, sink = outcome_of(planned(refused_at_dot(b"421 4.3.2 closing\r\n", Ending.CLOSE)))
    assert (outcome.phase, outcome.answer.code) == (Phase.REPLY, 421)
    assert judged(outcome).kind is Kind.RETRY
    assert sink.taken == []


@pytest.mark.parametrize("code", [450, 451, 452])
def test_not_now_after_the_dot(code):
    outcome, _ = outcome_of(planned(refused_at_dot(b"%d later\r\n" % code)))
    assert (outcome.phase, judged(outcome).kind) == (Phase.REPLY, Kind.RETRY)


@pytest.mark.parametrize("code", [550, 552, 554])
def test_never_after_the_dot(code):
    outcome, _ = outcome_of(planned(refused_at_dot(b"%d no\r\n" % code)))
    assert (outcome.phase, judged(outcome).kind, judged(outcome).is_content) == (Phase.REPLY, Kind.REJECTED, True)


@pytest.mark.parametrize("takes", [True, False])
def test_close_without_a_reply_is_unknown_whether_it_was_taken_or_not(takes):
    outcome, sink = outcome_of(planned(Plan(dot=b"", ending=Ending.CLOSE, takes=takes)))
    assert (outcome.phase, outcome.answer.fault) == (Phase.REPLY, Fault.CLOSED)
    assert judged(outcome).kind is Kind.UNKNOWN
    assert [t.sha256 for t in sink.taken] == ([SHA] if takes else [])


@pytest.mark.parametrize("takes", [True, False])
def test_reset_after_the_dot(takes):
    outcome, sink = outcome_of(planned(Plan(dot=b"", ending=Ending.RESET, takes=takes)))
    assert outcome.answer == Failure(Fault.CLOSED, "Connection reset by peer")
    assert (judged(outcome).kind, len(sink.taken)) == (Kind.UNKNOWN, int(takes))


@pytest.mark.parametrize(("delay", "kind"), [(0.15, Kind.ACCEPTED), (3.0, Kind.UNKNOWN)])
def test_slow_reply_just_in_time_and_just_too_late(delay, kind):
    outcome, sink = outcome_of(planned(Plan(delay=delay)))
    assert (outcome.phase, judged(outcome).kind, len(sink.taken)) == (Phase.REPLY, kind, 1)


@pytest.mark.parametrize("code", [200, 251])
def test_any_2yz_is_yes(code):
    outcome, _ = outcome_of(planned(Plan(dot=b"%d fine\r\n" % code)))
    assert (outcome.answer.code, judged(outcome).kind) == (code, Kind.ACCEPTED)


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (b"hello\r\n", Fault.GARBLED),
        (b"150 one moment\r\n", Fault.GARBLED),
        (b"2500 ok\r\n", Fault.GARBLED),
        (b"250-a\r\n550 b\r\n", Fault.GARBLED),
        (b"\xff\xfe\x00\r\n", Fault.GARBLED),
        (b"\r\n", Fault.GARBLED),
        (b"250 " + b"x" * 10_000 + b"\r\n", Fault.OVERLONG),
        (b"250-more\r\n" * 20_000, Fault.OVERLONG),
        (b"x" * 1_000_000, Fault.OVERLONG),
        (b"250-half", Fault.TIMED_OUT),
    ],
)
def test_answers_that_are_none(reply, fault):
    outcome, _ = outcome_of(planned(Plan(dot=reply)))
    assert (outcome.phase, outcome.answer.fault, judged(outcome).kind) == (Phase.REPLY, fault, Kind.UNKNOWN)


def test_354_again():
    outcome, _ = outcome_of(planned(Plan(dot=b"354 go on\r\n")))
    assert (outcome.answer.code, judged(outcome).kind) == (354, Kind.UNKNOWN)


def test_an_endless_reply_fills_no_memory():
    async def speak(reader, writer):
        writer.write(b"220 hi\r\n")
        for reply in (b"250 x\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"):
            await reader.readline()
            writer.write(reply)
        await reader.readuntil(b"\r\n.\r\n")
        for _ in range(200):
            writer.write(b"250-" + b"y" * 76 + b"\r\n")
            await writer.drain()

    async def run():
        async with speaking(speak) as port:
            connection = await open_at(port)
            tracemalloc.start()
            outcome = await hand_over(connection)
            _now, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            await connection.quit()
            return outcome, peak

    outcome, peak = asyncio.run(run())
    assert outcome.answer.fault is Fault.OVERLONG
    assert peak < 1_000_000


def test_the_text_of_a_reply_is_kept_readable_and_short():
    outcome, _ = outcome_of(planned(Plan(dot=b"250-2.0.0 \x1b[31mr\xc3\xa9\xff\r\n250 " + b"z" * 3000 + b"\r\n")))
    assert outcome.answer.text.startswith("2.0.0 \N{REPLACEMENT CHARACTER}[31mré\N{REPLACEMENT CHARACTER}\nzzz")
    assert (len(outcome.answer.text), outcome.answer.enhanced) == (2000, "2.0.0")


@pytest.mark.parametrize(
    ("words", "ending"), [(b"garbage\r\n", Ending.STAY), (b"", Ending.RESET), (b"", Ending.STAY), (b"", Ending.CLOSE)]
)
def test_whatever_quit_brings_the_letter_stays_accepted(words, ending):
    outcome, sink = outcome_of(Script(quit=words, quit_ending=ending))
    assert (judged(outcome).kind, len(sink.taken)) == (Kind.ACCEPTED, 1)


def test_one_session_message_2_of_10_meets_421():
    async def run():
        script = Script(letters=Choice(by_number={2: refused_at_dot(b"421 4.3.2 closing\r\n", Ending.CLOSE)}))
        async with talk(script) as (sink, connection):
            kinds = []
            for _ in range(10):
                if not connection.is_usable:
                    break
                kinds.append(judged(await hand_over(connection)).kind)
            return kinds, sink

    kinds, sink = asyncio.run(run())
    assert kinds == [Kind.ACCEPTED, Kind.RETRY], "letters 3 to 10 are untouched"
    assert len(sink.taken) == 1


def test_a_session_goes_on_after_refusals():
    async def run():
        refused = {
            2: refused_at_dot(b"550 no\r\n"),
            3: Plan(recipient=b"550 5.1.1 no\r\n"),
            4: Plan(data=b"451 no\r\n"),
        }
        async with talk(Script(letters=Choice(by_number=refused))) as (sink, connection):
            return [judged(await hand_over(connection)).kind for _ in range(5)], sink

    kinds, sink = asyncio.run(run())
    assert kinds == [Kind.ACCEPTED, Kind.REJECTED, Kind.REJECTED, Kind.RETRY, Kind.ACCEPTED]
    assert sink.connection_count == 1


def test_words_said_between_letters_are_never_taken_for_an_answer():
    async def run():
        async with talk(Script(idle_word=b"250 by the way\r\n")) as (sink, connection):
            first = await hand_over(connection)
            await until(lambda: not connection.is_usable)
            is_usable = connection.is_usable
            second = await hand_over(connection)
            return first, is_usable, second, sink

    first, is_usable, second, sink = asyncio.run(run())
    assert (judged(first).kind, is_usable, second.phase) == (Kind.ACCEPTED, False, Phase.SENDER)
    assert judged(second).kind is not Kind.ACCEPTED
    assert len(sink.taken) == 1


def test_421_said_while_idle_is_no_letters_fault():
    async def run():
        async with talk(Script(idle_word=b"421 4.4.2 idle too long\r\n")) as (_sink, connection):
            await hand_over(connection)
            await until(lambda: not connection.is_usable)
            return connection.is_usable

    assert asyncio.run(run()) is False


@pytest.mark.parametrize("encryption", [Encryption.NONE, Encryption.STARTTLS])
def test_a_letter_is_never_called_accepted_or_not_sent_against_the_truth(tmp_path, encryption):
    """Every behaviour, 400 letters by chance, many sessions at once: what the client says is what the sink knows."""
    script = Script(letters=Choice(chaos=0.5, seed=20110701), context=server_context(GOOD))
    assert len(CHAOS) > 20
    patient = Timeouts(reply=0.3, close=0.3)

    async def send(port, name, kinds):
        server = Server("127.0.0.1", port, encryption, context=client_context())
        connection = await Connection.open(server, patient)
        for number in range(25):
            if not connection.is_usable:
                await connection.quit()
                connection = await Connection.open(server, patient)
            identity = f"<{name}.{number}@x>"
            letter = LETTER.replace(b"<1.1@vaivorykste.example>", identity.encode())
            kinds[identity] = judged(await hand_over(connection, letter=letter)).kind
        await connection.quit()

    async def run(port):
        kinds = {}
        await asyncio.gather(*(send(port, name, kinds) for name in range(16)))
        return kinds

    truth = tmp_path / "truth.tsv"
    with serving(Sink(script, truth=truth, is_durable=False)) as port:
        kinds = asyncio.run(run(port))
    taken = [t.message_id for t in read_truth(truth)]
    assert len(taken) == len(set(taken))
    of = {kind: {i for i, k in kinds.items() if k is kind} for kind in Kind}
    assert of[Kind.ACCEPTED] <= set(taken), "nothing is called accepted that was not taken"
    assert set(taken) <= of[Kind.ACCEPTED] | of[Kind.UNKNOWN], "nothing that was taken would be sent again"
    assert of[Kind.UNKNOWN] & set(taken)
    assert of[Kind.UNKNOWN] - set(taken), "the harness can tell both"


def test_a_reply_is_told_of_before_anything_else_happens(monkeypatch):
    async def run():
        async with talk() as (_sink, connection):
            assert await connection.offer(SENDER, JAN, LETTER) is None
            order = []
            wake = connection._wire._wake
            monkeypatch.setattr(connection._wire, "_wake", lambda: (order.append("woken"), wake()))
            outcome = await connection.dot(order.append)
            monkeypatch.undo()
            return outcome, order

    outcome, order = asyncio.run(run())
    assert order[:2] == [outcome.answer, "woken"]


def test_the_truth_is_on_the_disk_before_the_answer(tmp_path):
    async def run():
        async with Sink(truth=tmp_path / "truth.tsv") as sink:
            connection = await Connection.open(server_of(sink), PATIENT)
            assert await connection.offer(SENDER, JAN, LETTER) is None
            outcome = await connection.dot()
            written = read_truth(tmp_path / "truth.tsv")
            await connection.quit()
            return outcome, written

    outcome, written = asyncio.run(run())
    assert outcome.answer.code == 250
    assert [(t.recipient, t.sha256, t.size) for t in written] == [(JAN, SHA, len(LETTER))]
