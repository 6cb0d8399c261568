"""A real SMTP server that does to letters what its script says, and writes down what it took before it answers.

Inside a test: `async with Sink(...)`, or `with serving(Sink(...)) as port:` for a server in its own thread.
As a process: `python -m tests.faults.sink --port 2525 --truth taken.tsv --chaos 0.15 --seed 7`.
Fast (for benchmarks): letters are counted and not kept, and the end of a body is looked for at the end of a chunk only.
"""

import argparse
import asyncio
import base64
import contextlib
import itertools
import os
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from random import Random
from typing import Self

from tests.faults.plans import Choice, Ending, Plan
from tests.faults.truth import Truth

EXTENSIONS = ("PIPELINING", "SIZE 50000000", "8BITMIME", "SMTPUTF8", "DSN", "ENHANCEDSTATUSCODES")


class End(Enum):
    """What became of the answer to the last dot of a connection that ended without another word."""

    SILENT = "not answered"
    UNREAD = "answered, not read"
    READ = "read"


@dataclass
class Script:
    """How the sink speaks before and around letters; b"" is silence."""

    greeting: bytes = b"220 sink.example ESMTP\r\n"
    greeting_ends: bool = False
    most_sessions: int = 0  # more are greeted with 421; 0: any number
    ehlo: bytes | None = None  # instead of the usual answer
    ehlo_encrypted: bytes | None = None
    extensions: tuple[str, ...] = EXTENSIONS
    starttls: bytes = b"220 2.0.0 go ahead\r\n"
    context: ssl.SSLContext | None = None
    is_tls_at_once: bool = False
    mechanisms: str = "PLAIN LOGIN"
    users: dict[str, str] = field(default_factory=dict)
    sign_in: bytes | None = None  # instead of the honest answer; %s becomes what the client sent
    quit: bytes = b"221 2.0.0 bye\r\n"
    quit_ending: Ending = Ending.CLOSE
    idle_word: bytes = b""  # said after each letter without being asked
    letters: Choice = field(default_factory=Choice)
    slowest: float = 0  # seconds: each answer to a dot takes its chance from none to this


class Session(asyncio.Protocol):
    """One connection to the sink."""

    def __init__(self, sink: "Sink") -> None:
        self.sink, self.script = sink, sink.script
        self.is_encrypted = self.script.is_tls_at_once
        self.buffer, self.is_upgrading = b"", False
        self.sender, self.recipients, self.plan = None, [], Plan()
        self.body: list[bytes] | None = None
        self.length, self.tail = 0, b""
        self.secret_steps: list[bytes] | None = None
        self.last, self.is_answered = "", False  # the Message-ID of the letter that came last here

    def connection_made(self, transport) -> None:
        self.transport = transport
        transport.set_write_buffer_limits(high=1 << 24)
        if self not in self.sink.sessions:
            self.sink.sessions.add(self)
            self.sink.connection_count += 1
            self.sink.most_open = max(self.sink.most_open, len(self.sink.sessions))
            if 0 < self.script.most_sessions < len(self.sink.sessions):
                self.sink.turned_away += 1
                self.say(b"421 4.7.0 too many connections\r\n", Ending.CLOSE)
                return
            self.say(self.script.greeting, Ending.CLOSE if self.script.greeting_ends else Ending.STAY)

    def connection_lost(self, exc) -> None:
        self.sink.sessions.discard(self)
        if self.last:
            # Who dies with an answer that was not read resets the connection, who has read all of it closes it.
            self.sink.ends[self.last] = End.UNREAD if exc else End.READ if self.is_answered else End.SILENT
        if self.body is not None:
            self.sink.broken_bodies += 1

    def data_received(self, data: bytes) -> None:
        if self.body is not None:
            self.take_body(data)
            return
        self.buffer += data
        if self.is_upgrading:
            return
        while self.body is None and (end := self.buffer.find(b"\r\n")) >= 0:
            line, self.buffer = self.buffer[:end], self.buffer[end + 2 :]
            self.obey(line)
        if self.body is not None and self.buffer:
            rest, self.buffer = self.buffer, b""
            self.take_body(rest)

    def obey(self, line: bytes) -> None:
        if not self.sink.is_fast:
            self.sink.heard.append((self.is_encrypted, line))
        if self.secret_steps is not None:
            self.go_on_signing_in(line)
            return
        verb = line[:4].upper()
        act = self.VERBS.get(verb)
        if act:
            act(self, line)
        else:
            self.say(b"502 5.5.2 unknown command\r\n")

    def hello(self, line: bytes) -> None:
        extensions = list(self.script.extensions)
        if self.script.context and not self.is_encrypted:
            extensions.append("STARTTLS")
        if self.script.users or self.script.sign_in is not None:
            extensions.append("AUTH " + self.script.mechanisms)
        usual = b"\r\n".join(b"250-" + e.encode() for e in ("sink.example", *extensions)) + b"\r\n250 HELP\r\n"
        if line[:4].upper() == b"HELO":
            usual = b"250 sink.example\r\n"
        elif self.is_encrypted and self.script.ehlo_encrypted is not None:
            usual = self.script.ehlo_encrypted
        elif self.script.ehlo is not None:
            usual = self.script.ehlo
        self.say(usual)

    def start_tls(self, _line: bytes) -> None:
        if self.script.starttls[:1] != b"2":
            self.say(self.script.starttls)
            return
        # Not a byte more is read in clear: the client's first encrypted words may come before the upgrade.
        self.transport.pause_reading()
        self.is_upgrading = True
        self.say(self.script.starttls)
        self.sink.upgrades.add(asyncio.create_task(self.encrypt()))

    async def encrypt(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            transport = await loop.start_tls(self.transport, self, self.script.context, server_side=True)
        except OSError:
            self.transport.abort()
            return
        if transport:
            self.is_encrypted, self.transport, self.is_upgrading = True, transport, False
            self.data_received(b"")

    def sign_in(self, line: bytes) -> None:
        _verb, mechanism, *initial = line.split(b" ")
        if mechanism.upper() == b"PLAIN":
            self.judge(line, base64.b64decode(initial[0]).split(b"\0")[1:])
        else:
            self.secret_steps = []
            self.say(b"334 VXNlcm5hbWU6\r\n")

    def go_on_signing_in(self, line: bytes) -> None:
        self.secret_steps.append(base64.b64decode(line))
        if len(self.secret_steps) == 1:
            self.say(b"334 UGFzc3dvcmQ6\r\n")
            return
        pair, self.secret_steps = self.secret_steps, None
        self.judge(line, pair)

    def judge(self, line: bytes, pair: list[bytes]) -> None:
        if self.script.sign_in is not None:
            self.say(self.script.sign_in.replace(b"%s", line))
            return
        user, password = (each.decode() for each in pair)
        is_right = self.script.users.get(user) == password
        self.say(b"235 2.7.0 welcome\r\n" if is_right else b"535 5.7.8 wrong user or password\r\n")

    def mail(self, line: bytes) -> None:
        self.last = ""
        self.plan = self.script.letters.at_sender(next(self.sink.numbers))
        self.sender, self.recipients = _address(line), []
        if self.plan.sender[:1] != b"2":
            self.sender = None
        self.say(self.plan.sender)

    def rcpt(self, line: bytes) -> None:
        if self.sender is None:
            self.say(b"503 5.5.1 MAIL first\r\n")
            return
        recipient = _address(line)
        self.sink.senders.append((self.sender, recipient))
        self.plan = self.script.letters.at_recipient(recipient, self.plan)
        if self.plan.recipient[:1] == b"2":
            self.recipients.append(recipient)
        self.say(self.plan.recipient)

    def data(self, _line: bytes) -> None:
        if not self.recipients:
            self.say(b"554 5.5.1 no valid recipients\r\n")
            return
        if self.plan.data[:1] == b"3":
            self.body, self.length, self.tail = [], 0, b"\r\n"
        self.say(self.plan.data)

    def take_body(self, data: bytes) -> None:
        self.length += len(data)
        if self.plan.breaks_after is not None and self.length >= self.plan.breaks_after:
            self.body = None
            self.sink.broken_bodies += 1
            # Read no more: the close then meets unread data and becomes a reset, as with real servers.
            self.transport.pause_reading()
            self.say(self.plan.breaking, Ending.CLOSE)
            return
        if data.endswith(b".\r\n") and (self.tail + data[-5:])[-5:] == b"\r\n.\r\n":
            rest = b""
        elif self.sink.is_fast or (end := (self.tail + data).find(b"\r\n.\r\n")) < 0:
            self.body.append(data)
            self.tail = (self.tail + data[-4:])[-4:]
            return
        else:
            cut = end + 5 - len(self.tail)
            data, rest = data[:cut], data[cut:]
        self.body.append(data)
        self.finish()
        if rest:
            self.data_received(rest)

    def finish(self) -> None:
        chunks, self.body = self.body, None
        plan, recipients = self.plan, self.recipients
        self.sender, self.recipients = None, []
        self.sink.finished += 1
        number = self.sink.finished

        def answer() -> None:
            reply = plan.dot.replace(b"%d", b"%d" % number) + (self.script.idle_word if plan.dot else b"")
            delay = plan.delay or self.sink.dice.uniform(0, self.script.slowest)
            if delay:
                asyncio.get_running_loop().call_later(delay, self.conclude, reply, plan.ending)
            else:
                self.conclude(reply, plan.ending)

        if plan.takes and not self.sink.is_fast:
            self.is_answered = False
            self.last = self.sink.truth.add(recipients, b"".join(chunks)[:-3], answer)
        else:
            answer()

    def conclude(self, reply: bytes, ending: Ending) -> None:
        self.is_answered = bool(reply) and not (self.script.slowest and _has_gone(self.transport))
        self.say(reply, ending)

    def reset(self, _line: bytes) -> None:
        self.sender, self.recipients = None, []
        self.say(b"250 2.0.0 ok\r\n")

    def leave(self, _line: bytes) -> None:
        self.last = ""
        self.say(self.script.quit, self.script.quit_ending)

    def say(self, words: bytes, ending: Ending = Ending.STAY) -> None:
        if self.transport.is_closing():
            return
        if words:
            self.transport.write(words)
        if ending is Ending.CLOSE:
            self.transport.close()
        elif ending is Ending.RESET:
            connection = self.transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.transport.abort()

    VERBS = {
        b"EHLO": hello,
        b"HELO": hello,
        b"STAR": start_tls,
        b"AUTH": sign_in,
        b"MAIL": mail,
        b"RCPT": rcpt,
        b"DATA": data,
        b"RSET": reset,
        b"QUIT": leave,
    }


def _address(line: bytes) -> str:
    return line[line.find(b"<") + 1 : line.find(b">")].decode()


def _has_gone(transport: asyncio.Transport) -> bool:
    """Whether the other side has closed the connection, which this loop has not noticed yet."""
    if transport.is_closing():
        return True
    with socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno())) as connection:
        try:
            return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True


class Sink:
    """The server: its script, what it heard and what it took."""

    def __init__(
        self,
        script: Script | None = None,
        *,
        truth: Path | None = None,
        is_durable: bool = True,
        is_fast: bool = False,
        port: int = 0,
    ) -> None:
        self.script = script or Script()
        self.truth = Truth(truth, is_durable=is_durable)
        self.is_fast, self.port = is_fast, port
        self.heard: list[tuple[bool, bytes]] = []  # each command line, and whether it came encrypted
        self.senders: list[tuple[str, str]] = []
        self.ends: dict[str, End] = {}
        self.dice = Random(self.script.letters.seed)
        self.sessions: set[Session] = set()
        self.turned_away = 0
        self.upgrades: set[asyncio.Task] = set()
        self.numbers = itertools.count(1)
        self.finished = self.broken_bodies = self.connection_count = self.most_open = 0

    @property
    def taken(self):
        return self.truth.taken

    async def __aenter__(self) -> Self:
        context = self.script.context if self.script.is_tls_at_once else None
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(lambda: Session(self), "127.0.0.1", self.port, ssl=context, backlog=1024)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_details) -> None:
        self.server.close()
        for session in list(self.sessions):
            session.transport.abort()
        for task in self.upgrades:
            task.cancel()
        await asyncio.gather(*self.upgrades, return_exceptions=True)
        await asyncio.sleep(0.001)
        self.truth.close()


@contextlib.contextmanager
def serving(sink: Sink) -> Iterator[int]:
    """Run the sink in a thread of its own; gives its port."""
    started, loops = threading.Event(), []

    async def run() -> None:
        stop = asyncio.Event()
        async with sink:
            loops.extend([asyncio.get_running_loop(), stop])
            started.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    if not started.wait(10):
        raise RuntimeError("the sink did not start")
    try:
        yield sink.port
    finally:
        loops[0].call_soon_threadsafe(loops[1].set)
        thread.join(10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=2525)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--no-fsync", action="store_true")
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--chaos", type=float, default=0, help="share of letters that suffer something")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()

    async def run() -> None:
        script = Script(letters=Choice(chaos=chosen.chaos, seed=chosen.seed))
        sink = Sink(script, truth=chosen.truth, is_durable=not chosen.no_fsync, is_fast=chosen.fast, port=chosen.port)
        async with sink:
            print(sink.port, flush=True)
            await asyncio.Event().wait()

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run())


if __name__ == "__main__":
    main()
