"""Signatures of payment messages. Pure Python."""

import hashlib
import hmac
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
