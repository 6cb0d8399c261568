"""Signatures of payment messages, and how often something may be tried. Pure Python."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from depesa.core.inputs import read_number

FRESH: Final = 300  # seconds that a signed message may be old or ahead


def signature_of(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 in hex over the timestamp, a dot and the body."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def is_signed(secret: str, timestamp: str, body: bytes, signature: str, *, now: float) -> bool:
    """Whether the signature is right and the message is not older, or newer, than five minutes."""
    told = read_number(timestamp, most=10**12)
    if told is None:
        return False
    expected = signature_of(secret, timestamp, body)
    is_ours = hmac.compare_digest(expected.encode(), signature.lower().encode(errors="replace"))
    return is_ours and abs(now - told) <= FRESH


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may be tried by one key, and in which time."""

    most: int
    within: timedelta


LIMITS: Final = {
    "sign-in": Limit(10, timedelta(minutes=15)),  # wrong passwords for one address from one machine
    "sign-in-address": Limit(100, timedelta(minutes=15)),  # from all machines: a stranger alone locks nobody out
    "sign-in-machine": Limit(60, timedelta(minutes=15)),  # wrong passwords from one machine
    "letter": Limit(5, timedelta(hours=1)),  # letters to one address that anybody may ask for
    "letter-machine": Limit(30, timedelta(hours=1)),  # such letters asked for from one machine
    "message-machine": Limit(20, timedelta(hours=1)),  # messages from one machine
    "order": Limit(10, timedelta(hours=1)),  # orders with one address
    "order-machine": Limit(60, timedelta(hours=1)),  # orders from one machine
}
