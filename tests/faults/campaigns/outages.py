"""The database is away, locked, cut off, or held by somebody who does nothing: what was heard waits for it."""

import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from urllib.parse import urlsplit

import psycopg

from tests.faults.campaigns.stage import DATABASE, SLOWEST, WORK, Broken, Row, Stage

NAMED_WITHIN = 30  # seconds after the database is back
UNDER_WAY = """
import sys
from depesa.outbox.models import Delivery
rows = Delivery.objects.filter(state__in=["leased", "handing-over"])
tokens = sys.argv[1:]
print(*(rows.filter(lease_token__in=tokens) if tokens else rows).values_list("lease_token", flat=True))
"""
PAGE = """
from django.test import Client
from depesa.staff.models import User
client = Client()
client.force_login(User.objects.create_user("ada", password="correct horse", role="manager"))
print(client.get("/").text)
"""
CHECK = WORK.replace('"work"', '"check"')
HOLD = """
import sys, time
from pathlib import Path
from django.db import transaction
from depesa.outbox.models import Installation
with transaction.atomic():
    Installation.objects.select_for_update(no_key=True).get(pk=1)
    Path(sys.argv[1]).touch()
    time.sleep(1000)
"""


class Way:
    """A way to the database's server that can be closed: nobody gets through, and who was through is cut off."""

    def __init__(self, url: str) -> None:
        self._to = urlsplit(url)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._through: list[socket.socket] = []
        self.is_open = True
        port = self._door.getsockname()[1]
        self.url = self._to._replace(netloc=self._to.netloc.replace(f":{self._to.port}", f":{port}")).geturl()
        threading.Thread(target=self._let_in, daemon=True).start()

    def close(self) -> None:
        """Cut off whoever is through, and refuse everybody."""
        self.is_open = False
        for each in self._through:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._through.clear()

    def remove(self) -> None:
        """Close it for good."""
        self.close()
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _let_in(self) -> None:
        while True:
            try:
                near, _address = self._door.accept()
            except OSError:
                return
            if not self.is_open:
                near.close()
                continue
            far = socket.create_connection((self._to.hostname, self._to.port))
            self._through += [near, far]
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=_carry, args=(source, target), daemon=True).start()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)
    source.close()


def away(desk: Stage, *, letters: int, seconds: float) -> Row:
    """PostgreSQL cannot be reached: sessions are cut, and nobody gets a new one."""
    way = Way(desk.environment["DEPESA_DATABASE_URL"])
    desk.endings.append(way.remove)
    desk.start(WORK, DEPESA_DATABASE_URL=way.url)
    desk.start(WORK, DEPESA_DATABASE_URL=way.url)

    @contextmanager
    def outage() -> Iterator[None]:
        way.close()
        yield
        way.is_open = True

    return _through(desk, outage, letters, seconds, f"database away for {seconds:g} s")


def cut(desk: Stage, *, letters: int, seconds: float) -> Row:
    """All sessions of the database are ended again and again."""
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"
    for _worker in range(2):
        desk.start(WORK)

    @contextmanager
    def outage() -> Iterator[None]:
        is_over = threading.Event()

        def end_all() -> None:
            with _session(desk) as session:
                while not is_over.wait(0.3):
                    session.execute(end, [session.info.backend_pid])

        thread = threading.Thread(target=end_all)
        thread.start()
        yield
        is_over.set()
        thread.join()

    return _through(desk, outage, letters, seconds, f"all sessions cut every 0.3 s for {seconds:g} s")


def locked(desk: Stage, *, letters: int, seconds: float) -> Row:
    """Somebody else holds the lock of all writers (SQLite) or of all deliveries (PostgreSQL)."""
    for _worker in range(2):
        desk.start(WORK)

    @contextmanager
    def outage() -> Iterator[None]:
        if DATABASE == "SQLite":
            with closing(sqlite3.connect(desk.folder / "depesa.sqlite3", timeout=60)) as session:
                session.execute("BEGIN IMMEDIATE")
                yield
        else:
            with _session(desk) as session, session.transaction():
                session.execute("LOCK TABLE outbox_delivery IN ACCESS EXCLUSIVE MODE")
                yield

    return _through(desk, outage, letters, seconds, f"database locked for {seconds:g} s")


def idle(desk: Stage, *, letters: int, seconds: float) -> Row:
    """A process of ours stops in the middle of a transaction: its session is cut off, and letters go on.

    The product's own time is 60 s, less is asked for; the start page names the session meanwhile, if there is time.
    """
    desk.post(letters)
    shorter = f"&options=-c%20idle_in_transaction_session_timeout%3D{seconds:g}s" if seconds != 60 else ""
    url = f"{desk.environment['DEPESA_DATABASE_URL']}?application_name=sleeper{shorter}"
    sign = desk.folder / "holds"
    desk.start(HOLD, str(sign), DEPESA_DATABASE_URL=url)
    desk.until(sign.exists, "lock")
    began = time.monotonic()
    desk.start(WORK)
    row = Row(f"a session of ours idle in a transaction for {seconds:g} s", letters, "1 lock")
    if seconds > 40:
        time.sleep(35)
        if "sleeper" not in desk.run(PAGE):
            row.wrong.append("the start page does not name the session")
    desk.until(lambda: desk.sink.taken, "letter", seconds + 65)
    waited = time.monotonic() - began
    if waited > seconds + 5:
        row.wrong.append(f"letters waited {waited:.0f} s")
    row.seconds = max(0.0, waited - seconds) + desk.settled()
    return unharmed(desk.judged(row))


@contextmanager
def _session(desk: Stage) -> Iterator:

    with psycopg.connect(desk.environment["DEPESA_DATABASE_URL"], autocommit=True) as session:
        try:
            yield session
        finally:
            with suppress(psycopg.Error):
                session.close()


def _through(desk: Stage, outage: Callable, letters: int, seconds: float, name: str) -> Row:
    """Letters leave, the outage comes and goes: what was under way ends soon after it, and nothing is uncertain."""
    desk.sink.script.slowest = SLOWEST * 5
    desk.post(letters)
    desk.until(lambda: len(desk.sink.taken) > letters // 5, "letters at the sink")
    with outage():
        if len(desk.sink.taken) == letters:
            raise Broken("All letters had left before the outage: take more of them.")
        time.sleep(seconds)
    began, row = time.monotonic(), Row(name, letters, "1 outage", workers=2)
    if tokens := desk.run(UNDER_WAY).split():
        desk.until(lambda: not desk.run(UNDER_WAY, *tokens).strip(), "end of what was under way")
    row.seconds = time.monotonic() - began
    desk.settled(seconds + 120)
    return unharmed(desk.judged(row))


def unharmed(row: Row) -> Row:
    """The row, with what is wrong if anything is uncertain or was settled late."""
    if row.uncertain:
        row.wrong.append(f"{row.uncertain} uncertain, although every answer could be heard")
    if row.seconds > NAMED_WITHIN:
        row.wrong.append(f"settled only after {row.seconds:.0f} s")
    return row


def damaged(desk: Stage, *, letters: int, table: str) -> Row:
    """A page of the database's file is overwritten: workers end with a sentence, `check` says so, no letter leaves."""
    desk.post(letters)
    file, row = desk.folder / "depesa.sqlite3", Row(f"first page of {table} damaged", letters, "1 page")
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = database.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()[0]
        size = database.execute("PRAGMA page_size").fetchone()[0]
    with file.open("r+b") as pages:
        pages.seek((page - 1) * size)
        pages.write(b"\xa5" * size)
    for command in (WORK, CHECK):
        ended = desk.ended(desk.start(command), 60)
        if "database file is damaged" not in ended.stdout + ended.stderr:
            row.wrong.append(f"ended with {ended.returncode}: {ended.stderr}")
    row.doubled = len(desk.sink.taken) - len({taken.message_id for taken in desk.sink.taken})
    return row
