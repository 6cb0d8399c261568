"""Depesa in one command: pages, worker, postman and mail catcher as processes that are watched over."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from depesa.config.tables import misfit
from depesa.outbox.models import Channel
from depesa.outbox.services import examine
from depesa.outbox.services.quarantine import is_quarantined

log = logging.getLogger("depesa.serve")

CALM = 60.0  # a part that ran longer than this starts anew at once, a shorter one after a growing pause


@dataclass
class Part:
    """One process of the house."""

    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    failures: int = 0
    start_at: float = 0.0

    def start(self) -> None:
        """Start the process; it stops when we do, even if we are killed (it watches its parent)."""
        env = {**os.environ, "DEPESA_HOUSE": str(os.getpid())}
        self.process = subprocess.Popen(self.command, start_new_session=True, env=env)
        self.started_at = time.monotonic()

    def look_after(self) -> None:
        """Start again what has died; one that keeps dying waits longer each time, a minute at most."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.start()
        elif (status := self.process.poll()) is not None:
            self.failures = 0 if now - self.started_at > CALM else self.failures + 1
            self.start_at = now + min(60.0, 0.5 * 2**self.failures)
            log.warning("%s ended with %s, it starts again", self.name, status)
            self.process = None


class House:
    """All parts, started together and stopped together."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self.stop = threading.Event()

    def start(self) -> None:
        """Start every part; SIGTERM and Ctrl-C are remembered from here on."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop.set())
        for part in self.parts:
            part.start()

    def look_after(self) -> None:
        """Start again whatever has died."""
        for part in self.parts:
            part.look_after()

    def watch(self) -> None:
        """Look after the parts until asked to stop."""
        while not self.stop.wait(0.3):
            self.look_after()

    def close(self) -> None:
        """Ask every part to end; kill what has not ended after the grace."""
        deadline = time.monotonic() + settings.DEPESA_GRACE
        # The catcher ends last: the postman may still be handing letters to it.
        others, catcher = self.parts[1:], self.parts[:1]
        for parts in (others, catcher):
            self._end([part.process for part in parts if part.process and part.process.poll() is None], deadline)

    def _end(self, processes: "list[subprocess.Popen[bytes]]", deadline: float) -> None:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                log.warning("a part did not end in time; letters whose answer it waited for are uncertain")


def say_what_was_found(command: BaseCommand) -> None:
    """Say why letters do not leave from here.

    A place that has no part in the installation, and a program whose tables these are not, end with status 2.
    """
    if problem := misfit():
        raise CommandError(problem, returncode=2)
    if reason := examine():
        if not is_quarantined():
            raise CommandError(reason, returncode=2)
        command.stderr.write(f"Letters are under quarantine: {reason}")


def depesa(*words: str) -> list[str]:
    """The command line of another Depesa process."""
    return [sys.executable, "-m", "depesa", *words]


def watch_parent() -> None:
    """End this process when its parent has gone, so that a killed house leaves nobody behind."""
    # Named by the house, because a house may be gone before its part has come so far as to ask.
    parent = int(os.environ.get("DEPESA_HOUSE") or os.getppid())

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="watch-parent", daemon=True).start()


def use_catcher(port: int) -> None:
    """Letters of the default channel go to our own mail catcher on this port, whatever the environment says."""
    os.environ.pop("DEPESA_SMTP_URL", None)
    os.environ["DEPESA_CATCHER_PORT"] = str(port)
    settings.DEPESA_SMTP_URL, settings.DEPESA_CATCHER_PORT = "", port
    Channel.objects.filter(is_default=True).exclude(code="catcher").update(is_default=False)
    lead_to_catcher(port)
    Channel.objects.filter(code="catcher").update(is_default=True)


def lead_to_catcher(port: int) -> None:
    """The catcher's channel leads to where our catcher listens."""
    Channel.objects.filter(code="catcher", host="127.0.0.1").exclude(port=port).update(port=port)
