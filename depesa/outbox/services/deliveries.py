"""Deliver what is due: lease, let the postman carry, commit permits and outcomes in beats."""

import logging
import queue
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone

from depesa.core.batches import AWAY, Failed, alone, each_alone
from depesa.core.edges import assert_outside_transaction, kill_point
from depesa.core.processes import me
from depesa.outbox import mime
from depesa.outbox.journal import Journal, Permit
from depesa.outbox.models import Channel, Delivery, Place, State
from depesa.outbox.queries import parts_of
from depesa.outbox.rules import Breaker
from depesa.outbox.services import ledger
from depesa.outbox.services.channels import pause, server_of
from depesa.outbox.services.places import (
    halt_here,
    is_in_trouble_here,
    journal_folder,
    keep_permit,
    say_here,
    seen_here,
)
from depesa.outbox.services.postman import Dropped, Event, Heard, Parcel, PermitWanted, Postman, Round
from depesa.outbox.services.quarantine import examine, examine_once, is_quarantined, is_replayed_here
from depesa.outbox.services.rests import expire

log = logging.getLogger("depesa.outbox")

PATIENCE: Final = 20.0  # seconds for which whoever is asked to stop still waits for the database
AHEAD = 4  # parcels that wait for each session, so that none is idle while the desk commits


def deliver_due(*, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Hand over every letter that is due now; return how many attempts were made.

    Returns when nothing is due any more, or soon after `should_stop` says so: what a session carries already is
    finished, everything else goes back to the queue.
    """
    assert_outside_transaction()
    expire()
    if is_quarantined():
        if not is_replayed_here():
            examine()
        return 0
    seen_here()
    if not (_has_due() or is_in_trouble_here()) or examine_once():
        return 0
    try:
        journal = Journal(journal_folder(), me())
    except OSError as problem:
        halt_here(problem)
        return 0
    desk = Desk(Postman(journal), journal, say_here(""), should_stop)
    try:
        with ledger.open_desk():
            return desk.work()
    finally:
        desk.close()


def _has_due() -> bool:
    now = timezone.now()
    due = Delivery.objects.filter(state=State.QUEUED, next_attempt_at__lte=now, channel__paused_at__isnull=True)
    return due.exists()


class Desk:
    """The calling thread: it alone touches the database."""

    def __init__(self, postman: Postman, journal: Journal, place: Place, should_stop: Callable[[], bool]) -> None:
        self._postman, self._journal, self._place, self._should_stop = postman, journal, place, should_stop
        self._is_halted = False
        self._last_permit = 0  # number of the last one that the journal holds, until the database knows it
        self._out: dict[str, Parcel] = {}
        self._of_channel: dict[int, int] = {}
        self._attempts = 0
        self._looked_at = 0.0

    def work(self) -> int:
        """Beat until nothing is out and nothing is due."""
        is_more = True
        while True:
            is_stopping = self._is_halted or self._should_stop()
            if not is_stopping and (is_more or time.monotonic() - self._looked_at > 1):
                is_more = self._lease_if_it_answers()
            if not self._out:
                return self._attempts
            if is_stopping:
                self._postman.recall()
            self._beat(self._gather())

    def close(self) -> None:
        """End the sessions, write down what they still heard, and put back what surely has not left."""
        self._postman.close()
        events = list(self._waiting())
        heard = [event for event in events if isinstance(event, Heard)]
        for event in heard:
            self._out.pop(event.parcel.token, None)
        self._commit(heard, [], [parcel for parcel in self._out.values() if not self._journal.knows_dot(parcel.token)])
        self._journal.close()

    def _lease_if_it_answers(self) -> bool:
        """Lease more, unless the database does not answer now while letters are out: they come first."""
        try:
            return self._lease()
        except AWAY as problem:
            if not self._out:
                raise
            _let_go(problem)
            return False

    def _lease(self) -> bool:
        """Fill the sessions of every channel that works; return whether more may be due."""
        self._looked_at = time.monotonic()
        if is_quarantined():
            return False
        channels = list(Channel.objects.filter(paused_at__isnull=True))
        try:
            self._journal.reserve(sum(channel.max_connections * AHEAD for channel in channels) + len(self._out))
        except OSError as problem:
            self._halt(problem)
            return False
        return sum(alone(self._fill, each, _pause_broken, name=lambda row: f"channel {row}") for each in channels) > 0

    def _halt(self, problem: OSError) -> None:
        """The journal cannot be written: nothing more leaves from here, and what has a permit gives it back."""
        self._is_halted = True
        halt_here(problem)

    def _fill(self, channel: Channel) -> bool:
        """Fill the sessions of one channel; return whether more may be due."""
        wanted = channel.max_connections * AHEAD - self._of_channel.get(channel.pk, 0)
        if wanted < channel.max_connections and self._of_channel.get(channel.pk):
            return True
        granted = self._granted(channel, wanted)
        if not granted:
            return False
        route = partial(Round, server_of(channel), channel.max_connections)
        tokens = ledger.lease(channel, granted)
        if tokens:
            self._give(channel, route, tokens)
        return len(tokens) == granted

    def _granted(self, channel: Channel, wanted: int) -> int:
        now = timezone.now()
        breaker = Breaker(channel.fault_count, channel.probe_at)
        if breaker.is_open:
            # One letter tries each minute, the rest waits behind one banner.
            mine = Channel.objects.filter(pk=channel.pk, probe_at=channel.probe_at)
            is_free = breaker.allows(now) and mine.update(probe_at=breaker.probing(now).probe_at)
            return 1 if is_free and not self._of_channel.get(channel.pk) else 0
        if channel.fault_count and self._of_channel.get(channel.pk):
            return 0
        return ledger.allow(channel, 1 if channel.fault_count else wanted)

    def _give(self, channel: Channel, route: Callable[[], Round], tokens: list[str]) -> None:
        parcels = load(channel, tokens)
        kill_point("leased")
        for parcel in parcels:
            self._out[parcel.token] = parcel
        self._of_channel[channel.pk] = self._of_channel.get(channel.pk, 0) + len(parcels)
        self._postman.give(channel.pk, route, parcels)

    def _gather(self) -> list[Event]:
        """Whatever asks now, in one beat; waits for the first."""
        try:
            first = self._postman.desk.get(timeout=0.5)
        except queue.Empty:
            return []
        return [first, *self._waiting()]

    def _waiting(self) -> Iterator[Event]:
        while not self._postman.desk.empty():
            yield self._postman.desk.get()

    def _beat(self, events: list[Event]) -> None:
        """Commit outcomes and permits together, journal the permits, then let the dots go."""
        heard = [event for event in events if isinstance(event, Heard)]
        wanted = [event for event in events if isinstance(event, PermitWanted)]
        dropped = [event.parcel for event in events if isinstance(event, Dropped)]
        granted = self._commit(heard, [event.parcel for event in wanted], dropped)
        if heard:
            kill_point("outcome-committed")
        self._journal.forget(item.parcel.token for item in heard)
        allowed = self._journalled(granted) if granted else set()
        for event in wanted:
            event.answer(event.parcel.token in allowed)
        self._attempts += len(heard)
        self._forget([*(item.parcel for item in heard), *dropped])

    def _commit(
        self, heard: Sequence[Heard], wanted: Sequence[Parcel], dropped: Sequence[Parcel]
    ) -> list[ledger.Granted]:
        """Write it all into the database, however often it must be asked: what was heard waits here meanwhile."""
        asked_at = time.monotonic()
        while True:
            try:
                with transaction.atomic():
                    ledger.give_back(dropped)
                    each_alone(ledger.note, heard, _not_noted, name=lambda item: f"the outcome of {item.parcel.token}")
                    granted = ledger.permit(wanted)
                    if self._last_permit:  # last, for all who send from here write into this row
                        keep_permit(self._place, self._last_permit)
            except AWAY as problem:
                if self._should_stop() and time.monotonic() - asked_at > PATIENCE:
                    raise
                _let_go(problem)
            else:
                self._last_permit = 0
                return granted

    def _journalled(self, granted: list[ledger.Granted]) -> set[str]:
        """The tokens whose permits the journal holds; none if it cannot be written, and no dot goes out."""
        kill_point("permit-committed")
        try:
            if not self._journal.is_there():
                log.error("the permit journal was deleted while letters left; it was made anew")
            self._journal.permits(_journalled(item) for item in granted)
        except OSError as problem:
            self._halt(problem)
            return set()
        self._last_permit = granted[-1].number
        kill_point("permit-journalled")
        return {item.parcel.token for item in granted}

    def _forget(self, parcels: list[Parcel]) -> None:
        for parcel in parcels:
            if self._out.pop(parcel.token, None):
                self._of_channel[parcel.channel_id] -= 1


def _let_go(problem: Exception) -> None:
    """The database does not answer: a new connection is tried in a second."""
    log.warning("the database does not answer, what was heard waits: %s", problem)
    connection.close()
    time.sleep(1)


def _pause_broken(failed: Failed[Channel]) -> bool:
    """A channel that cannot be used stands still with the reason; the others go on."""
    pause(failed.row, reason=failed.sentence, by=None)
    return False


def _not_noted(failed: Failed[Heard]) -> Heard:
    parcel = failed.row.parcel
    ledger.leave_to_a_person(parcel.delivery_id, parcel.token, failed.sentence)
    return failed.row


def _journalled(item: ledger.Granted) -> Permit:
    parcel = item.parcel
    at = timezone.now().isoformat(timespec="seconds")
    return Permit(item.epoch, item.number, parcel.token, parcel.delivery_id, parcel.permit_seq, parcel.message_id, at)


def load(channel: Channel, tokens: list[str]) -> list[Parcel]:
    """The leased deliveries with their sealed bytes, each checked against its SHA-256.

    A letter whose bytes do not match is held and named; it never leaves.
    """
    leased = Delivery.objects.filter(lease_token__in=tokens, state=State.LEASED).order_by("priority", "id")
    rows = list(
        leased.values_list(
            "id",
            "lease_token",
            "permit_seq",
            "recipient",
            "message_id",
            "message__message_id",
            "message__envelope_from",
            "message__skeleton",
            "message__sha256",
        )
    )
    parts = parts_of({row[4] for row in rows})
    parcels = []
    for row in rows:
        parcel = alone(partial(_parcel, channel, parts), row, _hold, name=lambda row: f"delivery {row[0]}")
        parcels.extend([parcel] if parcel else [])
    return parcels


def _hold(failed: Failed[Sequence[Any]]) -> None:
    pk, token = failed.row[:2]
    ledger.leave_to_a_person(pk, token, failed.sentence)


def _parcel(channel: Channel, parts: Mapping[str, bytes], row: Sequence[Any]) -> Parcel:
    pk, token, permit_seq, recipient, _message, message_id, envelope_from, skeleton, sha256 = row
    return Parcel(
        token=token or "",
        delivery_id=pk,
        permit_seq=permit_seq + 1,
        channel_id=channel.pk,
        message_id=message_id,
        envelope_from=envelope_from,
        recipient=recipient,
        data=mime.unseal(bytes(skeleton), parts, sha256),
    )
