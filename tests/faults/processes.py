"""Depesa processes of their own that begin at once: forks of a process that has loaded Depesa already.

Each lives, holds its locks, dies and ends as any other; spared is loading the same code for every one of them. What a
start by the command line does is for the tests of the house and of the commands.
"""

import atexit
import importlib
import multiprocessing
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

from django.conf import settings
from django.db import connections

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.faults.loaded"])


class Apart:
    """A process that runs a few lines of Python in the environment of a Depesa."""

    def __init__(self, env: dict[str, str], code: str, *words: str) -> None:
        self._said = tempfile.TemporaryDirectory()
        self._process = _forks.Process(target=_live, args=(env, code, words, self._said.name))
        self._process.start()

    def is_alive(self) -> bool:
        """Whether it has not come to its end yet."""
        return self._process.is_alive()

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()

    def ended(self, timeout: float = 400) -> subprocess.CompletedProcess[str]:
        """What it printed, once it has come to its end."""
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            self.kill()
            raise subprocess.TimeoutExpired(self._said.name, timeout)
        self._process.close()
        with self._said as folder:
            files = [Path(folder, name) for name in ("1", "2")]  # not there yet if it was killed at once
            said = [file.read_text() if file.exists() else "" for file in files]
        return subprocess.CompletedProcess((), code, *said)


def _live(env: dict[str, str], code: str, words: tuple[str, ...], folder: str) -> None:
    """In the fork: become a process that was started in this environment, as far as Depesa can see."""
    for number in (1, 2):
        with Path(folder, str(number)).open("wb") as file:
            os.dup2(file.fileno(), number)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["-c", *words]
    if env.get("PYTHONWARNINGS") == "ignore":
        warnings.simplefilter("ignore")
    for name in ("depesa.config.settings", "depesa.core.edges"):  # the two that read the environment
        importlib.reload(sys.modules[name])
    settings._setup()
    vars(connections).pop("settings", None)
    connections.__init__()
    try:
        exec(compile(code, "<lines>", "exec"), {"__name__": "__main__"})
    finally:
        atexit._run_exitfuncs()
