"""What a mail server's answer means, when to try again, and when a channel must rest."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, IntEnum, StrEnum
from typing import Final

from depesa.core.reasons import Reason


class Phase(IntEnum):
    """How far a delivery has come; from DOT on, the server may have the letter."""

    LOAD = 0
    CONNECT = 1
    GREETING = 2
    ENCRYPTION = 3
    SIGN_IN = 4
    SENDER = 5
    RECIPIENT = 6
    BODY = 7
    PERMIT = 8
    DOT = 9
    REPLY = 10
    STORE = 11
    CLOSE = 12


class Fault(StrEnum):
    """What went wrong where the server gave no usable answer."""

    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    CLOSED = "closed"
    GARBLED = "garbled"
    OVERLONG = "overlong"
    NO_ENCRYPTION = "no_encryption"
    CERTIFICATE = "certificate"
    ENCRYPTION_FAILED = "encryption_failed"
    INJECTED = "injected"
    NO_SIGN_IN = "no_sign_in"
    TOO_LARGE = "too_large"
    NOT_ASCII = "not_ascii"
    BAD_ADDRESS = "bad_address"


FAULTS: Final = {
    Fault.UNREACHABLE: Reason("The mail server cannot be reached"),
    Fault.TIMED_OUT: Reason("The mail server does not answer in time"),
    Fault.CLOSED: Reason("The mail server hung up"),
    Fault.GARBLED: Reason("What the mail server says is not understandable"),
    Fault.OVERLONG: Reason("What the mail server says is not understandable"),
    Fault.NO_ENCRYPTION: Reason("The mail server offers no encryption, and without it nothing is sent"),
    Fault.CERTIFICATE: Reason("The certificate of the mail server is not valid for its name"),
    Fault.ENCRYPTION_FAILED: Reason("The encryption with the mail server failed"),
    Fault.INJECTED: Reason("What the mail server says is not understandable"),
    Fault.NO_SIGN_IN: Reason("The mail server offers no way to sign in that we know"),
    Fault.TOO_LARGE: Reason("The letter is larger than the mail server takes"),
    Fault.NOT_ASCII: Reason("The mail server takes no addresses with such letters"),
    Fault.BAD_ADDRESS: Reason("This is no address that a mail server takes"),
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete answer of the server: code, enhanced code (RFC 3463) or "", text."""

    code: int
    enhanced: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """No complete answer; the detail is for the evidence and never holds a secret."""

    fault: Fault
    detail: str = ""


Answer = Reply | Failure


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where an attempt stopped and what was heard there."""

    phase: Phase
    answer: Answer


class Kind(Enum):
    """What follows from an answer."""

    NEXT = "next"
    ACCEPTED = "accepted"
    RETRY = "retry"
    GREYLISTED = "greylisted"
    REJECTED = "rejected"
    CHANNEL_FAULT = "channel_fault"
    SENDER_REFUSED = "sender_refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer means for the delivery, the address and the channel.

    `is_content` marks a refusal of the letter itself: three equal ones pause the channel.
    `is_patient` asks for the first retry in 5 to 10 minutes, as greylisting servers expect.
    """

    kind: Kind
    counts_attempt: bool = True
    address_suspect: bool = False
    slow_down: bool = False
    is_content: bool = False
    is_patient: bool = False


# RFC 5321 4.2.2: the server says that the command, not the recipient, is wrong; trying later is harmless.
COMMAND_REFUSED: Final = range(500, 505)
# RFC 4954 6: the server wants another sign-in first; no letter and no customer is at fault.
SIGN_IN_WANTED: Final = frozenset({530, 534, 535, 538})
GREYLIST_WORDS: Final = re.compile(r"gr[ae]y.?list", re.IGNORECASE)
RATE_WORDS: Final = re.compile(
    r"too many|rate.?limit|throttl|limit exceeded|exceeded .{0,40}limit|too fast|too quickly|slow down",
    re.IGNORECASE,
)


def verdict(phase: Phase, answer: Answer) -> Verdict:
    """Say what an answer in a phase means."""
    if phase >= Phase.CLOSE:
        return Verdict(Kind.NEXT, counts_attempt=False)
    if phase >= Phase.DOT:
        return _after_the_dot(answer)
    if isinstance(answer, Failure):
        return _without_answer(phase, answer)
    if phase <= Phase.SIGN_IN:
        kind = Kind.NEXT if answer.code in range(200, 400) else Kind.CHANNEL_FAULT
        return Verdict(kind, counts_attempt=False)
    if answer.code in SIGN_IN_WANTED:
        return Verdict(Kind.CHANNEL_FAULT, counts_attempt=False)
    return {Phase.SENDER: _at_sender, Phase.RECIPIENT: _at_recipient}.get(phase, _at_body)(answer)


def _after_the_dot(answer: Answer) -> Verdict:
    if isinstance(answer, Failure):
        return Verdict(Kind.UNKNOWN)
    if answer.code in range(200, 300):
        return Verdict(Kind.ACCEPTED)
    if answer.code in range(400, 500):
        return _later(answer)
    if answer.code in range(500, 600):
        return Verdict(Kind.REJECTED, is_content=True)
    return Verdict(Kind.UNKNOWN)


def _without_answer(phase: Phase, failure: Failure) -> Verdict:
    if failure.fault in (Fault.TOO_LARGE, Fault.NOT_ASCII, Fault.BAD_ADDRESS):
        return Verdict(Kind.REJECTED)
    if phase <= Phase.SIGN_IN:
        return Verdict(Kind.CHANNEL_FAULT, counts_attempt=False)
    return Verdict(Kind.RETRY)


def _at_sender(reply: Reply) -> Verdict:
    if reply.code in range(200, 300):
        return Verdict(Kind.NEXT, counts_attempt=False)
    if reply.code in range(400, 500):
        return _later(reply)
    # RFC 1870 6.1: 552 to MAIL with SIZE= is about this letter's size, not about the sender.
    if reply.code == 552:
        return Verdict(Kind.REJECTED, is_content=True)
    if reply.code in range(500, 600):
        return Verdict(Kind.SENDER_REFUSED, counts_attempt=False)
    return Verdict(Kind.RETRY)


def _at_recipient(reply: Reply) -> Verdict:
    if reply.code in range(200, 300):
        return Verdict(Kind.NEXT, counts_attempt=False)
    if reply.code in range(400, 500):
        return _later(reply, at_recipient=True)
    if reply.code == 552:
        return Verdict(Kind.REJECTED)
    if reply.code in range(500, 600) and (reply.code not in COMMAND_REFUSED or reply.code == 501):
        # RFC 3463 3.8: x.7.x is the server's policy and says nothing about the address.
        return Verdict(Kind.REJECTED, address_suspect=not reply.enhanced.startswith("5.7."))
    return Verdict(Kind.RETRY)


def _at_body(reply: Reply) -> Verdict:
    if reply.code in range(300, 400):
        return Verdict(Kind.NEXT, counts_attempt=False)
    if reply.code in range(400, 500):
        return _later(reply)
    if reply.code in range(500, 600):
        return Verdict(Kind.REJECTED, is_content=True)
    return Verdict(Kind.RETRY)


def _later(reply: Reply, *, at_recipient: bool = False) -> Verdict:
    if reply.code == 432 or RATE_WORDS.search(reply.text):
        return Verdict(Kind.RETRY, counts_attempt=False, slow_down=True)
    if GREYLIST_WORDS.search(reply.text) or (at_recipient and reply.enhanced == "4.7.1"):
        return Verdict(Kind.GREYLISTED, is_patient=True)
    return Verdict(Kind.RETRY, is_patient=at_recipient and reply.code in (450, 451, 452))


SCHEDULE: Final = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 120))
PATIENCE: Final = timedelta(minutes=7, seconds=30)
JITTER: Final = 0.2


def retry_in(attempts: int, jitter: float, *, is_patient: bool = False) -> timedelta:
    """Return the wait after so many attempts (1 or more); the caller draws jitter from -1 to 1."""
    if attempts < 1 or not -1 <= jitter <= 1:
        raise ValueError("attempts start at 1 and jitter lies between -1 and 1")
    if is_patient and attempts == 1:
        return PATIENCE + jitter * timedelta(minutes=2, seconds=30)
    return SCHEDULE[min(attempts, len(SCHEDULE)) - 1] * (1 + JITTER * jitter)


class Policy(StrEnum):
    """What kind of letter it is, which decides how long to try and who may resend it."""

    LEGAL = "legal"
    NOTICE = "notice"
    SECURITY = "security"
    MARKETING = "marketing"


GIVE_UP_AFTER: Final = {
    Policy.LEGAL: timedelta(hours=72),
    Policy.NOTICE: timedelta(hours=24),
    Policy.MARKETING: timedelta(hours=24),
}


def expires_at(
    policy: Policy,
    queued_at: datetime,
    *,
    useless_after: datetime | None = None,
    token_until: datetime | None = None,
) -> datetime:
    """Return when to give up: the policy's span or the letter's own end; for security mail its token."""
    if policy is Policy.SECURITY:
        if token_until is None:
            raise ValueError("security mail expires with its token")
        limit = token_until
    else:
        limit = queued_at + GIVE_UP_AFTER[policy]
    return min(limit, useless_after) if useless_after else limit


# A second link is harmless and a lost one is not: sent once more by itself when nobody knows whether it arrived.
RESENT_WHEN_UNKNOWN: Final = frozenset({Policy.SECURITY})

FAULTS_TO_OPEN: Final = 5
PROBE_EVERY: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Breaker:
    """Rests a channel after five faults in a row and lets one letter try each minute until it works again."""

    faults: int = 0
    probe_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Say whether the channel rests."""
        return self.probe_at is not None

    def allows(self, now: datetime) -> bool:
        """Say whether a letter may be claimed now; ask `probing` for the state to keep while it tries."""
        return self.probe_at is None or now >= self.probe_at

    def probing(self, now: datetime) -> "Breaker":
        """Return the breaker after one probe was let through: the next one is a minute away."""
        return replace(self, probe_at=now + PROBE_EVERY) if self.is_open else self

    def failed(self, now: datetime) -> "Breaker":
        """Return the breaker after one more channel fault."""
        faults = self.faults + 1
        return Breaker(faults, now + PROBE_EVERY if faults >= FAULTS_TO_OPEN else None)

    def worked(self) -> "Breaker":
        """Return the breaker after the server signed us in: closed, nothing remembered."""
        return Breaker()


SAME_REFUSALS_TO_PAUSE: Final = 3
# An unlimited channel that was slowed is unlimited again from here on.
FASTEST: Final = 60_000.0


@dataclass(frozen=True, slots=True)
class Refusals:
    """Counts equal refusals in a row, of the sender or of the content; three pause the channel."""

    code: int = 0
    enhanced: str = ""
    count: int = 0

    @property
    def must_pause(self) -> bool:
        """Say whether a person must look before more is sent."""
        return self.count >= SAME_REFUSALS_TO_PAUSE

    def after(self, reply: Reply | None) -> "Refusals":
        """Return the count after one more answer; None means that a letter was taken."""
        if reply is None:
            return Refusals()
        is_same = (reply.code, reply.enhanced) == (self.code, self.enhanced)
        return Refusals(reply.code, reply.enhanced, self.count + 1 if is_same else 1)


@dataclass(frozen=True, slots=True)
class Pace:
    """How many letters a minute may leave; halves when the server asks, recovers a tenth a minute.

    `limit` 0 means unlimited. At most one second's worth is saved up, so a quiet hour allows no burst.
    """

    limit: float
    current: float
    allowance: float
    updated_at: datetime

    @classmethod
    def fresh(cls, limit: float, now: datetime) -> "Pace":
        """Return the pace of a channel that has sent nothing yet."""
        return cls(limit, limit, max(1.0, limit / 60), now)

    def granted(self, wanted: int, now: datetime) -> "tuple[int, Pace]":
        """Return how many of the wanted letters may leave now, and the pace to keep."""
        if not self.limit and self.current in (0, FASTEST):
            return wanted, self
        seconds = max(0.0, (now - self.updated_at).total_seconds())
        current = self.current
        if self._is_slowed:
            current = min(current * 1.1 ** min(60.0, seconds / 60), self.limit or FASTEST)
        allowance = min(self.allowance + seconds * current / 60, max(1.0, current / 60))
        count = min(wanted, int(allowance))
        return count, Pace(self.limit, current, allowance - count, now)

    def slowed(self, now: datetime, observed_per_minute: float = 60) -> "Pace":
        """Return the pace after the server asked to slow down: half of it, at least one letter a minute."""
        current = max(1.0, (self.current or observed_per_minute) / 2)
        return Pace(self.limit, current, 0.0, now)

    @property
    def _is_slowed(self) -> bool:
        return not self.limit or self.current < self.limit


CATCHER: Final = "catcher"  # code of the channel that leads to the mail catcher
SAFE_MODE: Final = Reason("Letters go to the mail catcher.")  # why the usual channel is paused meanwhile
