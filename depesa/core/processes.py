"""Which process holds a lease, and whether it is proven dead.

Hosts may share a name (containers do), and process ids mean something in one PID namespace of one boot only. So an
owner names all of these, and death is claimed only where they are our own, or where the machine has started anew since.
"""

import hashlib
import os
import secrets
import socket
from functools import cache
from pathlib import Path
from typing import Final

_WHOLE_MACHINE: Final = "4026531836"  # the PID namespace that is there from the boot on, of every Linux

_ENDED: Final = {"Z", "X"}  # states of a process; while one of its threads lives, it counts as alive


def _said(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return ""


def _namespace() -> str:
    try:
        return str(Path("/proc/self/ns/pid").readlink()).strip("pid:[]")
    except OSError:
        return ""


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8] if text else "-"


HOST: Final = socket.gethostname()[:30].replace("/", "-").replace(".", "-")
MACHINE: Final = _short(_said("/etc/machine-id"))
BOOT: Final = _short(_said("/proc/sys/kernel/random/boot_id"))
NAMESPACE: Final = _namespace() or "-"


@cache
def _me(pid: int) -> str:
    return f"{HOST}/{MACHINE}/{BOOT}/{NAMESPACE}/{pid}/{_started(pid)}/{secrets.token_hex(4)}"


def me() -> str:
    """This process as the owner of leases: host, machine, boot, PID namespace, process id, start, and a random part."""
    return _me(os.getpid())


def is_dead(owner: str) -> bool:
    """Whether the owner's process is proven to be gone; false when it cannot be known from here."""
    parts = owner.split("/")
    if len(parts) != 7 or not parts[4].isdigit():
        return False
    host, machine, boot, namespace, number, started, _chance = parts
    if (host, machine) != (HOST, MACHINE):
        return False
    if boot != BOOT:
        return MACHINE != "-" and namespace == NAMESPACE == _WHOLE_MACHINE
    if namespace != NAMESPACE:
        return False
    pid = int(number)
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
    """When the process started, in clock ticks since boot; empty where the system does not say.

    Also empty of one that has ended and that nobody has asked about, as happens in containers: it does nothing more.
    """
    try:
        said = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if said[0] in _ENDED and int(said[17]) <= 1 else said[19]
    except (OSError, IndexError):
        return ""
