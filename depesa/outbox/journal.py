"""The permit journal: what was allowed to leave, written outside the database before it leaves.

One append-only file a process, one line an event, tab-separated:

    P  epoch  permit  token  delivery  permit_seq  message_id  utc      before the final dot
    R  token  code  enhanced  text                                      after the reply

A database that was restored from a backup knows less than its journals; that is how it is found out.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Permit:
    """One final dot that was allowed."""

    epoch: int
    number: int
    token: str
    delivery: int
    permit_seq: int
    message_id: str
    at: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said to the dot of that token."""

    token: str
    code: int
    enhanced: str
    text: str


class Journal:
    """The file of this process."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{name.replace('/', '.')}.log"
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def permits(self, permits: Iterable[Permit]) -> None:
        """Write the permits and wait until the disk has them; OSError means that no dot may be sent."""
        text = "".join(
            f"P\t{p.epoch}\t{p.number}\t{p.token}\t{p.delivery}\t{p.permit_seq}\t{p.message_id}\t{p.at}\n"
            for p in permits
        )
        self._write(text)
        os.fdatasync(self._file)

    def answers(self, answers: Iterable[Answer]) -> None:
        """Write the answers; they reach the disk with the next permits, or when the system writes them out."""
        self._write("".join(f"R\t{a.token}\t{a.code}\t{a.enhanced}\t{_one_line(a.text)}\n" for a in answers))

    def _write(self, text: str) -> None:
        data = memoryview(text.encode())
        while data:
            data = data[os.write(self._file, data) :]

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def _one_line(text: str) -> str:
    return text[:200].replace("\t", " ").replace("\n", " ").replace("\r", " ")


def read(folder: Path) -> Iterator[Permit | Answer]:
    """Every whole line of every journal in the folder; a torn last line is not there."""
    for path in sorted(folder.glob("*.log")):
        with path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if line.endswith("\n") and (event := _parsed(line[:-1].split("\t"))):
                    yield event


def _parsed(cells: list[str]) -> Permit | Answer | None:
    match cells:
        case ["P", epoch, number, token, delivery, permit_seq, message_id, at]:
            return Permit(int(epoch), int(number), token, int(delivery), int(permit_seq), message_id, at)
        case ["R", token, code, enhanced, text]:
            return Answer(token, int(code), enhanced, text)
    return None


def highest(folder: Path) -> int:
    """The number of the last permit that any journal knows, 0 without journals."""
    return max((event.number for event in read(folder) if isinstance(event, Permit)), default=0)
