"""The program of the process that opens strangers' files, started by its path.

It may die at any moment: its caller replaces it. What it answers is JSON and bytes, never objects.
"""

import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

LARGEST_FILE = 1 << 31  # bytes that it may write, for the rows of a workbook


def _limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    if sys.platform == "linux":  # others do not enforce it
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which closes the socket
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # kills at once, even while a library holds the interpreter


def _find(name: str) -> Callable[..., Any]:
    module, _colon, function = name.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found


def serve(connection: "Connection[Any, Any]") -> None:
    """Open files until the caller hangs up; the alarm clock ends what takes too long."""
    connection.send_bytes(b"ready")
    while True:
        try:
            name, content, options, seconds = connection.recv()
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            facts, parts = _find(name)(content, *options)
            answer = {"facts": facts, "parts": len(parts)}
        except MemoryError:
            os.abort()
        except Exception as fault:  # noqa: BLE001 - whatever a library says of a broken file is its answer
            parts, answer = (), {"error": f"{type(fault).__name__}: {fault}"[:500]}
        signal.setitimer(signal.ITIMER_REAL, 0)
        connection.send_bytes(json.dumps(answer).encode())
        for part in parts:
            connection.send_bytes(part)


if __name__ == "__main__":
    _limit(int(sys.argv[2]))
    serve(Connection(int(sys.argv[1])))
