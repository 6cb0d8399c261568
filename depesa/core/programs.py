"""Start a program of ours apart: it gets a socket, none of our secrets, and proxies that lead nowhere."""

import os
import socket
import struct
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any, Final

INHERITED: Final = ("PATH", "LD_LIBRARY_PATH", "LD_PRELOAD", "LANG", "TZ")
STALL: Final = struct.pack("@ll", 30, 0)  # timeval: a program that stops in the middle of a message is dead


def start(
    program: Path, *arguments: str, cwd: Path | None = None, stderr: IO[bytes] | int = subprocess.DEVNULL
) -> "tuple[subprocess.Popen[bytes], Connection[Any, bytes]]":
    """The process and the connection to it; the number of its socket is the first argument of the program."""
    ours, theirs = socket.socketpair()
    for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        ours.setsockopt(socket.SOL_SOCKET, option, STALL)
    process = subprocess.Popen(
        [sys.executable, "-P", str(program), str(theirs.fileno()), *arguments],
        pass_fds=(theirs.fileno(),),
        cwd=cwd,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=stderr,
    )
    theirs.close()
    return process, Connection(ours.detach())


def _environment() -> dict[str, str]:
    """What a program needs and nothing else; every proxy is a closed port, so downloads fail at once."""
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    proxies = {f"{scheme}_proxy": "http://127.0.0.1:9" for scheme in ("http", "https", "all")}
    return {
        **kept,
        **proxies,
        **{name.upper(): value for name, value in proxies.items()},
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "RAYON_NUM_THREADS": "1",  # parallelism comes from processes
        "MALLOC_ARENA_MAX": "2",
    }
