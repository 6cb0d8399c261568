"""How an entry is bound to the one before it, and through what a change came. Pure Python."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

GENESIS = "0" * 64
NOTED: Final = "history.noted"  # a note of staff, which never leaves
TOLD: Final = "history.told"  # something that another system said about a record

_through: ContextVar[str] = ContextVar("through", default="")


@contextmanager
def coming_through(origin: str) -> Iterator[None]:
    """What is recorded inside came through this (an Origin), unless it says otherwise itself."""
    before = _through.set(origin)
    try:
        yield
    finally:
        _through.reset(before)


def through() -> str:
    """Through what changes come just now; empty when nobody said so."""
    return _through.get()


def is_kept_as_told(value: object) -> bool:
    """Whether every key is a text: JSON makes texts of others, which then sort otherwise than they were linked."""
    match value:
        case dict():
            return all(isinstance(key, str) and is_kept_as_told(each) for key, each in value.items())
        case list() | tuple():
            return all(map(is_kept_as_told, value))
        case _:
            return True


def link(previous: str, *, at: dt.datetime, facts: dict[str, Any]) -> str:
    """SHA-256 in hex over the previous hash, the time in UTC microseconds and the facts as canonical JSON."""
    moment = at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    body = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{moment}\n{body}".encode(errors="surrogatepass")).hexdigest()
