"""The guards at the edges: no slow work under locks, and the places where a crash is rehearsed."""

import os
import random
import signal

from django.db import connection

# DEPESA_KILL_AT names where this process is to die, for example "after-permit:3" (the third time) or
# "*:0.03:7" (anywhere with a chance of 3 %, seed 7). The fault tests use it; in service it is not set.
_rehearsal = os.environ.get("DEPESA_KILL_AT", "").split(":")
_passed = 0
_dice = random.Random(_rehearsal[2] if len(_rehearsal) > 2 else 0)  # noqa: S311


def kill_point(name: str) -> None:
    """Die here by SIGKILL if the rehearsal says so; otherwise nothing."""
    global _passed
    where = _rehearsal[0]
    if where == name:
        _passed += 1
        is_time = _passed == int(_rehearsal[1] if len(_rehearsal) > 1 else "1")
    else:
        is_time = where == "*" and _dice.random() < float(_rehearsal[1])
    if is_time:
        os.kill(os.getpid(), signal.SIGKILL)


def assert_outside_transaction() -> None:
    """Raise RuntimeError inside a transaction; blocks opened by a test case do not count."""
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise RuntimeError("network, PDF and mail work must run outside a transaction")
