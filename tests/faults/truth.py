"""The ground truth: what a server really took, on the disk before it says so."""

import asyncio
import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class Taken(NamedTuple):
    """One letter that the sink took for one recipient; the hash is of the content without dot-stuffing."""

    message_id: str
    recipient: str
    sha256: str
    size: int


class Truth:
    """Writes what was taken; all letters of one turn of the loop share one fsync."""

    def __init__(self, path: Path | None, *, is_durable: bool = True) -> None:
        self.taken: list[Taken] = []
        self._file = path.open("ab", buffering=0) if path else None
        self._is_durable = is_durable
        self._waiting: list[tuple[bytes, Callable[[], None]]] = []

    def add(self, recipients: list[str], stuffed: bytes, then: Callable[[], None]) -> str:
        """Keep a letter, then say so; returns its Message-ID."""
        content = stuffed[1:] if stuffed.startswith(b".") else stuffed
        content = content.replace(b"\r\n.", b"\r\n") if b"\n." in content else content
        found = re.search(rb"^message-id:\s*(\S+)", content[:16_384], re.IGNORECASE | re.MULTILINE)
        message_id, digest = found[1].decode() if found else "-", hashlib.sha256(content).hexdigest()
        rows = [Taken(message_id, recipient, digest, len(content)) for recipient in recipients]
        self.taken += rows
        if self._file is None:
            then()
            return message_id
        line = "".join(f"{r.message_id}\t{r.recipient}\t{r.sha256}\t{r.size}\n" for r in rows)
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._flush)
        self._waiting.append((line.encode(), then))
        return message_id

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._file.write(b"".join(line for line, _then in waiting))
        if self._is_durable:
            os.fsync(self._file.fileno())
        for _line, then in waiting:
            then()

    def close(self) -> None:
        if self._file:
            if self._waiting:
                self._flush()
            self._file.close()


def read_truth(path: Path) -> list[Taken]:
    """Return what was taken, a half line of a killed sink left out."""
    lines = path.read_text().split("\n")[:-1] if path.exists() else []
    return [Taken(m, r, s, int(n)) for m, r, s, n in (line.split("\t") for line in lines)]
