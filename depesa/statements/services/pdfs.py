"""Make the PDFs that are due; processes share the work by leases."""

import datetime as dt
import queue
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from itertools import batched
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from depesa.core import blobs
from depesa.core.edges import assert_outside_transaction, kill_point
from depesa.core.leases import FREE, claimed
from depesa.core.models import Blob
from depesa.core.reasons import gettext as _
from depesa.core.reasons import joined
from depesa.core.tables import update_rows
from depesa.documents.models import Paper
from depesa.pdf import Job, Logo, Rendered, RendersJobs, keep_each, render_rows
from depesa.statements.models import Settings, Statement, StatementRun, StatementState
from depesa.statements.paper import csv_copy, file_name, job_of, json_copy

LEASE = dt.timedelta(minutes=5)
STORED_AT_ONCE = 100
READY, FAILED = StatementState.READY.value, StatementState.FAILED.value
COPIES = {"csv": (csv_copy, "text/csv"), "json": (json_copy, "application/json")}


def render_due(renderer: RendersJobs, limit: int = 500, *, run: StatementRun | None = None) -> int:
    """Render up to `limit` statements that wait for their PDF, of one run or of all; how many. 0: none is due."""
    assert_outside_transaction()
    due = Statement.objects.filter(state=StatementState.FORMED, run__is_rendering_paused=False)
    done = 0
    with claimed(due.filter(run=run) if run else due, limit, LEASE) as claim:
        for outcomes in batched(_ahead(_rendered(renderer, claim.token)), STORED_AT_ONCE):
            kill_point("rendered")
            keep_each(partial(_store, claim.token), outcomes)
            done += len(outcomes)
    return done


def render_again(statements: Sequence[int]) -> int:
    """Try those once more that could not be rendered; how many there are."""
    failed = Statement.objects.filter(pk__in=statements, state=StatementState.FAILED)
    return failed.update(state=StatementState.FORMED, problem="", **FREE)


def _rendered(renderer: RendersJobs, token: str) -> Iterator[Rendered]:
    """What was claimed, rendered. All tables are read here; making the jobs asks none, so any thread may do it."""
    rows = list(Statement.objects.filter(held_by=token).order_by("id").values_list("pk", "sheet", "language"))
    logos = _logos(sheet.get("logo") for _pk, sheet, _language in rows if isinstance(sheet, dict))
    tagged = not Settings.now().small_untagged

    def make(row: tuple[int, Any, str]) -> Job:
        pk, sheet, language = row
        return job_of(pk, sheet, language, logo=logos[sheet.get("logo")], tagged=tagged)

    return render_rows(renderer, rows, make, lambda row: row[0])


def _ahead(outcomes: Iterator[Rendered]) -> Iterator[Rendered]:
    """The outcomes, made by a thread of their own: the renderer goes on while a batch is being stored."""
    made: queue.SimpleQueue[Rendered | None] = queue.SimpleQueue()
    room, is_stopped = threading.Semaphore(2 * STORED_AT_ONCE), threading.Event()

    def make() -> None:
        for outcome in outcomes:
            made.put(outcome)
            room.acquire()
            if is_stopped.is_set():
                return

    with ThreadPoolExecutor(1, "renderer") as pool:
        work = pool.submit(make)
        work.add_done_callback(lambda _done: made.put(None))
        try:
            while (outcome := made.get()) is not None:
                room.release()
                yield outcome
            work.result()
        finally:
            is_stopped.set()
            room.release()


def _logos(ids: Iterable[int | None]) -> Mapping[int | None, Logo | None]:
    """The logos that stand on the sheets, by the id of their blob; None: there is none."""
    found = Blob.objects.filter(pk__in={pk for pk in ids if pk}).values_list("pk", "content")
    return {None: None} | {pk: Logo.readable(bytes(content)) for pk, content in found}


class _File(NamedTuple):
    """One file of a statement before it is stored; the PDF comes before the copy for machines."""

    statement: Statement
    name: str
    media_type: str
    content: bytes


def _store(token: str, outcomes: Sequence[Rendered]) -> None:
    """Keep PDFs and copies as papers of their customers; a statement that was re-formed meanwhile keeps waiting."""
    with transaction.atomic():
        mine = Statement.objects.select_for_update(no_key=True).filter(held_by=token, state=StatementState.FORMED)
        rows = mine.in_bulk([outcome.key for outcome in outcomes])
        made = [(rows[each.key], each.pdf) for each in outcomes if each.pdf is not None and each.key in rows]
        papers = _papers([file for statement, pdf in made for file in _files(statement, pdf)])
        remarks = {each.key: joined(each.warnings) for each in outcomes}
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        _settle(
            ["state", "problem", "paper", "machine_copy", "rendered_at", *FREE],
            [(READY, remarks[row.pk], *papers[row.pk], now, *FREE.values(), row.pk) for row, _pdf in made],
        )
        failed = [each for each in outcomes if each.pdf is None and each.key in rows]
        _settle(
            ["state", "problem", *FREE],
            [(FAILED, _problem(each.error), *FREE.values(), each.key) for each in failed],
        )


def _settle(columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    update_rows(Statement, columns, rows, where="state = 'formed'")


def _problem(error: str) -> str:
    return error or _("The PDF could not be made.")


def _files(statement: Statement, pdf: bytes) -> Iterator[_File]:
    sheet, language, revision = statement.sheet, statement.language, statement.revision
    yield _File(statement, file_name(sheet, language, revision, "pdf"), "application/pdf", pdf)
    if copy := COPIES.get(sheet["copy_format"]):
        write, media_type = copy
        yield _File(statement, file_name(sheet, language, revision, sheet["copy_format"]), media_type, write(sheet))


def _papers(files: Sequence[_File]) -> Mapping[int, tuple[int, int | None]]:
    """Store all files of the batch; the ids of PDF and copy by statement."""
    kept = blobs.keep_many(file.content for file in files)
    papers = Paper.objects.bulk_create(
        [
            Paper(
                customer_id=file.statement.customer_id,
                blob=kept[sha256(file.content).hexdigest()],
                name=file.name,
                media_type=file.media_type,
            )
            for file in files
        ]
    )
    ids: dict[int, tuple[int, int | None]] = {}
    for file, paper in zip(files, papers, strict=True):
        first = ids.get(file.statement.pk)
        ids[file.statement.pk] = (first[0], paper.pk) if first else (paper.pk, None)
    return ids
