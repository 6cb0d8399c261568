"""Three computers on one PostgreSQL database, each a host name, a PID namespace and a data folder of its own."""

import secrets
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Sequence

import psycopg
from psycopg import sql

from tests.faults.campaigns.restores import READ_AND_END
from tests.faults.campaigns.room import NotPermittedError
from tests.faults.campaigns.stage import POST, SLOWEST, Broken, Row, Stage
from tests.faults.database import ROOT, name_of

UNSHARE = ("unshare", "--uts", "--pid", "--mount", "--fork", "--kill-child", "--mount-proc")
SHARED = """
from depesa.outbox.models import Installation
print(Installation.objects.get(pk=1).identity)
"""
AWAITED = """
from depesa.outbox.services.quarantine import places_awaited
print(*places_awaited().values_list("name", flat=True))
"""
LOST = READ_AND_END.replace("end_quarantine(", "end_quarantine(lost=[p.pk for p in places_awaited()], ").replace(
    "\nfrom", "\nfrom depesa.outbox.services.quarantine import places_awaited\nfrom", 1
)
HALF_WAITS = """
from depesa.outbox.models import Delivery
queued = list(Delivery.objects.filter(state="queued").order_by("pk").values_list("pk", flat=True))
Delivery.objects.filter(pk__in=queued[::2]).update(next_attempt_at="2099-01-01T00:00Z")
"""
WAITING_ENDS = """
from depesa.outbox.models import Delivery
Delivery.objects.filter(state="queued").update(next_attempt_at="2011-07-05T00:00Z")
"""
LEASES_END = """
from depesa.outbox.models import Delivery
Delivery.objects.exclude(held_until=None).update(held_until="2011-07-05T00:00Z")
"""


class Hosts:
    """The computers; what they share is the database, the key and the identity."""

    def __init__(self, desk: Stage) -> None:
        if subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode:
            raise NotPermittedError("This user may not make namespaces here (unshare), so there is one computer only.")
        self.desk = desk
        desk.environment |= {
            "DEPESA_INSTALLATION": desk.run(SHARED).strip(),
            "DEPESA_SECRET_KEY": secrets.token_hex(32),
        }
        desk.sink.script.slowest = SLOWEST

    def start(self, folder: str, name: str = "", **more: str) -> subprocess.Popen[str]:
        """`depesa work --until-idle` on the computer with this data folder, under this host name."""
        at = self.desk.folder.parent / folder
        at.mkdir(exist_ok=True)
        command = f'hostname {name or folder}; "$@"; exit $?'  # the first process of a namespace cannot kill itself
        words = [sys.executable, "-m", "depesa", "work", "--until-idle"]
        process = subprocess.Popen(
            [*UNSHARE, "sh", "-c", command, "sh", *words],
            cwd=ROOT,
            env={**self.desk.environment, "DEPESA_DATA_DIR": str(at), **more},
            stderr=subprocess.PIPE,
            text=True,
        )
        said = process.stderr
        self.desk.endings.append(lambda: (said and said.closed) or (process.kill(), process.communicate()))
        return process

    def work(self, *folders: str) -> str:
        """All of them work at once until nothing is due; what they said."""
        return "".join(ended(process)[1] for process in [self.start(folder) for folder in folders])


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Its status and what it said, once it has come to its end."""
    said = process.communicate(timeout=300)[1]
    return process.returncode, said


def restored(desk: Stage, *, letters: int) -> Row:
    """Two computers have sent, the database is put back: each replays its journal, then a third one's page ends it."""
    hosts, row = _put_back(desk, letters)
    hosts.work("b")
    desk.run(READ_AND_END)
    _rest_leaves(hosts, row, ("a", "b"))
    return desk.judged(row)


def given_up(desk: Stage, *, letters: int) -> Row:
    """The same, but the journal of one computer is gone for good, and a person says so."""
    hosts, row = _put_back(desk, letters)
    shutil.rmtree(desk.folder.parent / "b")
    row.name = "3 computers: put back, one journal given up"
    left = len(desk.sink.taken)
    desk.run(LOST)
    said = hosts.work("a")
    if "quarantine" in said or len(desk.sink.taken) == left:
        row.wrong.append(f"nothing leaves after the quarantine: {said}")
    return row  # what had left from the lost one leaves again, as the person was told


def _put_back(desk: Stage, letters: int) -> tuple[Hosts, Row]:
    hosts = Hosts(desk)
    desk.post(letters)
    hosts.work("a")
    _more(desk, letters, letters + 8)
    hosts.work("b")
    _more(desk, letters + 8, 2 * letters)
    row = Row("3 computers: database put back", 2 * letters, "1 restore", workers=2)
    kept = _copied(desk)
    desk.run(HALF_WAITS)  # each sends some: only whoever has sent since the copy can know that it was put back
    hosts.work("a")
    desk.run(WAITING_ENDS)
    hosts.work("b")
    _put_in_place(desk, kept)
    left = len(desk.sink.taken)
    hosts.work("a")
    if (awaited := desk.run(AWAITED).split()) != ["b"]:
        row.wrong.append(f"awaited: {awaited}")
    try:
        desk.run(READ_AND_END)
        row.wrong.append("ended before the journals of b were read")
    except Broken as refused:
        if "have not been read" not in str(refused):
            raise
    row.doubled = len(desk.sink.taken) - left
    return hosts, row


def _rest_leaves(hosts: Hosts, row: Row, folders: Sequence[str]) -> None:
    said = hosts.work(*folders)
    if "quarantine" in said:
        row.wrong.append(f"quarantined again: {said}")
    row.quarantines -= 1  # it was one


def one_name(desk: Stage, *, letters: int) -> Row:
    """Two computers share a host name; one is started again and again while the other one sends."""
    hosts = Hosts(desk)
    desk.post(letters)
    sending = hosts.start("a", "web")
    desk.until(lambda: len(desk.sink.taken) > 5, "letters at the sink")
    starts = 0
    while sending.poll() is None:
        starts += 1
        if (status := ended(hosts.start("b", "web"))[0]) != 0:
            raise Broken(f"b ended with {status}")
    desk.settled()
    row = desk.judged(Row("2 computers with one host name", letters, f"{starts} starts", workers=2))
    if row.uncertain:
        row.wrong.append(f"{row.uncertain} uncertain")
    return row


def returned(desk: Stage, *, letters: int) -> Row:
    """A computer dies in the middle, another one calls its letters uncertain, and it comes back with the answers."""
    hosts = Hosts(desk)
    desk.post(letters)
    status, _said = ended(hosts.start("a", DEPESA_KILL_AT="answer-journalled:10"))
    if status not in {-signal.SIGKILL, 128 + signal.SIGKILL}:
        raise Broken(f"a ended with {status}")
    desk.run(LEASES_END)
    hosts.work("b")
    before = desk.states()["unknown"]
    hosts.work("a")
    row = desk.judged(Row("a computer that comes back with answers", letters, "1 kill", workers=2))
    if before <= row.uncertain:
        row.wrong.append(f"{before} uncertain before, {row.uncertain} after")
    return row


def _more(desk: Stage, first: int, last: int) -> None:
    desk.run(POST, "c", str(first), str(last))


def _server(desk: Stage) -> psycopg.Connection:
    url = desk.environment["DEPESA_DATABASE_URL"]
    return psycopg.connect(url.rpartition("/")[0] + "/postgres", autocommit=True)


def _copied(desk: Stage) -> str:
    kept = f"depesa_{uuid.uuid4().hex[:12]}"
    _copy(desk, name_of(desk.environment), kept)
    desk.endings.append(lambda: _drop(desk, kept))
    return kept


def _put_in_place(desk: Stage, kept: str) -> None:
    name = name_of(desk.environment)
    _drop(desk, name)
    _copy(desk, kept, name)


def _copy(desk: Stage, source: str, target: str) -> None:
    with _server(desk) as server:
        query = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(query.format(sql.Identifier(target), sql.Identifier(source)))


def _drop(desk: Stage, name: str) -> None:
    with _server(desk) as server:
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


HOSTS = {"hosts-restore": restored, "hosts-given-up": given_up, "hosts-one-name": one_name, "hosts-return": returned}
