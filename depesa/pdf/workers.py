"""One worker process as the renderer sees it: give it jobs, take answers, learn why it died."""

import json
import signal
import subprocess
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic
from typing import Any

from depesa.core.programs import start
from depesa.core.reasons import gettext as _
from depesa.files.inspection import active_content
from depesa.files.sandbox import TooManyOpen
from depesa.pdf.folders import Folders, place_of
from depesa.pdf.jobs import Job, Rendered

WORKER = Path(__file__).with_name("worker.py")
GRACE = 5.0  # seconds after which the renderer no longer trusts the worker's own alarm clock
START = 60.0  # seconds a worker may take until it has read its fonts
NAMED_CHARACTERS = 8
LAST_WORDS = 300
AHEAD_JOBS = 16
AHEAD_BYTES = 64 * 1024  # fits into a socket's buffer, so that handing over a job ahead never blocks
MAIN = b'#import "%b": sheet\n#sheet(json("/data.json"))\n'
USERS_MAIN = b'#set text(font: ("Depesa Sans", "Depesa Sans Wide"), size: 10pt)\n#include "/template.typ"\n'
ATTACH = b"""#for (index, file) in json("/attachments.json").enumerate() {
  pdf.attach(file.name, bytes(read("/attached-" + str(index))), relationship: "data", mime-type: file.type,
    description: file.description)
}
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a job may use."""

    seconds: float
    users_seconds: float
    memory_bytes: int

    def seconds_of(self, job: Job) -> float:
        return self.users_seconds if job.source else self.seconds


@dataclass(slots=True)
class Ticket:
    """A job on its way, and how many workers have died over it."""

    job: Job
    deaths: int = 0


@dataclass(slots=True)
class Death:
    """How a worker ended: by its own clock, for want of memory, or for a reason outside."""

    was_late: bool
    was_hungry: bool
    last_words: str


def _request(job: Job, seconds: float) -> tuple[dict[str, bytes], dict[str, Any], bool, float]:
    """The fields of worker.Request. Values travel as a JSON file, never as source."""
    main = USERS_MAIN if job.source else MAIN % place_of(job.template).encode("ascii")
    files = {"main.typ": main, "data.json": job.data}
    if job.source:
        files["template.typ"] = job.source.encode(errors="replace")
    if job.attachments:
        files["main.typ"] = main + ATTACH
        files["attachments.json"] = json.dumps(
            [{"name": a.name, "type": a.media_type, "description": a.description} for a in job.attachments]
        ).encode()
        files |= {f"attached-{index}": a.content for index, a in enumerate(job.attachments)}
    options = {"timestamp": job.timestamp, "pdf_standards": job.standards, "pdf_tags": job.tagged}
    return files, options, bool(job.source), seconds


@dataclass(eq=False)
class Worker:
    """A worker process and the jobs it holds, in the order in which it answers them."""

    folders: Folders
    limits: Limits
    tickets: deque[Ticket] = field(default_factory=deque)
    served: int = 0
    is_ready: bool = False

    def __post_init__(self) -> None:
        self._words = TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process, self.connection = start(
            WORKER,
            str(self.limits.memory_bytes),
            *self.folders.arguments,
            cwd=self.folders.users_root,  # so that messages name files as users know them
            stderr=self._words,
        )
        self._ahead_bytes = 0
        self._due_at = monotonic() + START

    @property
    def due_at(self) -> float:
        """When the next answer must have come, on the monotonic clock."""
        return self._due_at

    def has_room_for(self, job: Job) -> bool:
        """Whether the job may be handed over now without the risk that both ends wait for each other."""
        if not self.tickets:
            return True
        weight = self._ahead_bytes + _weight(job)
        return len(self.tickets) < AHEAD_JOBS and weight <= AHEAD_BYTES

    def assign(self, ticket: Ticket) -> None:
        """Hand over a job; OSError when the worker is gone, which the next `take` notices too."""
        seconds = self.limits.seconds_of(ticket.job)
        if not self.tickets:
            self._ahead_bytes = 0
        self.tickets.append(ticket)
        self._ahead_bytes += _weight(ticket.job)
        if self.is_ready and len(self.tickets) == 1:
            self._expect_next()
        self.folders.admit(ticket.job)
        self.connection.send(_request(ticket.job, seconds))

    def take(self) -> Rendered | None:
        """The next answer, None for the sign of its start; EOFError or OSError when the worker is gone."""
        header = self.connection.recv_bytes()
        if not self.is_ready:
            self.is_ready = True
            self._expect_next()
            return None
        has_pdf, error, missing, barrier = json.loads(header)
        pdf = self.connection.recv_bytes() if has_pdf else None
        ticket = self.tickets.popleft()
        self._ahead_bytes -= _weight(ticket.job)
        self.served += 1
        self._expect_next()
        if pdf and ticket.job.source:
            pdf, error = _harmless(pdf)
        return Rendered(ticket.job.key, pdf, error, _warnings(missing, barrier))

    def _expect_next(self) -> None:
        if self.tickets:
            self._due_at = monotonic() + self.limits.seconds_of(self.tickets[0].job) + GRACE

    def hang_up(self) -> None:
        """Let the process end by itself when it has nothing to do."""
        self.connection.close()

    def stop(self) -> Death:
        """End the process, whatever it does, and say what it died of if it was dead already."""
        was_overdue = self.is_ready and bool(self.tickets) and monotonic() > self._due_at
        was_late = False
        self.hang_up()
        try:
            code = self._process.wait(0.5)
        except subprocess.TimeoutExpired:
            was_late = was_overdue
            self._process.kill()
            code = self._process.wait()
        self._words.seek(0)
        words = self._words.read().decode(errors="replace").strip()
        self._words.close()
        last_words = words.rpartition("\n")[2][:LAST_WORDS]
        return Death(was_late or code == -signal.SIGALRM, code == -signal.SIGABRT, last_words)


def _harmless(pdf: bytes) -> tuple[bytes | None, str]:
    """The PDF that a user's template made, or why nobody should get it."""
    try:
        why = active_content(pdf)
    except TooManyOpen as problem:
        why = str(problem)
    return (None, _("The template makes more than pages. %(why)s") % {"why": why}) if why else (pdf, "")


def _warnings(missing: list[str], barrier: str) -> tuple[str, ...]:
    found = []
    if missing:
        names = ", ".join(_name(character) for character in missing[:NAMED_CHARACTERS])
        names += " …" if len(missing) > NAMED_CHARACTERS else ""
        found.append(_("No font has %(characters)s; printed as �.") % {"characters": names})
    if barrier:
        found.append(_("Not marked as accessible (PDF/UA). %(reason)s") % {"reason": barrier})
    return tuple(found)


def _name(character: str) -> str:
    code = f"U+{ord(character):04X}"
    return f"{character} ({code})" if character.isprintable() else code


def _weight(job: Job) -> int:
    return len(job.data) + len(job.source) + sum(len(a.content) for a in job.attachments) + 1024
