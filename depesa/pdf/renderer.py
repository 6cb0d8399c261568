"""Renders jobs in worker processes: nothing is lost, nobody waits for ever, and only the guilty job fails."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from decimal import Decimal
from multiprocessing.connection import wait
from threading import Lock, get_ident
from time import monotonic
from types import TracebackType
from typing import Self

from depesa.core.reasons import gettext as _
from depesa.pdf.folders import Folders
from depesa.pdf.jobs import Job, Rendered, RenderError, RendererUnavailableError
from depesa.pdf.workers import Death, Limits, Ticket, Worker

DEATHS_PER_JOB = 3
FAILED_STARTS = 5


class Renderer:
    """A few warm Typst processes, started when the first job comes; use as a context manager or call close().

    `timeout` is for built-in templates, `users_timeout` for jobs with a source of their own, both in seconds.
    One renderer may be used from several threads: single jobs have a worker of their own beside the bulk.
    """

    def __init__(
        self,
        processes: int | None = None,
        timeout: float = 30.0,
        memory_bytes: int = 1 << 30,
        users_timeout: float = 5.0,
    ) -> None:
        limits = Limits(timeout, users_timeout, memory_bytes)
        self._bulk = Pool(processes or os.cpu_count() or 1, limits)
        self._single = Pool(1, limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all processes and remove what they worked with; the next job would start new ones."""
        self._bulk.close()
        self._single.close()

    def render(self, job: Job) -> bytes:
        """The PDF of one job; RenderError with a sentence when there is none."""
        outcome = self.render_one(job)
        if outcome.pdf is None:
            raise RenderError(outcome.error)
        return outcome.pdf

    def render_one(self, job: Job) -> Rendered:
        """The outcome of one job with its warnings."""
        (outcome,) = self._single.run([job])
        return outcome

    def render_many(self, jobs: Iterable[Job]) -> Iterator[Rendered]:
        """Outcomes as they come, in no fixed order; `jobs` is read only a few steps ahead."""
        return self._bulk.run(jobs)


class Pool:
    """Worker processes that work off one stream of jobs at a time."""

    def __init__(self, processes: int, limits: Limits) -> None:
        self._processes = processes
        self._limits = limits
        self._lock = Lock()
        self._owner = 0
        self._pid = os.getpid()
        self._folders: Folders | None = None
        self._workers: list[Worker] = []
        self._again: deque[Ticket] = deque()
        self._outcomes: deque[Rendered] = deque()
        self._failed_starts = 0
        self._closings = 0

    def close(self) -> None:
        """End the workers; a run that was left half-way in this thread must not block its own end."""
        is_ours = self._owner == get_ident()
        if not is_ours:
            self._lock.acquire()
        self._closings += 1
        try:
            for worker in self._workers:
                worker.hang_up()
            self._dismiss(list(self._workers))
            if self._folders is not None:
                self._folders.close()
                self._folders = None
        finally:
            if not is_ours:
                self._lock.release()

    def run(self, jobs: Iterable[Job]) -> Iterator[Rendered]:
        """One outcome per job."""
        if self._lock.locked() and self._owner == get_ident():
            raise RuntimeError("This renderer is in the middle of render_many; finish that first or use render().")
        with self._lock:
            self._owner = get_ident()
            self._forget_parents_workers()
            try:
                yield from self._run(iter(jobs))
            finally:
                self._owner = 0
                self._again.clear()
                self._outcomes.clear()
                self._dismiss([worker for worker in self._workers if worker.tickets])

    def _run(self, jobs: Iterator[Job]) -> Iterator[Rendered]:
        coming = Waiting(self._again, jobs)
        closings = self._closings
        while True:
            self._feed(coming)
            while self._outcomes:
                yield self._outcomes.popleft()
                if closings != self._closings:
                    raise RuntimeError("This renderer was closed in the middle of render_many.")
            busy = [worker for worker in self._workers if worker.tickets]
            if busy:
                self._collect(busy)
            elif not self._again:
                return

    def _feed(self, coming: "Waiting") -> None:
        """Give every worker something to do, round by round so that the end of a run is shared out evenly."""
        has_fed = True
        while has_fed:
            has_fed = False
            for place in range(self._processes):
                ticket = coming.peek()
                if ticket is None:
                    return
                worker = self._worker_for(place, ticket)
                if worker is not None:
                    coming.pop()
                    self._assign(worker, ticket)
                    has_fed = True

    def _worker_for(self, place: int, ticket: Ticket) -> Worker | None:
        """The worker of that place if it can take the ticket now; one that cost a life gets a fresh one."""
        if place < len(self._workers):
            worker = self._workers[place]
            if ticket.deaths and worker.served and not worker.tickets:
                self._dismiss([worker])
            elif ticket.deaths and worker.tickets:
                return None
            else:
                return worker if worker.has_room_for(ticket.job) else None
        if self._folders is None:
            self._folders = Folders()
        worker = Worker(self._folders, self._limits)
        self._workers.append(worker)
        return worker

    def _assign(self, worker: Worker, ticket: Ticket) -> None:
        try:
            worker.assign(ticket)
        except OSError:
            self._bury(worker)

    def _collect(self, busy: list[Worker]) -> None:
        """Wait for answers and take them; bury those who will never answer."""
        patience = min(worker.due_at for worker in busy) - monotonic()
        ready = wait([worker.connection for worker in busy], max(patience, 0.0))
        for worker in busy:
            if worker.connection in ready:
                self._take(worker)
            elif monotonic() > worker.due_at:
                self._bury(worker)

    def _take(self, worker: Worker) -> None:
        try:
            outcome = worker.take()
        except (EOFError, OSError):
            self._bury(worker)
            return
        self._failed_starts = 0
        if outcome is not None:
            self._outcomes.append(outcome)

    def _bury(self, worker: Worker) -> None:
        """Put the jobs of a dead worker back, all but the one that killed it."""
        held = list(worker.tickets)
        (death,) = self._dismiss([worker])
        if not worker.is_ready:
            self._again.extendleft(reversed(held))
            self._count_failed_start(death)
            return
        self._again.extendleft(reversed(held[1:]))
        suspect = held[0]
        suspect.deaths += 1
        verdict = self._verdict(suspect, death, is_fresh=worker.served == 0)
        if verdict:
            self._outcomes.append(Rendered(suspect.job.key, None, verdict))
        else:
            self._again.appendleft(suspect)

    def _verdict(self, suspect: Ticket, death: Death, *, is_fresh: bool) -> str:
        """Why the job failed, or nothing if the death may not be its fault and it deserves another worker."""
        if death.was_late:
            seconds = Decimal(str(self._limits.seconds_of(suspect.job))).normalize()
            return _("The template took longer than %(seconds)s s.") % {"seconds": seconds}
        if death.was_hungry and is_fresh:
            megabytes = self._limits.memory_bytes >> 20
            return _("The template needed more than %(megabytes)d MB of memory.") % {"megabytes": megabytes}
        if suspect.deaths >= DEATHS_PER_JOB:
            sentence = _("The PDF engine stopped %(deaths)d times on this document. %(last_words)s")
            return (sentence % {"deaths": suspect.deaths, "last_words": death.last_words}).strip()
        return ""

    def _count_failed_start(self, death: Death) -> None:
        self._failed_starts += 1
        if self._failed_starts >= FAILED_STARTS:
            self._failed_starts = 0
            sentence = _("The PDF engine does not start on this machine. %(last_words)s")
            raise RendererUnavailableError(sentence % {"last_words": death.last_words})

    def _dismiss(self, workers: list[Worker]) -> list[Death]:
        for worker in workers:
            self._workers.remove(worker)
        return [worker.stop() for worker in workers]

    def _forget_parents_workers(self) -> None:
        """After a fork the workers belong to the parent; the child must not speak to them."""
        if self._pid != os.getpid():
            self._pid = os.getpid()
            self._workers, self._folders = [], None


class Waiting:
    """Jobs that go again first, then those not yet tried; one may be looked at before it is taken."""

    def __init__(self, again: deque[Ticket], jobs: Iterator[Job]) -> None:
        self._again = again
        self._jobs = jobs

    def peek(self) -> Ticket | None:
        if not self._again:
            job = next(self._jobs, None)
            if job is not None:
                self._again.append(Ticket(job))
        return self._again[0] if self._again else None

    def pop(self) -> Ticket:
        return self._again.popleft()
