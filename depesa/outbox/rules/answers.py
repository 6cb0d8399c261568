"""What a mail server's answer means: whom it is about, and what follows for the letter."""

from dataclasses import dataclass
from enum import Enum, IntEnum, StrEnum
from typing import Final

from depesa.core.reasons import Reason
from depesa.outbox.rules.subjects import GREYLIST_WORDS, About, Reply, about, is_rate_limit


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
    DOUBTFUL = "doubtful"  # refused, and nobody says whether for our sake or for that of the address
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer means for the delivery, the address and the channel.

    `is_content` marks a refusal of the letter or of nobody knows what: equal ones for three recipients in a row pause
    the channel.
    `is_patient` asks for the first retry in 5 to 10 minutes, as greylisting servers expect.
    """

    kind: Kind
    counts_attempt: bool = True
    address_suspect: bool = False
    slow_down: bool = False
    is_content: bool = False
    is_patient: bool = False


# RFC 5321 4.2.2: the server says that the command, not the recipient, is wrong; trying later is harmless.
COMMAND_REFUSED: Final = frozenset({500, 502, 503, 504})
# RFC 4954 6: the server wants another sign-in first; no letter and no customer is at fault.
SIGN_IN_WANTED: Final = frozenset({530, 534, 535, 538})


def verdict(phase: Phase, answer: Answer) -> Verdict:
    """Say what an answer in a phase means."""
    if phase >= Phase.CLOSE:
        return Verdict(Kind.NEXT, counts_attempt=False)
    if isinstance(answer, Failure):
        return _without_answer(phase, answer)
    if phase >= Phase.DOT:
        return _after_the_dot(answer)
    if phase <= Phase.SIGN_IN:
        kind = Kind.NEXT if answer.code in range(200, 400) else Kind.CHANNEL_FAULT
        return Verdict(kind, counts_attempt=False)
    if answer.code in SIGN_IN_WANTED:
        return Verdict(Kind.CHANNEL_FAULT, counts_attempt=False)
    return {Phase.SENDER: _at_sender, Phase.RECIPIENT: _at_recipient}.get(phase, _at_body)(answer)


def _without_answer(phase: Phase, failure: Failure) -> Verdict:
    if phase >= Phase.DOT:
        return Verdict(Kind.UNKNOWN)
    if failure.fault in (Fault.TOO_LARGE, Fault.NOT_ASCII, Fault.BAD_ADDRESS):
        return Verdict(Kind.REJECTED)
    if phase <= Phase.SIGN_IN:
        return Verdict(Kind.CHANNEL_FAULT, counts_attempt=False)
    return Verdict(Kind.RETRY)


def _after_the_dot(reply: Reply) -> Verdict:
    if reply.code in range(200, 300):
        return Verdict(Kind.ACCEPTED)
    return _of_the_letter(reply) if reply.code in range(400, 600) else Verdict(Kind.UNKNOWN)


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
    if reply.code not in range(500, 600) or reply.code in COMMAND_REFUSED:
        return Verdict(Kind.RETRY)
    match about(reply, at_recipient=True):
        case About.ADDRESS:
            is_full = reply.code == 552 or reply.enhanced == "5.2.2"
            return Verdict(Kind.REJECTED, address_suspect=not is_full)
        case About.LETTER:
            return Verdict(Kind.REJECTED)
        case About.US:
            return Verdict(Kind.SENDER_REFUSED, counts_attempt=False)
        case _:
            return Verdict(Kind.DOUBTFUL, is_content=True)


def _at_body(reply: Reply) -> Verdict:
    if reply.code in range(300, 400):
        return Verdict(Kind.NEXT, counts_attempt=False)
    return _of_the_letter(reply) if reply.code in range(400, 600) else Verdict(Kind.RETRY)


def _of_the_letter(reply: Reply) -> Verdict:
    """A refusal of what was to be sent; each letter has one recipient, so it may be the address even now."""
    if reply.code < 500:
        return _later(reply)
    whom = about(reply)
    if whom is About.US:
        return Verdict(Kind.SENDER_REFUSED, counts_attempt=False)
    return Verdict(Kind.REJECTED, is_content=whom is not About.ADDRESS)


def _later(reply: Reply, *, at_recipient: bool = False) -> Verdict:
    if is_rate_limit(reply, at_recipient=at_recipient):
        return Verdict(Kind.RETRY, counts_attempt=False, slow_down=True)
    if GREYLIST_WORDS.search(reply.text) or (at_recipient and reply.enhanced == "4.7.1"):
        return Verdict(Kind.GREYLISTED, is_patient=True)
    return Verdict(Kind.RETRY, is_patient=at_recipient and reply.code in (450, 451, 452))
