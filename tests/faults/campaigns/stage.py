"""What every campaign stands on: a desk with its database, processes that die, and a sink that knows the truth."""

import itertools
import json
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.campaigns.room import small_disk
from tests.faults.database import POSTGRESQL, migrated, own_database
from tests.faults.processes import Apart
from tests.faults.sink import End, Script, Sink, serving

DATABASE = "PostgreSQL" if POSTGRESQL else "SQLite"
SLOWEST = 0.06  # seconds within which the sink answers a dot

WORK = """
from django.core.management import call_command
call_command("work")
"""
UNTIL_IDLE = WORK.replace('"work"', '"work", until_idle=True')
POST = """
import datetime as dt, sys
from itertools import batched
from django.utils import timezone
from depesa.outbox.services import Letter, prepare, queue
tag, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
good = "Good day.\\n" + "What was agreed stands here, line by line.\\n" * 110
for numbers in batched(range(first, last), 50):
    queue(prepare([Letter(dedupe_key=f"v1:{tag}:{n}", kind="test", customer_id=None, language="en",
        to=(f"{tag}{n}@sink.example",), subject=f"Letter {n}", text=good,
        useless_after=timezone.now() + dt.timedelta(days=2)) for n in numbers]).ready)
"""
LOOK = """
import json
from depesa.history.models import Entry
from depesa.outbox.models import Delivery, Installation, Place
from depesa.outbox.queries import violations
rows = Delivery.objects.values_list("message__message_id", "recipient", "state", "held_by")
print(json.dumps({
    "rows": list(rows),
    "violations": list(violations()),
    "quarantines": Entry.objects.filter(event="outbox.quarantined").count(),
    "quarantine": str(Installation.objects.get().quarantine_reason),
    "troubles": [str(each) for each in Place.objects.exclude(trouble="").values_list("trouble", flat=True)],
}))
"""
LEFT = """
from depesa.outbox.models import Delivery
print(Delivery.objects.filter(state__in=["queued", "leased", "handing-over"]).count())
"""


class Broken(AssertionError):
    """A campaign did not come to the end that it must have."""


@dataclass
class Row:
    """What one campaign found, as it stands in the table."""

    name: str
    letters: int
    faults: str
    workers: int = 1
    seed: int = 0
    database: str = DATABASE
    lost: int = 0
    doubled: int = 0
    unflagged: int = 0
    arrived: int = 0  # of the uncertain ones: the server has them, and their answer was not read
    not_sent: int = 0  # of the uncertain ones: the server never had the dot
    read: int = 0  # of the uncertain ones: the answer was read
    quarantines: int = 0  # nobody had restored anything
    seconds: float = 0  # from the last fault until nothing is left to do
    is_control: bool = False
    wrong: list[str] = field(default_factory=list)  # what else is not as it must be

    @property
    def uncertain(self) -> int:
        """All uncertain letters."""
        return self.arrived + self.not_sent + self.read

    def problems(self, *, uncertain: int | None = None) -> list[str]:
        """What breaks the promise; `uncertain` is how many letters may be so, None: as many as the server knows."""
        never = ("lost", "doubled", "unflagged", "not_sent", "read", "quarantines")
        found = [f"{name.replace('_', ' ')}: {getattr(self, name)}" for name in never if getattr(self, name)]
        if uncertain is not None and self.uncertain > uncertain:
            found.append(f"uncertain: {self.uncertain}, at most {uncertain}")
        return [*found, *self.wrong]


class Stage:
    """One desk; processes are started in its environment, and the sink is the only mail server it knows."""

    def __init__(self, environment: dict[str, str], sink: Sink) -> None:
        self.sink = sink
        self.environment = {
            **environment,
            "DEPESA_SMTP_URL": f"smtp://127.0.0.1:{sink.port}",
            "DJANGO_SETTINGS_MODULE": "depesa.config.settings",
        }
        self.running: list[Apart] = []
        self.endings: list[Callable[[], None]] = []  # what else must be undone when the stage ends

    @property
    def folder(self) -> Path:
        """The data folder."""
        return Path(self.environment["DEPESA_DATA_DIR"])

    def start(self, code: str, *words: str, **more: str) -> Apart:
        """A process of its own that is ended with the stage."""
        process = Apart({**self.environment, **more}, code, *words)
        self.running.append(process)
        return process

    def ended(self, process: Apart, timeout: float = 60) -> subprocess.CompletedProcess[str]:
        """Wait until it has come to its end."""
        self.running.remove(process)
        return process.ended(timeout)

    def kill(self, process: Apart) -> None:
        """kill -9; Broken if it has come to a bad end by itself."""
        process.kill()
        ended = self.ended(process)
        if ended.returncode not in {0, -9}:
            raise Broken(ended.stderr)

    def run(self, code: str, *words: str, timeout: float = 400, **more: str) -> str:
        """What these lines print, in a process of their own."""
        ended = self.ended(self.start(code, *words, **more), timeout)
        if ended.returncode:
            raise Broken(ended.stderr)
        return ended.stdout

    def post(self, letters: int, tag: str = "c") -> None:
        """Queue so many letters, for recipients of this tag."""
        self.run(POST, tag, "0", str(letters))

    def left(self) -> int:
        """How many letters have not come to an end yet."""
        return int(self.run(LEFT))

    def settled(self, timeout: float = 120) -> float:
        """Wait until no letter is under way or waits; returns the seconds that it took."""
        began = time.monotonic()
        self.until(lambda: self.left() == 0, "letters that have come to an end", timeout)
        return time.monotonic() - began

    def until(self, holds: Callable[[], object], what: str, timeout: float = 120) -> None:
        """Wait until that holds; `what` names it for who waits in vain."""
        end = time.monotonic() + timeout
        while not holds():
            if time.monotonic() > end:
                raise Broken(f"no {what} within {timeout:.0f} s: {self.look()['quarantine'] or 'no quarantine'}")
            time.sleep(0.01)

    def look(self) -> dict:
        """What the database says of letters, and what stands in their way."""
        return json.loads(self.run(LOOK).splitlines()[-1])

    def states(self) -> Counter:
        """How many deliveries are in which state."""
        return Counter(state for _id, _to, state, _by in self.look()["rows"])

    def judged(self, row: Row) -> Row:
        """The row with the database held against the truth at the server."""
        seen = self.look()
        arrived = Counter(taken.message_id for taken in self.sink.taken)
        states = {message_id: state for message_id, _to, state, _by in seen["rows"]}
        row.lost = sum(state == "accepted" and not arrived[key] for key, state in states.items())
        row.lost += max(0, row.letters - len(states))
        row.doubled = sum(count - 1 for count in arrived.values())
        row.unflagged = sum(states.get(key) not in {"accepted", "unknown"} for key in arrived)
        for key in (key for key, state in states.items() if state == "unknown"):
            is_read = self.sink.ends.get(key, End.READ) is End.READ
            row.not_sent += not arrived[key]
            row.read += bool(arrived[key] and is_read)
            row.arrived += bool(arrived[key] and not is_read)
        row.quarantines += seen["quarantines"]
        row.wrong += seen["violations"]
        return row


@contextmanager
def stage(template: str, folder: Path, *, disk: int = 0) -> Iterator[Stage]:
    """A desk with a copy of this template as its database; all that was started ends with it.

    `disk`: its data folder is a disk of its own of so many MiB.
    """
    data = folder / "desk"
    data.mkdir()
    sink = Sink(Script(), truth=folder / "truth.tsv")
    with (
        small_disk(data, disk) if disk else nullcontext(),
        own_database(template, data) as environment,
        serving(sink),
    ):
        desk = Stage(environment, sink)
        try:
            yield desk
        finally:
            for process in desk.running:
                process.kill()
                process.ended(60)
            for end in reversed(desk.endings):
                end()


@contextmanager
def theatre() -> Iterator[Callable]:
    """Makes stages in a folder that is gone afterwards: `with build(slowest=…) as desk`."""
    with tempfile.TemporaryDirectory(prefix="depesa-faults-") as name, migrated(Path(name)) as template:
        numbers = itertools.count(1)

        def build(**more):
            folder = Path(name, str(next(numbers)))
            folder.mkdir()
            return stage(template, folder, **more)

        yield build
