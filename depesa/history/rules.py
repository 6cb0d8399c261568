"""How an entry is bound to the one before it. Pure Python."""

import datetime as dt
import hashlib
import json
from typing import Any

GENESIS = "0" * 64


def link(previous: str, *, at: dt.datetime, facts: dict[str, Any]) -> str:
    """SHA-256 in hex over the previous hash, the time in UTC microseconds and the facts as canonical JSON."""
    moment = at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    body = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{moment}\n{body}".encode()).hexdigest()
