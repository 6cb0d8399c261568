"""SMTP with the end of a letter split off, so that a permit can be committed before the final dot.

Own, because smtplib raises the same SMTPServerDisconnected for "lost before the dot" (not sent) and "lost after the
dot" (nobody knows), calls `251` after the dot an error, loses a 552 said in the middle of a body, and blocks a thread
per connection where one loop can drive hundreds. Every end is an Outcome: the phase, and the reply or the failure.

One connection belongs to one task. Between `offer` and `dot` nothing is sent; `abort` there means "not sent".
"""

import asyncio
import base64
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self

from depesa.outbox.rules import Answer, Failure, Fault, Outcome, Phase, Reply
from depesa.outbox.smtp.wire import Wire, tls_failure

CRLF: Final = b"\r\n"
# What would end an address, or the command that holds it.
UNFIT: Final = re.compile("[\x00- <>\x7f-\xa0\u2028\u2029\ud800-\udfff]")


class Encryption(StrEnum):
    """How the connection is protected; what is asked for is required."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and how we sign in to it. The password never appears in a representation."""

    host: str
    port: int
    encryption: Encryption = Encryption.STARTTLS
    username: str = ""
    password: str = field(default="", repr=False)
    our_name: str = "localhost"
    context: ssl.SSLContext | None = field(default=None, repr=False, compare=False)
    may_sign_in_unencrypted: bool = False


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds of patience in each phase (RFC 5321 4.5.3.2). Shorten `reply` and slow servers become uncertain."""

    connect: float = 30
    greeting: float = 120
    encryption: float = 60
    sign_in: float = 60
    command: float = 120
    block: float = 180
    reply: float = 600
    close: float = 5


class NotOpenedError(Exception):
    """The mail server could not be reached or did not let us in."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(f"{outcome.phase.name.lower()}: {outcome.answer}")
        self.outcome = outcome


DEFAULT_TIMEOUTS: Final = Timeouts()


class Connection:
    """A signed-in session that offers letters, one recipient each."""

    def __init__(self, wire: Wire, server: Server, timeouts: Timeouts) -> None:
        self.extensions: dict[str, str] = {}
        self._wire, self._server, self._timeouts = wire, server, timeouts
        self._needs_reset, self._is_idle = False, True

    @classmethod
    async def open(cls, server: Server, timeouts: Timeouts = DEFAULT_TIMEOUTS) -> Self:
        """Connect, encrypt and sign in; raises NotOpenedError, with nothing left open."""
        wire = await _connect(server, timeouts)
        connection = cls(wire, server, timeouts)
        try:
            outcome = await connection._introduce()
        except BaseException:
            wire.transport.abort()
            raise
        if outcome:
            await wire.close(timeouts.close)
            raise NotOpenedError(outcome)
        return connection

    @property
    def is_usable(self) -> bool:
        """Say whether another letter may be offered: no letter is under way, and the server is there and silent."""
        return self._is_idle and not self._wire.has_news

    @property
    def is_encrypted(self) -> bool:
        """Say whether the session is encrypted with a verified certificate."""
        return self._wire.is_encrypted

    @property
    def size_limit(self) -> int:
        """Return the largest letter the server announced in bytes, 0 if it did not say."""
        limit = self.extensions.get("SIZE", "")
        return int(limit) if limit.isdecimal() else 0

    async def offer(self, envelope_from: str, recipient: str, data: bytes) -> Outcome | None:
        """Send everything but the final dot. None: ready for the dot; an Outcome: not sent, and why.

        `data` is a sealed letter (CRLF line ends only).
        """
        outcome = self._unasked(Phase.SENDER) or self._unfit(envelope_from, recipient, data)
        if outcome:
            return outcome
        self._is_idle = False
        mail, rcpt = self._envelope(envelope_from, recipient, len(data))
        outcome = await self._announce(mail, rcpt) or await self._send_body(_stuffed(data))
        if outcome and isinstance(outcome.answer, Reply):
            self._needs_reset = self._is_idle = True
        return outcome

    async def dot(self, at_once: Callable[[Reply], None] | None = None) -> Outcome:
        """Send the final dot and return what the server said to it; a phase before DOT means: it was not sent.

        `at_once` is told of the reply as soon as it is read, before anything else happens.

        Whoever cancels this call must count the letter as uncertain.
        """
        early = self._unasked(Phase.BODY)
        if early:
            self.abort()
            return early
        self._wire.at_once = at_once
        self._wire.write(b".\r\n")
        answer = await self._wire.reply(self._timeouts.reply)
        self._is_idle = True
        if isinstance(answer, Reply) and answer.code not in range(200, 300):
            self._needs_reset = True
            # RFC 5321 3.8: after 421 the server closes; an answer that is none (354) leaves us out of step.
            if answer.code == 421 or answer.code < 400:
                self.abort()
        return Outcome(Phase.REPLY, answer)

    def abort(self) -> None:
        """Close at once, e.g. when the permit was refused: without its dot the server discards the letter."""
        self._wire.fail(Failure(Fault.CLOSED, "closed by us"))

    async def quit(self) -> None:
        """Say good-bye; whatever the server makes of it changes nothing."""
        if self.is_usable:
            self._wire.write(b"QUIT\r\n")
            await self._wire.reply(self._timeouts.close)
        await self._wire.close(self._timeouts.close)

    # Opening.

    async def _introduce(self) -> Outcome | None:
        greeting = await self._wire.reply(self._timeouts.greeting)
        if not _is(greeting, 2):
            return Outcome(Phase.GREETING, greeting)
        outcome = await self._hello()
        if outcome is None and self._server.encryption is Encryption.STARTTLS:
            outcome = await self._start_tls()
        if outcome is None and self._server.username:
            outcome = await self._sign_in()
        return outcome

    async def _hello(self) -> Outcome | None:
        name = self._server.our_name.encode("ascii", "replace").replace(b" ", b"-")
        answer = await self._ask(b"EHLO " + name, self._timeouts.greeting)
        if _is(answer, 5):
            answer = await self._ask(b"HELO " + name, self._timeouts.greeting)
            self.extensions = {}
            return None if _is(answer, 2) else Outcome(Phase.GREETING, answer)
        if not isinstance(answer, Reply) or not _is(answer, 2):
            return Outcome(Phase.GREETING, answer)
        words = (line.upper().replace("=", " ", 1).partition(" ") for line in answer.text.split("\n")[1:])
        self.extensions = {keyword: parameters.strip() for keyword, _space, parameters in words}
        return None

    async def _start_tls(self) -> Outcome | None:
        if "STARTTLS" not in self.extensions:
            return Outcome(Phase.ENCRYPTION, Failure(Fault.NO_ENCRYPTION, "the server offers no encryption"))
        answer = await self._ask(b"STARTTLS", self._timeouts.encryption)
        if not _is(answer, 2):
            return Outcome(Phase.ENCRYPTION, answer)
        # CVE-2011-0411: what came in clear behind the answer could later pass for an encrypted reply.
        if self._wire.lost:
            return Outcome(Phase.ENCRYPTION, self._wire.lost)
        if self._wire.has_news:
            return Outcome(Phase.ENCRYPTION, Failure(Fault.INJECTED, "text was injected before the encryption"))
        context = self._server.context or ssl.create_default_context()
        failure = await self._wire.encrypt(context, self._server.host, self._timeouts.encryption)
        if failure:
            return Outcome(Phase.ENCRYPTION, failure)
        return await self._hello()

    async def _sign_in(self) -> Outcome | None:
        if not self._wire.is_encrypted and not self._server.may_sign_in_unencrypted:
            text = "the password is not sent over an unencrypted connection"
            return Outcome(Phase.SIGN_IN, Failure(Fault.NO_ENCRYPTION, text))
        offered = self.extensions.get("AUTH", "").split()
        user, secret = self._server.username.encode(), self._server.password.encode()
        if "PLAIN" in offered:
            steps = [b"AUTH PLAIN " + base64.b64encode(b"\0" + user + b"\0" + secret)]
        elif "LOGIN" in offered:
            steps = [b"AUTH LOGIN", base64.b64encode(user), base64.b64encode(secret)]
        else:
            text = f"the server offers no sign-in that we know: {' '.join(offered) or 'none'}"
            return Outcome(Phase.SIGN_IN, Failure(Fault.NO_SIGN_IN, text))
        answer: Answer = Reply(334)
        for step in steps:
            if not _is(answer, 3):
                break
            answer = await self._ask(step, self._timeouts.sign_in)
        return None if _is(answer, 2) else Outcome(Phase.SIGN_IN, _without(answer, [user, secret, *steps]))

    # Offering.

    def _unasked(self, phase: Phase) -> Outcome | None:
        """Return what the server said unasked, e.g. 421 while we were idle: its words are no answer to ours."""
        if not self._wire.has_news:
            return None
        answer = self._wire.unasked()
        self.abort()
        return Outcome(phase, answer)

    def _unfit(self, sender: str, recipient: str, data: bytes) -> Outcome | None:
        for phase, address in ((Phase.SENDER, sender), (Phase.RECIPIENT, recipient)):
            if UNFIT.search(address):
                text = "the address holds blanks, brackets or control characters"
                return Outcome(phase, Failure(Fault.BAD_ADDRESS, text))
        if 0 < self.size_limit < len(data):
            text = f"The message is {_megabytes(len(data))}, the server takes {_megabytes(self.size_limit)}"
            return Outcome(Phase.SENDER, Failure(Fault.TOO_LARGE, text))
        if not recipient.isascii() and "SMTPUTF8" not in self.extensions:
            text = "the server takes no addresses with letters outside ASCII"
            return Outcome(Phase.RECIPIENT, Failure(Fault.NOT_ASCII, text))
        return None

    def _envelope(self, sender: str, recipient: str, size: int) -> tuple[bytes, bytes]:
        mail = b"MAIL FROM:<%b>" % sender.encode()
        if "SIZE" in self.extensions:
            mail += b" SIZE=%d" % size
        if not (sender + recipient).isascii():
            mail += b" SMTPUTF8"
        return mail, b"RCPT TO:<%b>" % recipient.encode()

    async def _announce(self, mail: bytes, rcpt: bytes) -> Outcome | None:
        """Send RSET where needed, MAIL, RCPT and DATA, in one go where the server pipelines (RFC 2920)."""
        steps = [(Phase.SENDER, mail, 2), (Phase.RECIPIENT, rcpt, 2), (Phase.BODY, b"DATA", 3)]
        if self._needs_reset:
            steps.insert(0, (Phase.SENDER, b"RSET", 2))
            self._needs_reset = False
        is_pipelined = "PIPELINING" in self.extensions
        if is_pipelined:
            self._wire.write(CRLF.join(command for _phase, command, _class in steps) + CRLF)
        outcome = None
        for phase, command, wanted in steps:
            if not is_pipelined:
                self._wire.write(command + CRLF)
            answer = await self._wire.reply(self._timeouts.command)
            if outcome is None and not _is(answer, wanted):
                outcome = Outcome(phase, answer)
            if outcome and (not is_pipelined or isinstance(answer, Failure)):
                break
        else:
            # A server that opens the body for a refused recipient would take an empty letter; leave instead.
            if outcome and _is(answer, 3):
                self.abort()
        if outcome and isinstance(outcome.answer, Reply) and outcome.answer.code == 421:
            self.abort()
        return outcome

    async def _send_body(self, data: bytes) -> Outcome | None:
        failure = await self._wire.send(data, self._timeouts.block)
        if failure:
            return Outcome(Phase.BODY, failure)
        return self._unasked(Phase.BODY)

    async def _ask(self, command: bytes, seconds: float) -> Answer:
        self._wire.write(command + CRLF)
        return await self._wire.reply(seconds)


async def _connect(server: Server, timeouts: Timeouts) -> Wire:
    context = server.context or ssl.create_default_context() if server.encryption is Encryption.TLS else None
    phase = Phase.CONNECT
    try:
        async with asyncio.timeout(timeouts.connect):
            _transport, wire = await asyncio.get_running_loop().create_connection(
                Wire, server.host, server.port, ssl=context, server_hostname=server.host if context else None
            )
    except TimeoutError:
        failure = Failure(Fault.TIMED_OUT, f"no connection for {timeouts.connect:g} seconds")
    except ssl.SSLError as problem:
        phase, failure = Phase.ENCRYPTION, tls_failure(problem)
    except OSError as problem:
        failure = Failure(Fault.UNREACHABLE, problem.strerror or str(problem))
    except (ValueError, OverflowError):
        failure = Failure(Fault.UNREACHABLE, "this is no name of a server, or no port")
    else:
        wire.is_encrypted = context is not None
        return wire
    raise NotOpenedError(Outcome(phase, failure))


def _is(answer: Answer, first_digit: int) -> bool:
    return isinstance(answer, Reply) and answer.code // 100 == first_digit


def _stuffed(data: bytes) -> bytes:
    """Double the dots at line starts (RFC 5321 4.5.2) and end with a line end; copies only when needed."""
    # A letter's dots stand near its start: the long base64 behind them is not looked at twice.
    last = data.rfind(b".")
    if last >= 0 and data.find(b"\n.", 0, last + 1) >= 0:
        data = data.replace(b"\r\n.", b"\r\n..")
    if data.startswith(b"."):
        data = b"." + data
    return data if data.endswith(CRLF) else data + CRLF


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"


def _without(answer: Answer, secrets: list[bytes]) -> Answer:
    """Blot out what we sent, should the server repeat it."""
    if not isinstance(answer, Reply):
        return answer
    text = answer.text
    for secret in filter(None, secrets):
        for form in (secret, base64.b64encode(secret), secret.rpartition(b" ")[2]):
            text = text.replace(form.decode(), "***")
    return Reply(answer.code, answer.enhanced, text)
