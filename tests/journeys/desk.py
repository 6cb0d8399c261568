"""A Depesa of our own: real processes, a data folder and a SQLite file of their own, letters into its catcher."""

import json
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.database import ROOT, environment, python

PATIENCE = 180.0
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Desk:
    """Where it answers, and where on it is what."""

    url: str
    catcher_port: int
    places: dict[str, str]
    env: dict[str, str]
    log: Path

    def address(self, path: str) -> str:
        """The whole address of a page; {names} are places of the stage."""
        return self.url + path.format(**self.places)

    def begin_anew(self) -> None:
        """Take away what people leave behind for themselves, so that no journey finds another one's marks."""
        with closing(sqlite3.connect(self.file, timeout=PATIENCE, autocommit=True)) as database:
            database.execute("DELETE FROM ui_mark")

    def caught(self, key: int) -> bytes:
        """A letter in the catcher as its reader has it, with links that its page shows to nobody."""
        with closing(sqlite3.connect(self.file, timeout=PATIENCE)) as database:
            [(content,)] = database.execute("SELECT content FROM catcher_caughtletter WHERE id = ?", [key])
        return content

    @property
    def file(self) -> str:
        """The database as a file."""
        return self.env["DEPESA_DATABASE_URL"].removeprefix("sqlite:///")

    def run(self, code: str) -> str:
        """What a few lines inside a Depesa process print."""
        done = python(self.env, code)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@contextmanager
def opened(folder: Path):
    """The desk with its stage set, from the first answer of its pages until the end of the session."""
    port, catcher_port = _free_ports(2)
    env = environment(
        folder,
        f"sqlite:///{folder / 'depesa.sqlite3'}",
        DEPESA_CATCHER_PORT=str(catcher_port),
        DEPESA_SMTP_URL="",
        DEPESA_SITE_URL=f"http://127.0.0.1:{port}",
        DEPESA_DEBUG="False",
    )
    staged = subprocess.run(
        [sys.executable, "-m", "tests.journeys.stage"], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert staged.returncode == 0, staged.stderr
    log = folder / "serve.log"
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "depesa", "serve", "--port", str(port)],
            env=env, cwd=ROOT, stdout=errors, stderr=errors, start_new_session=True,
        )  # fmt: skip
    desk = Desk(f"http://127.0.0.1:{port}", catcher_port, json.loads(staged.stdout), env, log)
    try:
        _wait_for(desk, process)
        yield desk
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(35)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _wait_for(desk: Desk, process: subprocess.Popen) -> None:
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        assert process.poll() is None, desk.log.read_text()
        try:
            with urllib.request.urlopen(f"{desk.url}/account/login/", timeout=10):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"Depesa did not answer:\n{desk.log.read_text()}")
