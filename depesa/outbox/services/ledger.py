"""The ledger: leases, permits and outcomes as rows, many at a time; every transition compares and swaps.

Each function is one transaction, or runs in that of its caller. The guards are those of docs/explanation/delivery.md:
a token that is not the row's token changes nothing.
"""

import datetime as dt
import random
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from depesa.core.leases import FREE, claim
from depesa.core.processes import me
from depesa.core.reasons import gettext as _
from depesa.outbox.models import Attempt, Channel, Delivery, Evidence, EvidenceKind, Installation, State
from depesa.outbox.rules import (
    DOUBTS,
    FAULTS,
    Breaker,
    Failure,
    Kind,
    Outcome,
    Pace,
    Phase,
    Refusals,
    Reply,
    Verdict,
    retry_in,
    verdict,
)
from depesa.outbox.services.postman import Heard, Parcel, is_before_dot

SILENCE = Reply(0, "silence")  # no usable answer to the dot; three in a row pause the channel, as three refusals do
LEASE = dt.timedelta(minutes=10)
HAND_OVER = dt.timedelta(seconds=660)  # the 600 s that a server may take for its answer, and a minute
_dice = random.SystemRandom()


def lease(channel: Channel, count: int) -> list[str]:
    """Lease up to `count` due deliveries of the channel to this process; return their tokens."""
    batch = secrets.token_hex(6)
    now = timezone.now()
    due = Delivery.objects.filter(channel=channel, state=State.QUEUED, next_attempt_at__lte=now, expires_at__gt=now)
    keys = claim(
        due,
        count,
        LEASE,
        order=("priority", "next_attempt_at", "id"),
        state=State.LEASED,
        lease_token=Concat(Value(f"{batch}-"), Cast("pk", CharField())),
        leased_at=now,
        attempts=F("attempts") + 1,
    ).keys
    return [f"{batch}-{pk}" for pk in keys]


def pace_of(channel: Channel, now: dt.datetime) -> Pace:
    """The pace that all workers of the channel share; it stands in the channel's row."""
    if channel.paced_at is None:
        return Pace.fresh(channel.rate_per_minute, now)
    limit = float(channel.rate_per_minute)
    return Pace(limit, min(channel.pace, limit) if limit else channel.pace, channel.allowance, channel.paced_at)


def keep_pace(channel: Channel, pace: Pace) -> None:
    """Write the pace down for all workers."""
    Channel.objects.filter(pk=channel.pk).update(pace=pace.current, allowance=pace.allowance, paced_at=pace.updated_at)


def allow(channel: Channel, wanted: int) -> int:
    """How many of the wanted letters may leave now without going over the channel's letters a minute."""
    if not channel.rate_per_minute and channel.paced_at is None:
        return wanted
    with transaction.atomic():
        row = Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
        now = timezone.now()
        count, pace = pace_of(row, now).granted(wanted, now)
        keep_pace(row, pace)
    return count


@dataclass(frozen=True, slots=True)
class Granted:
    """A permit that is committed: its number in the installation and its number for the delivery."""

    parcel: Parcel
    number: int
    epoch: int


def permit(parcels: Sequence[Parcel]) -> list[Granted]:
    """Move the leased deliveries to handing over, where nothing forbids it; inside the caller's transaction."""
    if not parcels:
        return []
    installation = Installation.objects.select_for_update(no_key=True).get(pk=1)
    if installation.quarantined_at:
        return []
    paused = set(Channel.objects.filter(paused_at__isnull=False).values_list("pk", flat=True))
    tokens = [parcel.token for parcel in parcels if parcel.channel_id not in paused]
    now = timezone.now()
    Delivery.objects.filter(lease_token__in=tokens, state=State.LEASED, expires_at__gt=now).update(
        state=State.HANDING_OVER, permit_seq=F("permit_seq") + 1, permit_at=now, held_until=now + HAND_OVER
    )
    # Those whose permit was committed although nobody told us, because the connection was cut just then, as well.
    allowed_now = Delivery.objects.filter(lease_token__in=tokens, state=State.HANDING_OVER)
    granted = set(allowed_now.values_list("lease_token", flat=True))
    first = installation.last_permit + 1
    Installation.objects.filter(pk=1).update(last_permit=F("last_permit") + len(granted))
    allowed = [parcel for parcel in parcels if parcel.token in granted]
    return [Granted(parcel, first + place, installation.epoch) for place, parcel in enumerate(allowed)]


def give_back(parcels: Iterable[Parcel]) -> None:
    """Deliveries whose dot was surely not sent return to the queue as if nobody had touched them, permit or not."""
    tokens = [parcel.token for parcel in parcels]
    Delivery.objects.filter(lease_token__in=tokens, state__in=[State.LEASED, State.HANDING_OVER]).update(
        state=State.QUEUED, attempts=F("attempts") - 1, **NO_LEASE
    )


def put_back(tokens: Iterable[str]) -> None:
    """Uncertain letters wait again, for the journal says that the dots of these tokens were surely not sent.

    Only those whose attempt is known here: after a restore an earlier copy may have left of which nobody knows here.
    """
    why, now = _("The permit journal says that the end of the letter was not sent."), timezone.now()
    known = Attempt.objects.filter(token__in=list(tokens), outcome=State.UNKNOWN)
    for attempt in known.filter(delivery__state=State.UNKNOWN, delivery__lease_token=F("token")):
        with transaction.atomic():
            mine = Delivery.objects.filter(pk=attempt.delivery_id, state=State.UNKNOWN, lease_token=attempt.token)
            if mine.update(state=State.QUEUED, next_attempt_at=now, reason="", **NO_LEASE):
                Attempt.objects.filter(pk=attempt.pk).update(
                    outcome=State.QUEUED, phase=Phase.PERMIT.name.lower(), text=why
                )
                Evidence.objects.create(
                    delivery_id=attempt.delivery_id, kind=EvidenceKind.JOURNAL, verdict="not-accepted", text=why
                )


_open_desks = 0


@contextmanager
def open_desk() -> Iterator[None]:
    """While the block lasts, what this process has leased is being carried."""
    global _open_desks
    _open_desks += 1
    try:
        yield
    finally:
        _open_desks -= 1


def is_left_behind(row: Delivery) -> bool:
    """Whether nobody carries this leased delivery any more: its process is dead, hangs, or has closed its desk."""
    return row.is_abandoned or (row.holder == me() and not _open_desks)


NO_LEASE: dict[str, object] = {"lease_token": None, **FREE}


COLUMNS = ("pk", "lease_token", "state", "attempts", "permit_seq", "permit_at", "leased_at", "held_by")


class Leased(NamedTuple):
    """What of a delivery matters while its outcome is written down; rows instead of models, there are many."""

    pk: int
    lease_token: str
    state: str
    attempts: int
    permit_seq: int
    permit_at: dt.datetime | None
    leased_at: dt.datetime | None
    held_by: str


def leave_to_a_person(pk: int, token: str, why: str) -> None:
    """What cannot be written down or taken up waits for a decision: held if it cannot have left, else uncertain."""
    mine = Delivery.objects.filter(pk=pk, lease_token=token)
    mine.filter(state=State.LEASED).update(state=State.HELD, reason=why, **NO_LEASE)
    mine.filter(state=State.HANDING_OVER).update(state=State.UNKNOWN, reason=why)


@transaction.atomic
def note(heard: Sequence[Heard]) -> Sequence[Heard]:
    """Write down how attempts ended: deliveries, attempts and channels."""
    now = timezone.now()
    found = (
        Delivery.objects.filter(lease_token__in=[item.parcel.token for item in heard])
        .select_for_update(no_key=True)
        .order_by("pk")
    )
    rows = {row.lease_token: row for row in (Leased(*cells) for cells in found.values_list(*COLUMNS))}
    open_ = {token: row for token, row in rows.items() if row.state != State.UNKNOWN}
    mine = [(item, open_[item.parcel.token]) for item in heard if item.parcel.token in open_]
    known = [(item, row, _meaning(item, row)) for item, row in mine]
    for item in heard:
        if item.parcel.token not in open_:
            _note_late(item, rows.get(item.parcel.token))
    accepted = [row.pk for _item, row, meaning in known if meaning.kind is Kind.ACCEPTED]
    Delivery.objects.filter(pk__in=accepted, state=State.HANDING_OVER).update(
        state=State.ACCEPTED, accepted_at=now, ended_at=now, reason="", **NO_LEASE
    )
    for item, row, meaning in known:
        if meaning.kind is not Kind.ACCEPTED:
            _note_other(row, item.outcome, meaning, now)
    Attempt.objects.bulk_create([_attempt(item, row, meaning, now) for item, row, meaning in known])
    _note_channels([(item, meaning) for item, _row, meaning in known], now)
    return heard


def _meaning(item: Heard, row: Leased) -> Verdict:
    meaning = verdict(item.outcome.phase, item.outcome.answer)
    # Nobody said for whose sake: other letters left meanwhile, or the channel would be paused, so it is for theirs.
    is_settled = meaning.kind is Kind.DOUBTFUL and row.attempts >= DOUBTS
    return replace(meaning, kind=Kind.REJECTED) if is_settled else meaning


def _note_late(item: Heard, row: Leased | None) -> None:
    """An answer to an attempt that was given up settles the letter, unless its next copy is under way already."""
    token, reply = item.parcel.token, item.outcome.answer
    if not isinstance(reply, Reply) or is_before_dot(item.outcome):
        return
    mine = Q(pk=row.pk, permit_seq=row.permit_seq) if row else Q(tries__token=token, permit_seq=F("tries__permit_seq"))
    ids = list(Delivery.objects.filter(mine, state__in=[State.UNKNOWN, State.QUEUED]).values_list("pk", flat=True))
    waiting = Delivery.objects.filter(pk__in=ids, state__in=[State.UNKNOWN, State.QUEUED])
    settle(waiting, token, reply, EvidenceKind.LATE_REPLY)


def settle(waiting: QuerySet[Delivery], token: str, reply: Reply, kind: EvidenceKind) -> None:
    """Write down an answer that the database had missed, and where it leads the delivery if that still waits for it."""
    target, now = target_of(verdict(Phase.REPLY, reply)), timezone.now()
    if target == State.UNKNOWN:
        return
    text = why(Outcome(Phase.REPLY, reply))
    Attempt.objects.filter(token=token).update(code=reply.code, enhanced=reply.enhanced[:12], text=reply.text[:500])
    changes: dict[str, object] = {"state": target, "reason": "", **NO_LEASE}
    if target == State.ACCEPTED:
        changes |= {"accepted_at": now, "ended_at": now}
    elif target == State.REJECTED:
        changes |= {"ended_at": now, "reason": text}
    else:
        changes |= {"next_attempt_at": now}
    pk = waiting.values_list("pk", flat=True).first()
    if pk is not None and waiting.update(**changes):
        verdict_of = "accepted" if target == State.ACCEPTED else "not-accepted"
        Evidence.objects.create(delivery_id=pk, kind=kind, verdict=verdict_of, text=text)


def _note_other(row: Leased, outcome: Outcome, meaning: Verdict, now: dt.datetime) -> None:
    source = State.LEASED if is_before_dot(outcome) and row.state == State.LEASED else State.HANDING_OVER
    rows = Delivery.objects.filter(pk=row.pk, lease_token=row.lease_token, state=source)
    reason = why(outcome)
    match target_of(meaning):
        case State.REJECTED:
            rows.update(state=State.REJECTED, ended_at=now, reason=reason, **NO_LEASE)
        case State.UNKNOWN:
            # The token is kept: a reply that comes late still counts.
            rows.update(state=State.UNKNOWN, reason=reason)
        case _:
            spared = 0 if meaning.counts_attempt else 1
            wait = retry_in(max(1, row.attempts - spared), _dice.uniform(-1, 1), is_patient=meaning.is_patient)
            rows.update(
                state=State.QUEUED,
                next_attempt_at=now if meaning.kind is Kind.CHANNEL_FAULT else now + wait,
                attempts=F("attempts") - spared,
                reason=reason,
                **NO_LEASE,
            )


def target_of(meaning: Verdict) -> State:
    """The state that a verdict leads to."""
    return {Kind.ACCEPTED: State.ACCEPTED, Kind.REJECTED: State.REJECTED, Kind.UNKNOWN: State.UNKNOWN}.get(
        meaning.kind, State.QUEUED
    )


def written(outcome: Outcome) -> str:
    """What was heard, as a person reads it: the server's own words, or what went wrong where."""
    answer = outcome.answer
    if isinstance(answer, Failure):
        return f"{answer.fault.replace('_', ' ')}: {answer.detail}" if answer.detail else answer.fault.replace("_", " ")
    return f"{answer.code} {answer.text}".strip()


def why(outcome: Outcome) -> str:
    """The same as a reason: what went wrong is said in the reader's language, the server's own words stay."""
    heard = written(outcome)
    if not isinstance(outcome.answer, Failure):
        return heard
    return _("%(what)s (%(heard)s).") % {"what": FAULTS[outcome.answer.fault], "heard": heard[:400]}


def _attempt(item: Heard, row: Leased, meaning: Verdict, now: dt.datetime) -> Attempt:
    reply = item.outcome.answer if isinstance(item.outcome.answer, Reply) else None
    return Attempt(
        delivery_id=row.pk,
        number=row.attempts,
        token=item.parcel.token,
        worker=row.held_by.partition("#")[0],
        started_at=row.leased_at or now,
        permit_seq=row.permit_seq if row.permit_at and row.state != State.LEASED else None,
        permit_at=row.permit_at if row.state != State.LEASED else None,
        phase=item.outcome.phase.name.lower(),
        code=reply.code if reply and reply.code < 1000 else None,
        enhanced=reply.enhanced[:12] if reply else "",
        text=reply.text[:500] if reply else why(item.outcome),
        outcome=target_of(meaning),
        ended_at=now,
    )


def _note_channels(items: Sequence[tuple[Heard, Verdict]], now: dt.datetime) -> None:
    for channel_id in {item.parcel.channel_id for item, _meaning in items}:
        mine = [(item, meaning) for item, meaning in items if item.parcel.channel_id == channel_id]
        _note_channel(Channel.objects.get(pk=channel_id), mine, now)


def _note_channel(channel: Channel, items: Sequence[tuple[Heard, Verdict]], now: dt.datetime) -> None:
    """Breaker and refusals in a row: a channel's own fault is one banner and marks nobody's address."""
    breaker = Breaker(channel.fault_count, channel.probe_at)
    code, _, enhanced = channel.refusal_code.partition(" ")
    refusals = Refusals(int(code or 0), enhanced, channel.refusal_count, channel.refusal_recipients)
    fault, paused_by = channel.fault, None
    for item, meaning in items:
        if meaning.kind is Kind.CHANNEL_FAULT:
            breaker, fault = breaker.failed(now), written(item.outcome)
        else:
            breaker, fault = breaker.worked(), ""
            refusals = _refusals_after(refusals, item, meaning)
            paused_by = paused_by or (item if refusals.must_pause else None)
    changes: dict[str, object] = {
        "fault": fault[:500],
        "fault_count": breaker.faults,
        "probe_at": breaker.probe_at,
        "refusal_code": f"{refusals.code} {refusals.enhanced}".strip() if refusals.count else "",
        "refusal_count": refusals.count,
        "refusal_recipients": list(refusals.recipients),
    }
    if any(meaning.slow_down for _item, meaning in items):
        keep_pace(channel, pace_of(channel, now).slowed(now))
    if paused_by and not channel.is_paused:
        changes |= {"paused_at": now, "paused_reason": why(paused_by.outcome)}
        changes |= {"refusal_code": "", "refusal_count": 0, "refusal_recipients": []}
    if any(getattr(channel, name) != value for name, value in changes.items()):
        Channel.objects.filter(pk=channel.pk).update(**changes)


def _refusals_after(refusals: Refusals, item: Heard, meaning: Verdict) -> Refusals:
    if meaning.kind is Kind.UNKNOWN:
        return refusals.after(SILENCE)
    reply = item.outcome.answer
    if meaning.kind is Kind.SENDER_REFUSED and isinstance(reply, Reply):
        return refusals.after(reply)
    if meaning.is_content and isinstance(reply, Reply):
        return refusals.after(reply, item.parcel.recipient)
    return refusals.after(None) if meaning.kind is Kind.ACCEPTED else refusals
