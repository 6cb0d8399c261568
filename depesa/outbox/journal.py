"""The permit journal: what was allowed to leave, written outside the database before it leaves.

One file a process that only grows, one line an event, tab-separated, the CRC-32 of what stands before at its end:

    H  boot  owner  file                                                first, and in a file that was made anew
    P  epoch  permit  token  delivery  permit_seq  message_id  utc      before the final dot, on the disk
    D  token                                                            just before the dot goes out
    R  token  code  enhanced  text                                      as soon as the reply to the dot is read

P reaches the disk before anything else happens; D and R are in the system's hands, so that a killed process takes
nothing back, and only a power cut might. A database that was restored from a backup knows less than its journals; that
is how it is found out. A line that was torn is passed over and counted.

While a process may send dots, it holds a lock on its file, which ends with it. A copy of the file, or one that was put
back, proves no dot unsent.
"""

import fcntl
import os
import sys
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from zlib import crc32

from depesa.core.processes import BOOT

RESERVE: Final = 64 * 1024  # bytes that the disk keeps for us, so that a full one is known before a letter is leased
_GET_GENERATION: Final = 0x80087601  # FS_IOC_GETVERSION of Linux
_LINE: Final = 400  # bytes that the lines of one letter may take


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


@dataclass(slots=True)
class Book:
    """What the journal of one process says: which boot of the machine it saw, its permits, dots and answers."""

    boot: str = ""
    is_original: bool = False  # no copy, nothing that was put back, and no line of it was changed
    permits: list[Permit] = field(default_factory=list)
    dots: set[str] = field(default_factory=set)
    answers: dict[str, Answer] = field(default_factory=dict)
    torn: list[int] = field(default_factory=list)  # numbers of lines that nobody can read

    def surely_kept(self, token: str) -> bool:
        """Whether the dot of this token was surely never sent: its process did not say so, and no power was cut.

        It proves something of a process only that has come to its end before the journal was read.
        """
        return self.boot == BOOT and self.is_original and token not in self.dots


class Journal:
    """The file of this process; permits come from the desk, dots and answers from the postman's thread."""

    def __init__(self, folder: Path, owner: str) -> None:
        """Open it and let the disk reserve room; OSError means that nothing may be leased."""
        self.path, self._owner = path_of(folder, owner), owner
        self._lock = threading.Lock()
        self._under_way: dict[str, list[str]] = {}  # the lines of each letter whose end the database does not know yet
        self._open()

    def reserve(self, letters: int) -> None:
        """Let the disk keep room for so many letters; OSError means that it has none."""
        with self._lock:
            if self._end + letters * _LINE > self._kept:
                self._keep(letters * _LINE)

    def permits(self, permits: Iterable[Permit]) -> None:
        """Write the permits and wait until the disk has them; OSError means that no dot may be sent."""
        lines = {each.token: _line("P", *_cells(each)) for each in permits}
        with self._lock:
            self._write(lines.values())
            self._under_way |= {token: [line] for token, line in lines.items()}
        os.fdatasync(self._file)  # meanwhile the postman may write down what he hears

    def dot(self, token: str) -> bool:
        """Say that the dot of this letter goes out now; False if that cannot be said, and it must not."""
        return self._note(token, _line("D", token))

    def answer(self, answer: Answer) -> bool:
        """Say what the server answered; False if that cannot be said, which loses nothing but the proof."""
        return self._note(answer.token, _line("R", answer.token, answer.code, answer.enhanced, _plain(answer.text)))

    def forget(self, tokens: Iterable[str]) -> None:
        """The database knows how these ended."""
        with self._lock:
            for token in tokens:
                self._under_way.pop(token, None)

    def knows_dot(self, token: str) -> bool:
        """Whether the dot of this letter, whose end the database does not know, has gone out."""
        with self._lock:
            return len(self._under_way.get(token, ())) > 1

    def is_there(self) -> bool:
        """Whether the file still has its name; one that was deleted is made anew, with all that is under way."""
        with self._lock:
            try:
                if os.path.samestat(self.path.stat(), os.fstat(self._file)):
                    return True
            except FileNotFoundError:
                pass
            os.close(self._file)
            self._open()
            self._write(line for lines in self._under_way.values() for line in lines)
            os.fsync(self._file)
        return False

    def close(self) -> None:
        """Close the file and give back the room that was not needed."""
        os.ftruncate(self._file, self._end)
        _lock(self._file, fcntl.LOCK_UN)  # a child that was forked meanwhile holds it, too
        os.close(self._file)

    def _open(self) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._file, fcntl.LOCK_SH)
            self._end = self._kept = _end_of_lines(self._file)
            self._keep(RESERVE)
            if not self._end:
                self._write([_line("H", BOOT, self._owner, which(self._file))])
                os.fsync(self._file)
                _sync_folder(self.path.parent)
        except OSError:
            os.close(self._file)
            raise

    def _note(self, token: str, line: str) -> bool:
        with self._lock:
            try:
                self._write([line])
            except OSError:
                return False
            self._under_way.setdefault(token, []).append(line)
        return True

    def _write(self, lines: Iterable[str]) -> None:
        """Write at the end; what is written of it when the disk is full counts as not there."""
        data, at = memoryview("".join(lines).encode()), self._end
        while data:
            done = os.pwrite(self._file, data, at)
            data, at = data[done:], at + done
        self._end = at

    def _keep(self, room: int) -> None:
        until = self._end + max(room, RESERVE)
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(self._file, self._end, until - self._end)
        self._kept = until


def _end_of_lines(file: int) -> int:
    """Where the last whole line ends; what stands behind it is room that was kept, or half a line."""
    at = os.fstat(file).st_size
    while at:
        start = max(0, at - RESERVE)
        if end := os.pread(file, at - start, start).rfind(b"\n") + 1:
            return start + end
        at = start
    return 0


def which(file: int) -> str:
    """Which file or folder this is: no copy has the same, nor one that was made anew where the file system counts."""
    try:
        generation = int.from_bytes(fcntl.ioctl(file, _GET_GENERATION, bytes(8))[:4], sys.byteorder)
    except OSError:
        generation = 0
    return f"{os.fstat(file).st_ino}-{generation}"


def _lock(file: int, how: int) -> bool:
    """Whether we have it now; never where the file system knows no locks."""
    try:
        fcntl.flock(file, how)
    except OSError:
        return False
    return True


def is_left(path: Path) -> bool:
    """Whether nobody writes into this journal any more: whoever opened it has closed it, or is dead."""
    try:
        with path.open("r+b") as file:
            return _lock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False


def _sync_folder(folder: Path) -> None:
    """The name of a new file is on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def path_of(folder: Path, owner: str) -> Path:
    """Where the journal of a process lies."""
    return folder / f"{owner.replace('/', '.')}.log"


def owner_of(path: Path) -> str:
    """The process whose journal this is."""
    return path.stem.replace(".", "/")


def _cells(permit: Permit) -> Iterator[object]:
    p = permit
    yield from (p.epoch, p.number, p.token, p.delivery, p.permit_seq, p.message_id, p.at)


def _line(*cells: object) -> str:
    text = "\t".join(map(str, cells))
    return f"{text}\t{crc32(text.encode()):08x}\n"


def _plain(text: str) -> str:
    return text[:200].replace("\t", " ").replace("\n", " ").replace("\r", " ")


def book_of(path: Path) -> Book:
    """Read the journal of one process; an empty book where there is none."""
    book = Book()
    if not path.exists():
        return book
    with path.open("rb") as lines:
        file = which(lines.fileno())
        for number, line in enumerate(lines, start=1):
            if line.strip(b"\0"):
                _enter(book, number, line.lstrip(b"\0"), file)
    return book


def _enter(book: Book, number: int, line: bytes, file: str) -> None:
    text, _tab, checksum = line.rstrip(b"\n").rpartition(b"\t")
    if not line.endswith(b"\n") or f"{crc32(text):08x}".encode() != checksum:
        book.torn.append(number)
        book.is_original &= not line.endswith(b"\n")  # who is killed leaves half a line at the end, and no other
        return
    match text.decode().split("\t"):
        case ["H", boot, _owner, written_into]:
            book.boot, book.is_original = boot, written_into == file
        case ["P", epoch, permit, token, delivery, permit_seq, message_id, at]:
            numbers = int(epoch), int(permit), token, int(delivery), int(permit_seq)
            book.permits.append(Permit(*numbers, message_id, at))
        case ["D", token]:
            book.dots.add(token)
        case ["R", token, code, enhanced, said]:
            book.answers[token] = Answer(token, int(code), enhanced, said)
        case _:
            book.torn.append(number)


def books(folder: Path) -> dict[Path, Book]:
    """Every journal of the folder, by its file."""
    return {path: book_of(path) for path in sorted(folder.glob("*.log"))}


def highest(books: Iterable[Book]) -> int:
    """The number of the last permit that any of these journals knows, 0 without one."""
    return max((permit.number for book in books for permit in book.permits), default=0)
