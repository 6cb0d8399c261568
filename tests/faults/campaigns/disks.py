"""A disk without room: under the permit journal, under everything while letters leave, at posting and at import."""

import time
from pathlib import Path

from tests.faults.campaigns.outages import NAMED_WITHIN, unharmed
from tests.faults.campaigns.room import filled, small_disk
from tests.faults.campaigns.stage import POST, SLOWEST, WORK, Broken, Row, Stage

WITH_LITTLE_RESERVE = f"""
from depesa.outbox import journal
journal.RESERVE = 4096
{WORK}
"""
IMPORT = """
import sys
from django.core.management import call_command
from depesa.company.models import Company
Company.objects.get_or_create(pk=1, defaults={"name": "Vaivorykste UAB", "currency": "EUR"})
call_command("import_sales", sys.argv[1], yes=True)
"""
COUNT = """
from depesa.customers.models import Customer
from depesa.documents.models import Document
print(Document.objects.count(), Customer.objects.count())
"""
HEAD = "type,number,date,customer,customer name,e-mail,currency,net,vat rate,vat,gross"


def journal(desk: Stage, *, letters: int, seconds: float) -> Row:
    """The disk of the permit journal fills up while letters leave: one notice, nothing uncertain, it goes on alone."""
    folder = desk.folder / "outbox-journal"
    with small_disk(folder, 1):
        for _worker in range(2):  # what they reserve usually is room for more letters than are tried here
            desk.start(WITH_LITTLE_RESERVE)
        row = _while_leaving(desk, folder, letters, seconds, f"journal's disk full for {seconds:g} s")
        for process in list(desk.running):
            desk.kill(process)
    return row


def data(desk: Stage, *, letters: int, seconds: float) -> Row:
    """The disk of the whole data folder, database and journal, fills up while letters leave."""
    for _worker in range(2):
        desk.start(WORK)
    return _while_leaving(desk, desk.folder, letters, seconds, f"data folder's disk full for {seconds:g} s")


def posting(desk: Stage, *, letters: int, seconds: float) -> Row:
    """The disk is full when letters are queued: none is half there, and the second call queues what lacks."""
    with filled(desk.folder):
        ended = desk.ended(desk.start(POST, "c", "0", str(letters)))
        if ended.returncode == 0:
            raise Broken("There was room for all letters.")
    row = Row("disk full at posting", letters, "1 full disk")
    row.wrong += desk.look()["violations"]
    desk.start(WORK)
    desk.post(letters)
    desk.settled(60 + seconds)
    return unharmed(desk.judged(row))


def importing(desk: Stage, *, letters: int, seconds: float) -> Row:
    """The disk fills up while a file comes in: the second call brings in each document of it once."""
    file = desk.folder.parent / "sales.csv"
    lines = (f"invoice,A-{n},2026-03-01,{n % 500},Jonas,,EUR,{n + 1}.00,0,0,{n + 1}.00" for n in range(letters))
    file.write_text("\n".join([HEAD, *lines]))
    row = Row("disk full at import", letters, "1 full disk")
    with filled(desk.folder):
        ended = desk.ended(desk.start(IMPORT, str(file)))
        if ended.returncode == 0:
            raise Broken("There was room for all documents.")
    began = time.monotonic()
    desk.run(IMPORT, str(file))
    row.seconds = time.monotonic() - began
    if (count := desk.run(COUNT).split()) != [str(letters), str(min(500, letters))]:
        row.wrong.append(f"{' documents, '.join(count)} customers")
    return row


def _while_leaving(desk: Stage, disk: Path, letters: int, seconds: float, name: str) -> Row:
    desk.sink.script.slowest = SLOWEST * 5
    desk.post(letters)
    desk.until(lambda: len(desk.sink.taken) > letters // 5, "letters at the sink")
    row = Row(name, letters, "1 full disk", workers=2)
    with filled(disk):
        if disk != desk.folder:
            desk.until(lambda: desk.look()["troubles"], "notice of a full disk")
        time.sleep(seconds)
        if len(desk.sink.taken) == letters:
            raise Broken("All letters had left before the disk was full: take more of them.")
        if disk != desk.folder:  # whoever finds a little room takes it back for a moment
            desk.until(lambda: len(desk.look()["troubles"]) == 1, "one notice while the disk is full")
    row.seconds = desk.settled()
    desk.until(lambda: not desk.look()["troubles"], "end of the notice", NAMED_WITHIN)
    return unharmed(desk.judged(row))
