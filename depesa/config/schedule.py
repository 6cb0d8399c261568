"""Every recurring verb of the product, in one list: the embedded worker and a queue at scale run the same."""

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.db import Error as DatabaseError
from django.db import close_old_connections, connections

from depesa.api import services as api
from depesa.company.queries import current
from depesa.core.batches import is_damage
from depesa.core.blobs import forget_unused
from depesa.core.deadlocks import undeterred
from depesa.core.languages import speaking
from depesa.core.presses import forget_presses
from depesa.core.tables import refresh_statistics
from depesa.documents.services import sales
from depesa.history.services import link_due
from depesa.imports.services import tidy_up
from depesa.operations import services as operations
from depesa.orders import services as orders
from depesa.outbox.services import deliver_due, reap, resend_due
from depesa.pdf import close_shared_renderer, shared_renderer
from depesa.staff.services import forget_sessions
from depesa.staff.services.limits import forget_old
from depesa.statements import services as statements
from depesa.triggers import services as triggers

log = logging.getLogger("depesa.work")


@dataclass(frozen=True, slots=True)
class Entry:
    """One verb that finds the rows that are due and does them; it returns how many it did."""

    name: str
    verb: Callable[..., int]
    every: dt.timedelta
    is_long: bool = False  # then the verb asks `should_stop` on the way
    is_apart: bool = False  # waits for the computers of others: it has a thread of its own and holds up nothing

    def run(self, should_stop: Callable[[], bool] | None = None) -> int:
        """Do what is due while the company's language is spoken; reasons are worded later, for whoever reads them."""
        with speaking(current().language):
            verb = undeterred(self.verb)
            return verb(should_stop=should_stop) if self.is_long and should_stop else verb()


def render_due() -> int:
    """Make the PDFs that are due."""
    return statements.render_due(shared_renderer())


def render_order_documents() -> int:
    """Make the PDFs of order documents that are due."""
    return orders.render_due(shared_renderer())


SCHEDULE: Sequence[Entry] = (
    Entry("reap", reap, dt.timedelta(seconds=10)),
    Entry("resend", resend_due, dt.timedelta(seconds=5)),
    Entry("import", sales.continue_due, dt.timedelta(seconds=1)),
    Entry("form", statements.form_due, dt.timedelta(seconds=1)),
    Entry("post", operations.post_due, dt.timedelta(seconds=1)),
    Entry("write letters", triggers.fire_due, dt.timedelta(seconds=1), is_long=True),
    Entry("mend letters", triggers.mend, dt.timedelta(seconds=5)),
    Entry("render", render_due, dt.timedelta(seconds=1)),
    Entry("edit orders in bulk", orders.bulk_due, dt.timedelta(seconds=1)),
    Entry("render documents of orders", render_order_documents, dt.timedelta(seconds=1)),
    Entry("deliver", deliver_due, dt.timedelta(seconds=1), is_long=True),
    Entry("follow letters", statements.follow_letters, dt.timedelta(seconds=5)),
    Entry("link the history", link_due, dt.timedelta(seconds=1)),
    Entry("tell other programs", api.tell_due, dt.timedelta(seconds=2), is_long=True, is_apart=True),
    Entry("forget old keys", api.forget, dt.timedelta(hours=1)),
    Entry("form planned", statements.form_planned, dt.timedelta(hours=1)),
    Entry("forget attempts", forget_old, dt.timedelta(hours=1)),
    Entry("forget uploads", tidy_up, dt.timedelta(hours=1)),
    Entry("forget contents of files", forget_unused, dt.timedelta(hours=1)),
    Entry("forget presses", forget_presses, dt.timedelta(hours=1)),
    Entry("forget sessions", forget_sessions, dt.timedelta(days=1)),
    Entry("refresh statistics", refresh_statistics, dt.timedelta(hours=6)),
)
# Embedded, carrying letters has a process of its own, so that making PDFs never holds back a letter.
POST = tuple(entry for entry in SCHEDULE if entry.name in {"reap", "resend", "deliver"})
WORK = tuple(entry for entry in SCHEDULE if entry not in POST)


def work(
    *, until_idle: bool, should_stop: Callable[[], bool] = lambda: False, entries: Sequence[Entry] = SCHEDULE
) -> int:
    """Walk the entries until asked to stop, or until no verb finds anything; return how much was done."""
    apart = [] if until_idle else [entry for entry in entries if entry.is_apart]
    is_over = threading.Event()  # whoever meets a damaged database ends the others, too

    def must_stop() -> bool:
        return is_over.is_set() or should_stop()

    with ThreadPoolExecutor(max(len(apart), 1), "apart") as pool:
        others = [pool.submit(_repeat_apart, entry, must_stop, is_over) for entry in apart]
        try:
            done = _repeat(
                [each for each in entries if each not in apart], until_idle=until_idle, should_stop=must_stop
            )
        finally:
            is_over.set()
            close_shared_renderer()
    return done + sum(other.result() for other in others)


def _repeat_apart(entry: Entry, should_stop: Callable[[], bool], is_over: threading.Event) -> int:
    try:
        return _repeat([entry], until_idle=False, should_stop=should_stop)
    finally:
        is_over.set()
        connections.close_all()  # those of this thread


def _repeat(entries: Sequence[Entry], *, until_idle: bool, should_stop: Callable[[], bool]) -> int:
    due_at = {entry.name: 0.0 for entry in entries}
    done = 0
    while not should_stop():
        turn = 0
        for entry in entries:
            if should_stop() or (not until_idle and time.monotonic() < due_at[entry.name]):
                continue
            count = _run(entry, should_stop)
            # What found something is likely to find more: it is asked again at once.
            due_at[entry.name] = time.monotonic() + (0 if count else entry.every.total_seconds())
            turn += count
        done += turn
        if until_idle and not turn:
            break
        if not turn:
            time.sleep(0.3)
    return done


def _run(entry: Entry, should_stop: Callable[[], bool]) -> int:
    try:
        return entry.run(should_stop)
    except Exception as problem:  # the one place: a verb that fails is named in the log, the others go on
        if is_damage(problem):
            raise
        log.exception("%s failed", entry.name)
        return 0
    finally:
        try:
            close_old_connections()
        except DatabaseError:
            log.warning("the database connection could not be closed")
