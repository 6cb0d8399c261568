"""A sink, a connection to it and one letter, as the tests of the edge need them."""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from depesa.outbox.rules import Outcome
from depesa.outbox.smtp import Connection, Encryption, NotOpenedError, Server, Timeouts
from tests.faults.certificates import client_context
from tests.faults.plans import Choice, Ending, Plan
from tests.faults.sink import Script, Sink

LETTER = (
    b"From: info@vaivorykste.example\r\nTo: jan@firma.example\r\nMessage-ID: <1.1@vaivorykste.example>\r\n"
    b"Subject: Statement\r\n\r\n.\r\n..dots\r\n.\r\nMAIL FROM:<e@v.example>\r\nbye\r\n"
)
SHA = hashlib.sha256(LETTER).hexdigest()
SENDER, JAN = "bounce+1@vaivorykste.example", "jan@firma.example"
PERMIT_SECONDS = 0.01
SHORT = 0.2
# Short only where nothing can come: on a busy machine an answer may take its time.
PATIENT = Timeouts(connect=30, greeting=30, encryption=30, sign_in=30, command=30, block=30, reply=30, close=SHORT)


def server_of(sink: Sink, **settings) -> Server:
    """The sink as a channel would name it, in clear unless said otherwise."""
    basic = Server("127.0.0.1", sink.port, Encryption.NONE, context=client_context())
    return replace(basic, **settings)


def planned(plan: Plan, **script) -> Script:
    """A script in which every letter suffers the same."""
    return Script(letters=Choice(plan), **script)


def patience_with(script: Script | None) -> Timeouts:
    """Short patience in the phase in which this script falls silent, much in all others."""
    plan = script.letters.default if script else Plan()
    is_mute = plan.ending is Ending.STAY and plan.dot[-1:] != b"\n" and len(plan.dot) < 100
    silent = {
        "greeting": script is not None and script.greeting == b"",
        "sign_in": script is not None and script.sign_in == b"",
        "reply": is_mute or plan.delay > SHORT,
    }
    return replace(PATIENT, **{phase: SHORT for phase, is_silent in silent.items() if is_silent})


async def until(question: Callable[[], object]) -> None:
    """Wait for what must come, however busy the machine is."""
    async with asyncio.timeout(60):
        while not question():
            await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def talk(script: Script | None = None, **settings) -> AsyncIterator:
    """Open a sink and a connection to it."""
    async with Sink(script) as sink:
        connection = await Connection.open(server_of(sink, **settings), patience_with(script))
        try:
            yield sink, connection
        finally:
            await connection.quit()


@contextlib.asynccontextmanager
async def speaking(speak) -> AsyncIterator[int]:
    """A server that says what `speak(reader, writer)` says; gives its port."""
    ended = asyncio.Queue()

    async def run(reader, writer) -> None:
        with contextlib.suppress(ConnectionError):
            await speak(reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        ended.put_nowait(True)

    server = await asyncio.start_server(run, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        await asyncio.wait_for(ended.get(), 60)
        server.close()


async def open_at(port: int, timeouts: Timeouts = PATIENT) -> Connection:
    """Open a connection in clear to whatever listens there."""
    return await Connection.open(Server("127.0.0.1", port, Encryption.NONE), timeouts)


async def permit(_connection: Connection) -> None:
    """The time that a permit takes."""
    await asyncio.sleep(PERMIT_SECONDS)


async def hand_over(connection: Connection, recipient: str = JAN, letter: bytes = LETTER, **more) -> Outcome:
    """Offer a letter and, if nothing was said against it, send the dot when the permit is there."""
    outcome = await connection.offer(SENDER, recipient, letter, **more)
    if outcome is None:
        await permit(connection)
    return outcome or await connection.dot()


def outcome_of(script: Script | None = None, letter: bytes = LETTER, **settings) -> tuple[Outcome, Sink]:
    """Hand over one letter and return what became of it, and the sink."""

    async def run() -> tuple[Outcome, Sink]:
        async with talk(script, **settings) as (sink, connection):
            return await hand_over(connection, letter=letter), sink

    return asyncio.run(run())


def refusal_of(script: Script | None = None, **settings) -> tuple[Outcome, Sink]:
    """Try to open a connection that must not open, and return why it did not."""

    async def run() -> tuple[Outcome, Sink]:
        async with Sink(script) as sink:
            try:
                connection = await Connection.open(server_of(sink, **settings), patience_with(script))
            except NotOpenedError as refused:
                return refused.outcome, sink
            await connection.quit()
            raise AssertionError("the connection opened")

    return asyncio.run(run())
