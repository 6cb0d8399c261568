"""Restores, copies and lost journals: nothing leaves before a person has read why, and nothing leaves twice by itself.

All with SQLite, whose database is a file in the data folder; several computers are for `hosts`.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.faults.campaigns.stage import POST, UNTIL_IDLE, Row, Stage
from tests.faults.database import FILE, copy
from tests.faults.plans import Plan

# Nobody is asked: the quarantine ends as soon as a person has read its list.
READ_AND_END = """
from depesa.outbox.services import end_quarantine
from depesa.staff.models import User
ada = User.objects.filter(username="ada").first()
ada = ada or User.objects.create_user("ada", password="correct horse", role="manager")
end_quarantine(by=ada)
"""


def restored(desk: Stage, *, letters: int) -> Row:
    """The database is put back from a backup, its journal stays: it is replayed, and the rest leaves."""
    row, kept = _half_sent(desk, letters, "database put back, journal kept")
    copy(str(kept), desk.folder / FILE)
    return _after(desk, row, letters)


def from_before(desk: Stage, *, letters: int) -> Row:
    """The database is put back from before the posting, and posted again: what has left is held."""
    kept = desk.folder.parent / "before.sqlite3"
    copy(str(desk.folder / FILE), kept)
    desk.post(letters)
    desk.run(UNTIL_IDLE)
    copy(str(kept), desk.folder / FILE)
    row = _quarantined(desk, Row("put back from before the posting, posted again", letters, "1 restore"))
    desk.run(READ_AND_END)
    desk.post(letters)
    desk.run(UNTIL_IDLE)
    if (states := desk.states()) != {"held": letters}:
        row.wrong.append(f"posted again: {dict(states)}")
    row.doubled = len(desk.sink.taken) - letters
    return row


def put_back(desk: Stage, *, letters: int) -> Row:
    """The whole data folder is put back: nothing outside it remembers what left since."""
    return _elsewhere(desk, letters, "whole folder put back", lambda kept, folder: kept.rename(folder), is_same=True)


def cloned(desk: Stage, *, letters: int) -> Row:
    """A copy of the whole data folder is started elsewhere."""
    return _elsewhere(desk, letters, "whole folder copied and started", lambda kept, folder: kept.rename(folder))


def with_identity(desk: Stage, *, letters: int) -> Row:
    """The database and its identity are copied, without the journal."""

    def bring(kept: Path, folder: Path) -> None:
        folder.mkdir()
        for name in (FILE, "installation.id", "secret.key"):
            shutil.copy2(kept / name, folder)

    return _elsewhere(desk, letters, "database copied with its identity", bring)


def alone(desk: Stage, *, letters: int) -> Row:
    """The database alone is copied."""

    def bring(kept: Path, folder: Path) -> None:
        folder.mkdir()
        shutil.copy2(kept / FILE, folder)

    return _elsewhere(desk, letters, "database copied alone", bring)


def lost_journal(desk: Stage, *, letters: int) -> Row:
    """The folder of the journals is deleted between two starts, and the database put back."""
    row, kept = _half_sent(desk, letters, "database put back, journals lost")
    copy(str(kept), desk.folder / FILE)
    shutil.rmtree(desk.folder / "outbox-journal")
    return _quarantined(desk, row)


RESTORES: list[Callable[..., Row]] = [restored, from_before, put_back, cloned, with_identity, alone, lost_journal]


def _half_sent(desk: Stage, letters: int, name: str) -> tuple[Row, Path]:
    """Half of the letters have left, then a backup is made, then the rest leaves but for what comes later."""
    desk.post(letters // 2)
    desk.run(UNTIL_IDLE)
    desk.run(POST, "c", str(letters // 2), str(letters))
    kept = desk.folder.parent / "kept.sqlite3"
    copy(str(desk.folder / FILE), kept)
    later = {f"c{n}@sink.example": Plan(recipient=b"450 4.2.0 later\r\n") for n in range(letters * 3 // 4, letters)}
    desk.sink.script.letters.by_recipient = later
    desk.run(UNTIL_IDLE)
    desk.sink.script.letters.by_recipient = {}
    return Row(name, letters, "1 restore"), kept


def _elsewhere(
    desk: Stage, letters: int, name: str, bring: Callable[[Path, Path], object], *, is_same: bool = False
) -> Row:
    """What is brought from the backup of the folder starts there, or in its place, and must send nothing."""
    desk.post(letters // 2)
    desk.run(UNTIL_IDLE)
    desk.run(POST, "c", str(letters // 2), str(letters))
    kept = desk.folder.with_name("kept")
    shutil.copytree(desk.folder, kept)
    desk.run(UNTIL_IDLE)
    folder = desk.folder if is_same else desk.folder.with_name("elsewhere")
    if is_same:
        shutil.rmtree(folder)
    bring(kept, folder)
    desk.environment |= {"DEPESA_DATA_DIR": str(folder), "DEPESA_DATABASE_URL": f"sqlite:///{folder / FILE}"}
    return _quarantined(desk, Row(name, letters, "1 restore" if is_same else "1 copy"))


def _quarantined(desk: Stage, row: Row) -> Row:
    """A worker starts on it: nothing may leave, and the reason must be there to be read."""
    before = len(desk.sink.taken)
    for _start in range(2):
        ended = desk.ended(desk.start(UNTIL_IDLE), 120)
        is_refused = "Nothing leaves from" in ended.stderr  # its own database says that another place is at work
        if not is_refused and not desk.look()["quarantine"]:
            row.wrong.append(f"no quarantine: {ended.stderr}")
    row.doubled = len(desk.sink.taken) - before
    return row


def _after(desk: Stage, row: Row, letters: int) -> Row:
    """The list is read, the quarantine ended: the rest leaves, each letter once."""
    row = _quarantined(desk, row)
    desk.run(READ_AND_END)
    desk.run("from depesa.outbox.models import Delivery\nDelivery.objects.update(next_attempt_at='2011-07-05T00:00Z')")
    desk.run(UNTIL_IDLE)
    row = desk.judged(row)
    row.quarantines -= 1  # it was one
    if len(desk.sink.taken) != letters or row.uncertain:
        row.wrong.append(f"{len(desk.sink.taken)} arrived, {row.uncertain} uncertain")
    return row
