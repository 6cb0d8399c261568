"""`depesa serve`: one command, watched parts, a graceful end."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.faults.database import ROOT


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _parts(pid: int) -> dict[str, int]:
    """The running parts of the house by name."""
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        if b"part" in words:
            found[words[words.index(b"part") + 1].decode()] = int(child)
    return found


def _until(question, seconds=300.0):
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if answer := question():
            return answer
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/account/login/", timeout=30) as page:
            return page.status == 200
    except OSError:
        return False


@pytest.fixture
def house(desk):
    port = _free_port()
    env = {**desk, "DEPESA_CATCHER_PORT": str(_free_port())}
    process = subprocess.Popen([sys.executable, "-m", "depesa", "serve", "--port", str(port)], env=env, cwd=ROOT)
    try:
        _until(lambda: _answers(port))
        yield process, port
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


@pytest.mark.slow
def test_part_that_dies_starts_again_and_all_end_together(house):
    process, port = house
    before = _parts(process.pid)
    assert set(before) == {"pages", "work", "post", "catcher"}

    os.kill(before["work"], signal.SIGKILL)
    after = _until(lambda: (now := _parts(process.pid)).get("work", before["work"]) != before["work"] and now)
    assert {name: pid for name, pid in after.items() if name != "work"} == {
        name: pid for name, pid in before.items() if name != "work"
    }

    process.terminate()
    assert process.wait(180) == 0
    assert not _answers(port)
    assert not [pid for pid in after.values() if Path(f"/proc/{pid}").exists()]


@pytest.mark.slow
def test_parts_end_by_themselves_when_the_house_is_killed(house):
    process, _port = house
    parts = _parts(process.pid)
    process.kill()
    process.wait()
    _until(lambda: not [pid for pid in parts.values() if _is_alive(pid)])


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
