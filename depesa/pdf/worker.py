"""The program of one worker process: Typst kept warm behind a socket.

It is started by path, imports nothing of Depesa and may die at any moment: the renderer replaces it.
What it answers is bytes and JSON, never objects, because it runs what users wrote.
"""

import json
import os
import re
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

import typst

NO_GLYPH = ("could not be displayed with", "disallowed codepoint")
REPLACEMENT = "\ufffd"
ACCESSIBLE, BARRIER = "ua-1", "PDF/UA-1 error"
PLACE = re.compile(r"┌─ (\S+?):(\d+):(\d+)")


@dataclass(frozen=True, slots=True)
class Request:
    """One job as it travels: the fields of jobs.Job, flattened."""

    files: dict[str, bytes]
    options: dict[str, Any]
    is_users: bool
    timeout: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A PDF or Typst's reason against it, characters that no font has, and why it is not accessible."""

    pdf: bytes | None = None
    error: str = ""
    missing: tuple[str, ...] = ()
    barrier: str = ""


class Typesetter:
    """Typst with its fonts and two roots: built-in templates, and users' own that see nothing but images."""

    def __init__(self, trusted: str, users: str, nowhere: str, fonts: str) -> None:
        found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
        self._compile = [
            _compiler(typst.Compiler(root=root, font_paths=found, package_path=nowhere, package_cache_path=nowhere))
            for root in (trusted, users)
        ]
        self._coverage = Path(fonts, "coverage.txt")
        self._unprintable: re.Pattern[str] | None = None
        self._compile[0]({"main.typ": b'#set text(font: "Depesa Sans")\nx'}, {})

    def answer(self, request: Request) -> Answer:
        """The PDF or a reason; a character without glyph is replaced and named, never a reason to fail."""
        notes = Answer()
        while True:
            try:
                return replace(notes, pdf=self._compile[request.is_users](request.files, request.options))
            except (RuntimeError, ValueError, OSError) as refusal:
                reason = _sentence(refusal)
            if not notes.missing and any(sign in reason for sign in NO_GLYPH):
                request, missing = self._without_unprintable(request)
                notes = replace(notes, missing=missing)
                if missing:
                    continue
            if not (request.is_users and BARRIER in reason and ACCESSIBLE in request.options["pdf_standards"]):
                return replace(notes, error=reason)
            request = _less_accessible(request)
            notes = replace(notes, barrier=reason)

    def _without_unprintable(self, request: Request) -> tuple[Request, tuple[str, ...]]:
        if self._unprintable is None:
            self._unprintable = _pattern_outside(self._coverage.read_text("ascii"))
        pattern = self._unprintable
        missing: dict[str, None] = {}

        def mark(match: re.Match[str]) -> str:
            missing[match[0]] = None
            return REPLACEMENT

        data = _map_texts(json.loads(request.files["data.json"]), lambda text: pattern.sub(mark, text))
        files = request.files | {"data.json": json.dumps(data, ensure_ascii=False).encode()}
        return replace(request, files=files), tuple(missing)


def _less_accessible(request: Request) -> Request:
    """Users' templates may do without title and language; they are archivable all the same."""
    standards = [standard for standard in request.options["pdf_standards"] if standard != ACCESSIBLE]
    return replace(request, options=request.options | {"pdf_standards": standards})


def _compiler(compiler: typst.Compiler) -> Callable[[dict[str, bytes], dict[str, Any]], bytes]:
    # The stubs of typst do not know yet that `input` takes files in memory.
    def compile_files(files: dict[str, bytes], options: dict[str, Any]) -> bytes:
        return cast("bytes", compiler.compile(input=cast("bytes", files), **options))

    return compile_files


def _map_texts(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_map_texts(item, change) for item in value]
    if isinstance(value, dict):
        return {key: _map_texts(item, change) for key, item in value.items()}
    return value


def _pattern_outside(coverage: str) -> re.Pattern[str]:
    ranges = (line.split("-") for line in coverage.split())
    return re.compile("[^\n\t\r" + "".join(f"\\U{int(a, 16):08x}-\\U{int(b, 16):08x}" for a, b in ranges) + "]")


def _sentence(refusal: Exception) -> str:
    """What Typst says, where, and its hints, in one line."""
    message = str(getattr(refusal, "message", refusal)).replace(str(Path.cwd()), "").strip()
    place = PLACE.search(str(getattr(refusal, "diagnostic", "")))
    where = f" ({place[1].lstrip('/')}, line {place[2]}, column {place[3]})" if place else ""
    hints = "".join(f" Hint: {hint}." for hint in getattr(refusal, "hints", ()))
    return f"{message}{where}.{hints}"


def _limit(memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # others do not enforce it
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which closes the socket
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # kills at once, even while Typst holds the interpreter


def serve(connection: "Connection[Any, Any]", typesetter: Typesetter) -> None:
    """Answer jobs until the renderer hangs up; the alarm clock ends a job that takes too long."""
    connection.send_bytes(b"ready")
    while True:
        try:
            request = Request(*connection.recv())
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_REAL, request.timeout)
        try:
            answer = typesetter.answer(request)
        except MemoryError:
            os.abort()
        signal.setitimer(signal.ITIMER_REAL, 0)
        head = [answer.pdf is not None, answer.error, answer.missing, answer.barrier]
        connection.send_bytes(json.dumps(head).encode())
        if answer.pdf is not None:
            connection.send_bytes(answer.pdf)


def main() -> None:
    """Arguments: socket, memory limit in bytes, the two roots, an empty directory, the fonts."""
    socket, memory, *paths = sys.argv[1:]
    _limit(int(memory))
    serve(Connection(int(socket)), Typesetter(*paths))


if __name__ == "__main__":
    main()
