"""Open a stranger's file in a process apart: ask, wait within limits, and answer for whatever happens there."""

import atexit
import json
import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from queue import Empty, LifoQueue
from threading import Lock
from typing import Any, Final

from depesa.core.errors import DomainError
from depesa.core.programs import start

WORKER: Final = Path(__file__).with_name("worker.py")
PROCESSES: Final = 2  # a file that takes its whole time holds up half of the others, not all
SECONDS: Final = 5.0  # for one file, unless its caller knows better
START: Final = 30.0  # seconds until a new process must be there
PATIENCE: Final = 20.0  # seconds to wait for a free process
MEMORY: Final = 1 << 30  # bytes of address space
MOST_SERVED: Final = 500  # files before a process is replaced, so that what leaks cannot grow
MOST_REMEMBERED: Final = 500  # files that ended a process; they are not tried again

type Open = Callable[..., tuple[Any, Sequence[bytes]]]  # of the file and what else it needs: facts for JSON, and bytes


class NotOpened(DomainError):
    """The file cannot be opened: it is damaged or locked, or it needs more time or memory than a file may take."""


class TooManyOpen(NotOpened):
    """Too many files are being opened just now. Try again in a moment."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What was found in a file: facts as JSON carries them, and parts such as pictures of pages."""

    facts: Any
    parts: tuple[bytes, ...] = ()


def open_apart(function: Open, content: bytes | str, *options: Any, seconds: float = SECONDS) -> Opened:
    """What the function finds in the file (its bytes, or its path), run in a process apart.

    The function is found there by its name, so it stands at the top of a module that needs no Django. NotOpened for
    whatever it raises, and where it needs more than `seconds` or 1 GiB of memory; such a file is not tried again.
    """
    return _sandbox(os.getpid()).open(f"{function.__module__}:{function.__qualname__}", content, options, seconds)


def open_if_sound(function: Open, content: bytes | str, *options: Any) -> Opened | None:
    """The same; None for a file that cannot be opened. TooManyOpen is raised, for that is no fault of the file."""
    try:
        return open_apart(function, content, *options)
    except TooManyOpen:
        raise
    except NotOpened:
        return None


@cache
def _sandbox(_pid: int) -> "Sandbox":
    """The one of this process; a fork has its own."""
    sandbox = Sandbox(PROCESSES)
    atexit.register(sandbox.close)
    return sandbox


class Sandbox:
    """Some processes that open files, started when they are needed and replaced when they end."""

    def __init__(self, processes: int) -> None:
        self._free: LifoQueue[_Process | None] = LifoQueue()
        for _ in range(processes):
            self._free.put(None)
        self._fatal: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def open(self, function: str, content: bytes | str, options: Sequence[Any], seconds: float) -> Opened:
        """Ask a free process; NotOpened with the reason in its cause."""
        key = _key(function, content)
        with self._lock:
            if key in self._fatal:
                raise NotOpened
        try:
            process = self._free.get(timeout=PATIENCE)
        except Empty:
            raise TooManyOpen from None
        try:
            process = process if process and process.is_fresh else _Process()
        except (EOFError, OSError) as end:
            self._free.put(None)
            raise NotOpened from end  # the file has no part in it
        try:
            return process.ask(function, content, options, seconds)
        except (EOFError, OSError) as end:
            process.end()
            self._remember(key)
            raise NotOpened from end
        finally:
            self._free.put(process)

    def close(self) -> None:
        """End the processes that are free."""
        while not self._free.empty():
            if process := self._free.get_nowait():
                process.end()

    def _remember(self, key: str) -> None:
        with self._lock:
            self._fatal[key] = None
            if len(self._fatal) > MOST_REMEMBERED:
                self._fatal.popitem(last=False)


def _key(function: str, content: bytes | str) -> str:
    """A file by its bytes; one that is named by its path by how it lies there now."""
    if isinstance(content, bytes):
        return f"{function} {sha256(content).hexdigest()}"
    found = Path(content).stat()
    return f"{function} {content} {found.st_size} {found.st_mtime_ns}"


class _Process:
    """One process, and the socket to it."""

    def __init__(self) -> None:
        self._process, self._connection = start(WORKER, str(MEMORY))
        self._served = 0
        try:
            self._await(START)
            self._connection.recv_bytes()
        except (EOFError, OSError):
            self.end()
            raise

    @property
    def is_fresh(self) -> bool:
        """Whether it may open one more file; one that has opened many ends, and one that ended is none."""
        if self._served < MOST_SERVED and self._process.poll() is None:
            return True
        self.end()
        return False

    def ask(self, function: str, content: bytes | str, options: Sequence[Any], seconds: float) -> Opened:
        self._served += 1
        self._connection.send((function, content, tuple(options), seconds))
        self._await(seconds + 1)
        found = json.loads(self._connection.recv_bytes())
        if "error" in found:
            raise NotOpened from ValueError(found["error"])
        return Opened(found["facts"], tuple(self._connection.recv_bytes() for _ in range(found["parts"])))

    def end(self) -> None:
        self._connection.close()
        self._process.kill()
        self._process.wait()

    def _await(self, seconds: float) -> None:
        if not self._connection.poll(seconds):
            raise TimeoutError
