"""kill -9 at random on workers and on who posts, and two naive controls under the same kills."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from random import Random

from tests.faults.campaigns.stage import POST, SLOWEST, WORK, Row, Stage
from tests.faults.processes import Apart

BETWEEN = 20, 120  # letters that arrive between two kills, however quick the machine is
PATIENCE = 60  # seconds in which some must
NEARLY = 0.96  # of the letters have arrived: no kill any more, so that there is something to settle

# The product without what its journal knows: every permit of the dead without an answer in the database is uncertain.
WITHOUT_JOURNAL = f"""
from depesa.outbox.journal import Book
from depesa.outbox.services import quarantine, reaper
reaper.book_of = lambda path: Book()
quarantine._settle_uncertain = lambda books: None
{WORK}
"""
# What is written everywhere: send, then mark as sent; what is not marked is sent again.
SENDS_THEN_MARKS = """
import asyncio, os, sqlite3, sys
from urllib.parse import urlsplit
from depesa.outbox.smtp import Connection, Encryption, Server, Timeouts
letters = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
port = urlsplit(os.environ["DEPESA_SMTP_URL"]).port
waiting = [n for (n,) in letters.execute("SELECT n FROM letter WHERE sent = 0 AND n % 2 = ?", [int(sys.argv[2])])]
async def session():
    connection = await Connection.open(Server("127.0.0.1", port, Encryption.NONE, our_name="x.example"), Timeouts())
    while waiting:
        n = waiting.pop()
        letter = f"Message-ID: <{n}@x.example>\\r\\n\\r\\n" + "What was agreed stands here.\\r\\n" * 170
        assert await connection.offer("desk@x.example", f"c{n}@sink.example", letter.encode()) is None
        outcome = await connection.dot()
        if outcome.answer.code == 250:
            letters.execute("UPDATE letter SET sent = 1 WHERE n = ?", [n])
    await connection.quit()
async def run():
    await asyncio.gather(*(session() for _ in range(8)))
asyncio.run(run())
"""


def kills(desk: Stage, *, letters: int, seed: int, code: str = WORK, name: str = "kill -9 at random") -> Row:
    """Two workers and one who posts, killed again and again while letters leave, and at once started anew."""
    desk.sink.script.slowest = SLOWEST
    workers = [lambda: desk.start(code), lambda: desk.start(code), lambda: desk.start(POST, "c", "0", str(letters))]
    count = _killed(desk, workers, Random(seed), enough=int(letters * NEARLY))
    desk.post(letters)  # what the last poster had not done
    row = Row(name, letters, f"{count} kills", workers=2, seed=seed, seconds=desk.settled())
    return desk.judged(row)


def without_journal(desk: Stage, *, letters: int, seed: int) -> Row:
    """The control that has permits and no journal: it cannot tell what left."""
    row = kills(desk, letters=letters, seed=seed, code=WITHOUT_JOURNAL, name="control: permits without a journal")
    row.is_control = True
    return row


def sends_then_marks(desk: Stage, *, letters: int, seed: int) -> Row:
    """The control that marks a letter after the reply and sends again what is not marked."""
    desk.sink.script.slowest = SLOWEST
    file = desk.folder / "letters.sqlite3"
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE letter (n INTEGER PRIMARY KEY, sent INTEGER DEFAULT 0)")
        database.executemany("INSERT INTO letter (n) VALUES (?)", [(n,) for n in range(letters)])
        database.commit()
        workers = [lambda half=half: desk.start(SENDS_THEN_MARKS, str(file), half) for half in ("0", "1")]
        count = _killed(desk, workers, Random(seed), enough=int(letters * NEARLY))
        left = "SELECT count(*) FROM letter WHERE sent = 0"
        for start in workers:  # those that have ended because their half was done find nothing
            start()
        desk.until(lambda: database.execute(left).fetchone() == (0,), "letters that are marked")
    arrived = [taken.message_id for taken in desk.sink.taken]
    doubled = len(arrived) - len(set(arrived))
    return Row(
        "control: sends, then marks",
        letters,
        f"{count} kills",
        2,
        seed,
        "SQLite",
        doubled=doubled,
        unflagged=doubled,
        is_control=True,
    )


def _killed(desk: Stage, starts: list[Callable[[], Apart]], dice: Random, *, enough: int) -> int:
    """Kill one of these processes at random and start it anew, until enough letters have arrived; how many kills."""
    running = {number: start() for number, start in enumerate(starts)}
    count = 0
    while (taken := len(desk.sink.taken)) < enough:
        wanted = min(taken + dice.randint(*BETWEEN), enough)
        desk.until(lambda wanted=wanted: len(desk.sink.taken) >= wanted, "letters at the sink", PATIENCE)
        time.sleep(dice.uniform(0, SLOWEST))
        number = dice.randrange(len(starts))
        count += running[number].is_alive()  # who posts may have ended long ago
        desk.kill(running[number])
        running[number] = starts[number]()
    return count
