"""Limits of the catcher, and what it catches. Pure Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LARGEST: Final = 50_000_000  # bytes of one letter; the server says so with SIZE and answers 552 beyond
MOST_RECIPIENTS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Caught:
    """One letter as the server took it: the envelope and the bytes, dot-stuffing undone."""

    envelope_from: str
    recipients: Sequence[str]
    content: bytes
