"""Replies in, bytes out: the part of the conversation that knows sockets and no commands.

A Protocol and not streams: a reply costs one wake-up and no 256 kB receive buffer, most time-outs set no timer,
and what the server still said when the connection broke while we wrote (552 in the middle of a body) is not forgotten.
"""

import asyncio
import os
import re
import select
import ssl
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from typing import Final, cast

from depesa.core.texts import printable
from depesa.outbox.rules import Answer, Failure, Fault, Reply

LONGEST_LINE: Final = 4096  # RFC 5321 4.5.3.1.5 asks for 512; some servers write essays
LONGEST_REPLY: Final = 32_768
MOST_LINES: Final = 128
LONGEST_TEXT: Final = 2000  # what of a reply is kept as evidence
BLOCK: Final = 256 * 1024
LINE: Final = re.compile(rb"([2-5]\d\d)([ -]?)(.*)", re.DOTALL)
ENHANCED: Final = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?=\s|$)")


class Wire(asyncio.BufferedProtocol):
    """One connection: complete replies in the order they came, memory bounded whatever the server sends."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport = asyncio.Transport()
        self.lost: Failure | None = None
        self.is_encrypted = False
        self.at_once: Callable[[Reply], None] | None = None  # told of the next reply before anybody is woken
        self._rest = b""
        self._lines: list[bytes] = []
        self._length = 0
        self._replies: deque[Reply] = deque()
        self._inbox = memoryview(bytearray(8192))  # a view: asyncio's TLS slices it and means the bytes
        self._waiter: asyncio.Future[bool] | None = None
        self._deadline = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._is_paused = False
        self._loop = asyncio.get_running_loop()
        self._closed: asyncio.Future[None] = self._loop.create_future()

    # What the event loop tells us.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport; wake the writer only when every byte has left, so that an early reply is seen."""
        self.transport = cast(asyncio.Transport, transport)
        self.transport.set_write_buffer_limits(high=1, low=0)
        connection = self.transport.get_extra_info("socket")
        self._poller = select.poll()
        self._poller.register(connection.fileno(), select.POLLIN)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Lend the event loop the place where what comes next is put."""
        return self._inbox

    def buffer_updated(self, nbytes: int) -> None:
        """Take what came."""
        self._hear(bytes(self._inbox[:nbytes]))

    def pause_writing(self) -> None:
        """Note that bytes wait for the network."""
        self._is_paused = True

    def resume_writing(self) -> None:
        """Note that every byte has left."""
        self._is_paused = False
        self._wake()

    def eof_received(self) -> bool:
        """Let the transport close: a server that stops speaking has ended the session."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Read what the server still said, then note the loss."""
        if exc is not None and not self.is_encrypted and self.lost is None:
            self._read_last_words()
        if self.lost is None:
            self.lost = Failure(Fault.CLOSED, _words(exc) if exc else "the server closed the connection")
        if not self._closed.done():
            self._closed.set_result(None)
        if self._timer:
            self._timer.cancel()
        self._wake()

    # What the conversation asks for.

    @property
    def has_news(self) -> bool:
        """Say whether the server said something that nobody asked for yet, or left."""
        return bool(self._replies or self._rest or self._lines or self.lost)

    def unasked(self) -> Answer:
        """Return what the server said unasked, or how it left."""
        if self._replies:
            return self._replies.popleft()
        return self.lost or Failure(Fault.GARBLED, "the server spoke out of turn")

    def write(self, data: bytes) -> None:
        """Send bytes without waiting."""
        self.transport.write(data)

    async def reply(self, seconds: float) -> Answer:
        """Return the next complete reply, or why there is none."""
        deadline = 0.0
        while not self._replies:
            if self.lost:
                return self.lost
            deadline = deadline or self._loop.time() + seconds
            if not await self._news(deadline):
                return self.fail(Failure(Fault.TIMED_OUT, f"no answer for {seconds:g} seconds"))
        return self._replies.popleft()

    async def send(self, data: bytes, seconds: float) -> Failure | None:
        """Send a body block by block; stop as soon as the server speaks or leaves."""
        for start in range(0, len(data), BLOCK):
            if self.has_news:
                break
            self.transport.write(data if len(data) <= BLOCK else data[start : start + BLOCK])
            while self._is_paused and not self.has_news:
                if not await self._news(self._loop.time() + seconds):
                    return self.fail(Failure(Fault.TIMED_OUT, f"no progress for {seconds:g} seconds"))
        if not self.has_news and self._poller.poll(0):
            # Something is there, a word or an end: one turn of the loop finds it, the next one runs what it meant.
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        return None

    async def encrypt(self, context: ssl.SSLContext, host: str, seconds: float) -> Failure | None:
        """Turn the connection into a verified TLS one, or say in words why not."""
        try:
            encrypted = await self._loop.start_tls(
                self.transport, self, context, server_hostname=host, ssl_handshake_timeout=seconds
            )
        except OSError as problem:
            return self.fail(tls_failure(problem))
        if encrypted is None:
            return self.fail(Failure(Fault.ENCRYPTION_FAILED, "the server closed the connection"))
        self.is_encrypted = True
        self.connection_made(encrypted)
        return None

    def fail(self, failure: Failure) -> Failure:
        """End the connection at once; the first reason stays."""
        self.lost = self.lost or failure
        self.transport.abort()
        self._wake()
        return failure

    async def close(self, seconds: float) -> None:
        """Close the socket and wait until the loop has let go of it."""
        self.lost = self.lost or Failure(Fault.CLOSED, "closed by us")
        self.transport.abort()
        await asyncio.wait([self._closed], timeout=seconds)

    # Inside.

    def _hear(self, data: bytes) -> None:
        """Cut lines into replies; too much or nonsense ends the connection."""
        *lines, rest = (self._rest + data).split(b"\n")
        for line in lines:
            if self.lost:
                return
            self._take(line.removesuffix(b"\r"))
        self._rest = rest
        if len(rest) > LONGEST_LINE:
            self.fail(Failure(Fault.OVERLONG, f"a reply line of more than {LONGEST_LINE} characters"))
        # Half a reply wakes nobody: a server that dribbles gains no time.
        if self._replies or self.lost:
            self._wake()

    def _take(self, line: bytes) -> None:
        self._length += len(line)
        if len(line) > LONGEST_LINE or self._length > LONGEST_REPLY or len(self._lines) >= MOST_LINES:
            self.fail(Failure(Fault.OVERLONG, "a reply without end"))
            return
        self._lines.append(line)
        match = LINE.fullmatch(line)
        if not match or (match[3] and not match[2]) or match[1] != self._lines[0][:3]:
            self.fail(Failure(Fault.GARBLED, f"not an SMTP reply: {_text(line)[:100]}"))
        elif match[2] != b"-":
            reply = _reply(*self._lines)
            self._replies.append(reply)
            self._lines, self._length = [], 0
            if note := self.at_once:
                self.at_once = None
                note(reply)

    async def _news(self, deadline: float) -> bool:
        """Wait for a reply, a loss or an empty write buffer; False when time is up."""
        self._waiter, self._deadline = self._loop.create_future(), deadline
        # One timer for all waits: it looks at the deadline of then, so most waits set no timer at all.
        if self._timer is None or self._timer.when() > deadline:
            if self._timer:
                self._timer.cancel()
            self._timer = self._loop.call_at(deadline, self._look_at_the_clock)
        try:
            return await self._waiter
        finally:
            self._waiter = None

    def _look_at_the_clock(self) -> None:
        self._timer = None
        if self._waiter and self._loop.time() >= self._deadline:
            self._wake(False)
        elif self._waiter:
            self._timer = self._loop.call_at(self._deadline, self._look_at_the_clock)

    def _wake(self, in_time: bool = True) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(in_time)

    def _read_last_words(self) -> None:
        connection = self.transport.get_extra_info("socket")
        try:
            data = os.read(connection.fileno(), LONGEST_REPLY)
        except (OSError, AttributeError):
            return
        self._hear(data)


@lru_cache(maxsize=256)  # "250 ok" and "354 go ahead" come with every letter
def _reply(*lines: bytes) -> Reply:
    text = "\n".join(_text(line[4:]) for line in lines)[:LONGEST_TEXT]
    enhanced = ENHANCED.match(text)
    return Reply(int(lines[0][:3]), enhanced[0] if enhanced else "", text)


def tls_failure(problem: OSError) -> Failure:
    """Say in words why the connection could not be encrypted."""
    if isinstance(problem, ssl.SSLCertVerificationError):
        return Failure(Fault.CERTIFICATE, problem.verify_message)
    return Failure(Fault.ENCRYPTION_FAILED, _words(problem))


def _words(problem: BaseException) -> str:
    reason = getattr(problem, "strerror", None) or getattr(problem, "reason", None) or str(problem)
    return str(reason) or type(problem).__name__


def _text(line: bytes) -> str:
    # Nothing stays that could move the text of a terminal or a page.
    return printable(line.decode("utf-8", "replace"))
