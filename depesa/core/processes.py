"""Which process holds a lease, and whether it is proven dead."""

import os
import secrets
import socket
from functools import cache
from pathlib import Path

HOST = socket.gethostname()[:30].replace("/", "-")


@cache
def _me(pid: int) -> str:
    return f"{HOST}/{pid}/{_started(pid)}/{secrets.token_hex(4)}"


def me() -> str:
    """This process as the owner of leases: host, process id, start, and a random part."""
    return _me(os.getpid())


def is_dead(owner: str) -> bool:
    """Whether the owner's process is proven to be gone; false when it cannot be known from here."""
    parts = owner.split("/")
    if len(parts) != 4 or parts[0] != HOST or not parts[1].isdigit():
        return False
    pid, started = int(parts[1]), parts[2]
    if pid == os.getpid():
        return owner != me() and started != _started(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return _started(pid) != started


def _started(pid: int) -> str:
    """When the process started, in clock ticks since boot; empty where the system does not say."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
