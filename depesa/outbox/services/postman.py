"""The postman: many SMTP sessions in one loop in a thread of their own.

He knows no database. He takes parcels, asks the desk for a permit before each final dot, says in the journal that the
dot goes out and what was answered to it, and reports what he heard. The desk is a queue that the calling thread
empties; see `deliveries`.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from depesa.core.edges import kill_point
from depesa.outbox.journal import Answer, Journal
from depesa.outbox.rules import Outcome, Phase, Reply
from depesa.outbox.smtp import Connection, NotOpenedError, Server, Timeouts

WIDEN_AFTER: Final = 300.0  # seconds
TOO_MANY: Final = {421, 451, 452, 454}  # what servers greet with when they have enough connections of ours


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery that is leased to us, with the sealed bytes of its message."""

    token: str
    delivery_id: int
    permit_seq: int
    channel_id: int
    message_id: str
    envelope_from: str
    recipient: str
    data: bytes


@dataclass(frozen=True, slots=True)
class PermitWanted:
    """The body is out; may the dot follow? `answer` may be called from any thread."""

    parcel: Parcel
    answer: Callable[[bool], None]


@dataclass(frozen=True, slots=True)
class Heard:
    """How an attempt ended."""

    parcel: Parcel
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Dropped:
    """The parcel was given back, and its letter has not left: no permit, or the postman was called back."""

    parcel: Parcel
    reason: str


type Event = PermitWanted | Heard | Dropped


@dataclass(slots=True)
class Round:
    """The sessions of one channel: where they deliver, and what waits for them."""

    server: Server
    sessions: int
    timeouts: Timeouts = field(default_factory=Timeouts)
    waiting: asyncio.Queue[Parcel | None] = field(default_factory=asyncio.Queue)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    connected: int = 0
    widened_at: float = 0.0
    most: int = field(init=False)  # sessions that the channel allows
    is_over: bool = False

    def __post_init__(self) -> None:
        self.most = self.sessions

    def leads_as(self, other: "Round") -> bool:
        """Whether the other leads to the same server by as many sessions."""
        return (self.server, self.most) == (other.server, other.most)

    def end(self) -> list[Parcel]:
        """Let each session finish what it carries and no more; return what waited."""
        left, self.is_over = self.drained(), True
        for _task in self.tasks:
            self.waiting.put_nowait(None)
        return left

    def drained(self) -> list[Parcel]:
        """Take out what no session has taken yet."""
        found = [self.waiting.get_nowait() for _each in range(self.waiting.qsize())]
        return [parcel for parcel in found if parcel is not None]

    def narrow(self, now: float) -> None:
        """The server takes no more connections than there are now; one more is tried in five minutes."""
        self.sessions, self.widened_at = max(1, self.connected), now + WIDEN_AFTER

    def widen(self, now: float) -> None:
        """Try one session more after a while."""
        if self.widened_at and now >= self.widened_at:
            self.sessions, self.widened_at = self.sessions + 1, now + WIDEN_AFTER


class Postman:
    """Runs the sessions; all public methods are called from the desk's thread."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._dots_out = 0
        self.desk: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._loop = asyncio.new_event_loop()
        self._rounds: dict[int, Round] = {}
        self._ending: list[Round] = []  # those of channels that lead elsewhere by now
        self._thread = threading.Thread(target=self._loop.run_forever, name="postman", daemon=True)
        self._thread.start()

    def give(self, channel_id: int, route: Callable[[], Round], parcels: list[Parcel]) -> None:
        """Hand over parcels of one channel; `route` makes its round, which counts if it leads elsewhere than before."""
        self._loop.call_soon_threadsafe(self._take, channel_id, route, parcels)

    def recall(self) -> None:
        """Parcels that no session has taken yet come back as Dropped."""
        self._loop.call_soon_threadsafe(self._drop_waiting)

    def close(self) -> None:
        """End all sessions once the dots that are out are answered; parcels that still wait come back as Dropped."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _take(self, channel_id: int, route: Callable[[], Round], parcels: list[Parcel]) -> None:
        fresh = route()
        round_ = self._rounds.setdefault(channel_id, fresh)
        if not round_.leads_as(fresh):
            self._ending = [each for each in (*self._ending, round_) if each.tasks]
            parcels = [*round_.end(), *parcels]
            round_ = self._rounds[channel_id] = fresh
        for parcel in parcels:
            round_.waiting.put_nowait(parcel)
        round_.widen(self._loop.time())
        # Sessions are opened as there is work for them, never more than the channel and its server allow.
        while len(round_.tasks) < min(round_.sessions, round_.waiting.qsize() + len(round_.tasks)):
            round_.tasks.append(self._loop.create_task(self._walk(round_)))

    def _drop_waiting(self) -> None:
        for round_ in self._rounds.values():
            for parcel in round_.drained():
                self.desk.put(Dropped(parcel, "closing"))

    async def _end(self) -> None:
        self._drop_waiting()
        while self._dots_out:
            await asyncio.sleep(0.02)
        for round_ in (*self._rounds.values(), *self._ending):
            for task in round_.tasks:
                task.cancel()
            await asyncio.gather(*round_.tasks, return_exceptions=True)

    async def _walk(self, round_: Round) -> None:
        connection: Connection | None = None
        try:
            while True:
                parcel = await round_.waiting.get()
                if parcel is None:
                    break
                if connection is None or not connection.is_usable:
                    if connection is not None:
                        round_.connected -= 1
                        connection.abort()
                    connection = await self._connect(round_, parcel)
                    round_.connected += connection is not None
                if connection is not None:
                    await self._deliver(connection, parcel)
                elif len(round_.tasks) > round_.sessions:
                    break
        finally:
            round_.tasks = [task for task in round_.tasks if task is not asyncio.current_task()]
            if connection is not None:
                round_.connected -= 1
                await connection.quit()

    async def _connect(self, round_: Round, parcel: Parcel) -> Connection | None:
        try:
            connection = await Connection.open(round_.server, round_.timeouts)
        except NotOpenedError as error:
            answer = error.outcome.answer
            if round_.is_over:
                self.desk.put(Dropped(parcel, "the channel leads elsewhere"))
            elif len(round_.tasks) > 1 and isinstance(answer, Reply) and answer.code in TOO_MANY:
                round_.narrow(self._loop.time())
                round_.waiting.put_nowait(parcel)
            else:
                self.desk.put(Heard(parcel, error.outcome))
            return None
        kill_point("connected")
        return connection

    async def _deliver(self, connection: Connection, parcel: Parcel) -> None:
        outcome = await connection.offer(parcel.envelope_from, parcel.recipient, parcel.data)
        if outcome is not None:
            self.desk.put(Heard(parcel, outcome))
            return
        kill_point("body-sent")
        if not await self._permit(parcel):
            connection.abort()
            self.desk.put(Dropped(parcel, "no permit"))
            return
        kill_point("before-dot")
        if not self._journal.dot(parcel.token):
            connection.abort()
            self.desk.put(Dropped(parcel, "no journal"))
            return
        kill_point("dot-journalled")
        self._dots_out += 1
        try:
            outcome = await connection.dot(partial(self._keep, parcel.token))
        finally:
            self._dots_out -= 1
        self.desk.put(Heard(parcel, outcome))

    def _keep(self, token: str, reply: Reply) -> None:
        kill_point("reply-read")
        self._journal.answer(Answer(token, reply.code, reply.enhanced, reply.text))
        kill_point("answer-journalled")

    async def _permit(self, parcel: Parcel) -> bool:
        wanted: asyncio.Future[bool] = self._loop.create_future()

        def answer(is_granted: bool) -> None:
            self._loop.call_soon_threadsafe(_settle, wanted, is_granted)

        self.desk.put(PermitWanted(parcel, answer))
        return await wanted


def _settle(wanted: "asyncio.Future[bool]", is_granted: bool) -> None:
    if not wanted.done():
        wanted.set_result(is_granted)


def is_before_dot(outcome: Outcome) -> bool:
    """Whether the letter is surely not there: the attempt ended before the final dot was written."""
    return outcome.phase < Phase.DOT
