"""The catcher's ear: an SMTP server that hands every letter, byte for byte, to whoever keeps them.

aiosmtpd without its Controller, so that it runs in the event loop that `depesa serve` has anyway. A letter is answered
with 250 after it was kept; letters that come while others are being kept are kept together, in one commit.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, Final, Self, override

from aiosmtpd.smtp import SMTP, Envelope, Session

from depesa.catcher.rules import LARGEST, Caught

MOST_AT_ONCE: Final = 100
SECONDS_TO_FINISH: Final = 10
ALL: Final = 1 << 30  # whatever has come
END: Final = b"\r\n.\r\n"
LOG: Final = logging.getLogger(__name__)


Keep = Callable[[Sequence[Caught]], object]


class Catcher:
    """An SMTP server that keeps what it takes; `keep` runs in a thread and commits all letters that it is given."""

    def __init__(self, keep: Keep, *, host: str = "127.0.0.1", port: int = 0, largest: int = LARGEST) -> None:
        self.host, self.port = host, port
        self._keep, self._largest = keep, largest
        self._waiting: list[tuple[Caught, asyncio.Future[bool]]] = []
        self._keeping: asyncio.Task[None] | None = None
        self._sessions: set[_Session] = set()

    async def start(self) -> None:
        """Listen; `port` then says where (0 picks a free one)."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._session, self.host, self.port, backlog=512)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Take no new session, let letters being kept end, then close."""
        self._server.close()
        if self._keeping:
            await asyncio.wait([self._keeping], timeout=SECONDS_TO_FINISH)
            await asyncio.sleep(0)
        for session in list(self._sessions):
            if session.transport:
                session.transport.close()
        await self._server.wait_closed()
        await asyncio.gather(*(s.ended() for s in list(self._sessions)))

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *_details: object) -> None:
        """Stop."""
        await self.stop()

    # What aiosmtpd asks.

    async def offer(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer PIPELINING too: commands are read one after the other whatever came together."""
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]]

    handle_EHLO = offer  # noqa: N815

    async def take(self, envelope: Envelope) -> str:
        """Keep the letter, then say so."""
        sender = (envelope.mail_from or "").replace("<>", "")
        content = envelope.original_content or b""
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((Caught(sender, tuple(envelope.rcpt_tos), content), future))
        if self._keeping is None:
            self._keeping = asyncio.create_task(self._keep_waiting())
        return "250 2.0.0 Ok: kept" if await future else "451 4.3.0 The letter could not be kept"

    # Inside.

    def _session(self) -> "_Session":
        session = _Session(
            self,
            data_size_limit=self._largest,
            enable_SMTPUTF8=True,
            hostname="catcher.localhost",
            ident="Depesa catcher, nothing goes further",
            loop=asyncio.get_running_loop(),
        )
        self._sessions.add(session)
        session.on_end, session.take = self._sessions.discard, self.take
        return session

    async def _keep_waiting(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            kept = loop.run_in_executor(None, self._keep, [caught for caught, _future in batch])
            await asyncio.wait([kept])
            problem = kept.exception()
            if problem:
                LOG.error("%d letters could not be kept", len(batch), exc_info=problem)
            for _caught, future in batch:
                if not future.done():
                    future.set_result(problem is None)
        self._keeping = None


class _Session(SMTP):
    """aiosmtpd's session, but a body is read as it comes: line by line costs 5 ms for a letter of 60 kB."""

    on_end: Callable[[Any], None]
    take: Callable[[Envelope], Awaitable[str]]

    async def ended(self) -> None:
        """Wait until the session's own task is over."""
        if self._handler_coroutine:
            await asyncio.wait([self._handler_coroutine], timeout=1)

    @override
    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.on_end(self)

    @override
    async def smtp_DATA(self, arg: str) -> None:
        if await self.check_helo_needed():
            return
        if arg:
            await self.push("501 Syntax: DATA")
        elif self.envelope is None or not self.envelope.rcpt_tos:
            await self.push("503 Error: need RCPT command")
        else:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            content = await self._read_body()
            if content is None:
                status = "552 Error: Too much mail data"
            else:
                self.envelope.content = self.envelope.original_content = content
                status = await self.take(self.envelope)
            self._set_post_data_state()  # type: ignore[no-untyped-call]
            await self.push(status)

    async def _read_body(self) -> bytes | None:
        """Return the body without dot-stuffing; None if it was too large (it is read to its end all the same)."""
        largest = self.data_size_limit or LARGEST
        chunks, tail, length = [], b"\r\n", 0
        while True:
            chunk = await self._reader.read(ALL)
            if not chunk:
                raise ConnectionResetError("the client left in the middle of a letter")
            seen = tail + chunk
            end = -1 if seen[-5:] != END and END not in seen else seen.find(END)
            if end >= 0:
                # All that was there has been read, so what follows the letter can be put back in its place.
                if rest := seen[end + len(END) :]:
                    self._reader.feed_data(rest)
                chunk = chunk[: end + len(END) - len(tail)]
            length += len(chunk)
            if length <= largest:
                chunks.append(chunk)
            if end >= 0:
                break
            tail = seen[-4:]
        if length > largest:
            return None
        content = b"".join(chunks)[: -len(b".\r\n")]
        content = content.replace(b"\r\n.", b"\r\n")
        return content.removeprefix(b".")


@contextlib.contextmanager
def catching(keep: Keep, *, port: int = 0, largest: int = LARGEST) -> Iterator[int]:
    """Run a catcher in a thread of its own; gives its port."""
    catcher, started, stops = Catcher(keep, port=port, largest=largest), threading.Event(), []

    async def run() -> None:
        stop = asyncio.Event()
        async with catcher:
            stops.append((asyncio.get_running_loop(), stop))
            started.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run()), name="catcher", daemon=True)
    thread.start()
    if not started.wait(SECONDS_TO_FINISH):
        raise RuntimeError("the catcher did not start; is its port taken?")
    try:
        yield catcher.port
    finally:
        loop, stop = stops[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join(SECONDS_TO_FINISH)
