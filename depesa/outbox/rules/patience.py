"""When a letter is tried again and until when, which leave first, and when a channel must rest."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Final

from depesa.core.reasons import Reason
from depesa.outbox.rules.answers import Reply

SCHEDULE: Final = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 120))
PATIENCE: Final = timedelta(minutes=7, seconds=30)
JITTER: Final = 0.2


def retry_in(attempts: int, jitter: float, *, is_patient: bool = False) -> timedelta:
    """Return the wait after so many attempts (1 or more); the caller draws jitter from -1 to 1."""
    if attempts < 1 or not -1 <= jitter <= 1:
        raise ValueError("attempts start at 1 and jitter lies between -1 and 1")
    if is_patient and attempts == 1:
        return PATIENCE + jitter * timedelta(minutes=2, seconds=30)
    return SCHEDULE[min(attempts, len(SCHEDULE)) - 1] * (1 + JITTER * jitter)


class Policy(StrEnum):
    """What kind of letter it is, which decides how long to try and who may resend it."""

    LEGAL = "legal"
    NOTICE = "notice"
    SECURITY = "security"
    MARKETING = "marketing"


class Turn(IntEnum):
    """Which letters leave first: what somebody waits for, then what happened, then what goes to many at once."""

    SECURITY = 1
    NOTICE = 5
    RUN = 9


GIVE_UP_AFTER: Final = {
    Policy.LEGAL: timedelta(hours=72),
    Policy.NOTICE: timedelta(hours=24),
    Policy.MARKETING: timedelta(hours=24),
}


def expires_at(
    policy: Policy,
    queued_at: datetime,
    *,
    useless_after: datetime | None = None,
    token_until: datetime | None = None,
) -> datetime:
    """Return when to give up: the policy's span or the letter's own end; for security mail its token."""
    if policy is Policy.SECURITY:
        if token_until is None:
            raise ValueError("security mail expires with its token")
        limit = token_until
    else:
        limit = queued_at + GIVE_UP_AFTER[policy]
    return min(limit, useless_after) if useless_after else limit


# A second link is harmless and a lost one is not: sent once more by itself when nobody knows whether it arrived.
RESENT_WHEN_UNKNOWN: Final = frozenset({Policy.SECURITY})

FAULTS_TO_OPEN: Final = 5
PROBE_EVERY: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Breaker:
    """Rests a channel after five faults in a row and lets one letter try each minute until it works again."""

    faults: int = 0
    probe_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Say whether the channel rests."""
        return self.probe_at is not None

    def allows(self, now: datetime) -> bool:
        """Say whether a letter may be claimed now; ask `probing` for the state to keep while it tries."""
        return self.probe_at is None or now >= self.probe_at

    def probing(self, now: datetime) -> "Breaker":
        """Return the breaker after one probe was let through: the next one is a minute away."""
        return replace(self, probe_at=now + PROBE_EVERY) if self.is_open else self

    def failed(self, now: datetime) -> "Breaker":
        """Return the breaker after one more channel fault."""
        faults = self.faults + 1
        return Breaker(faults, now + PROBE_EVERY if faults >= FAULTS_TO_OPEN else None)

    def worked(self) -> "Breaker":
        """Return the breaker after the server signed us in: closed, nothing remembered."""
        return Breaker()


SAME_REFUSALS_TO_PAUSE: Final = 3
DOUBTS: Final = 3  # attempts after which a letter counts as refused although nobody said for whose sake
# An unlimited channel that was slowed is unlimited again from here on.
FASTEST: Final = 60_000.0


@dataclass(frozen=True, slots=True)
class Refusals:
    """Counts equal refusals in a row; three pause the channel. Those of a mailbox count once for each."""

    code: int = 0
    enhanced: str = ""
    count: int = 0
    recipients: Collection[str] = ()

    @property
    def must_pause(self) -> bool:
        """Say whether a person must look before more is sent."""
        return self.count >= SAME_REFUSALS_TO_PAUSE

    def after(self, reply: Reply | None, recipient: str = "") -> "Refusals":
        """Return the count after one more answer; None means that a letter was taken.

        `recipient` is whose letter was refused, where it may be for their sake.
        """
        if reply is None:
            return Refusals()
        is_same = (reply.code, reply.enhanced) == (self.code, self.enhanced)
        before = self if is_same else Refusals(reply.code, reply.enhanced)
        if recipient and recipient in before.recipients:
            return before
        return replace(before, count=before.count + 1, recipients=[*before.recipients, *filter(None, [recipient])])


@dataclass(frozen=True, slots=True)
class Pace:
    """How many letters a minute may leave; halves when the server asks, recovers a tenth a minute.

    `limit` 0 means unlimited. At most one second's worth is saved up, so a quiet hour allows no burst.
    """

    limit: float
    current: float
    allowance: float
    updated_at: datetime

    @classmethod
    def fresh(cls, limit: float, now: datetime) -> "Pace":
        """Return the pace of a channel that has sent nothing yet."""
        return cls(limit, limit, max(1.0, limit / 60), now)

    def granted(self, wanted: int, now: datetime) -> "tuple[int, Pace]":
        """Return how many of the wanted letters may leave now, and the pace to keep."""
        if not self.limit and self.current in (0, FASTEST):
            return wanted, self
        seconds = max(0.0, (now - self.updated_at).total_seconds())
        current = self.current
        if self._is_slowed:
            current = min(current * 1.1 ** min(60.0, seconds / 60), self.limit or FASTEST)
        allowance = min(self.allowance + seconds * current / 60, max(1.0, current / 60))
        count = min(wanted, int(allowance))
        return count, Pace(self.limit, current, allowance - count, now)

    def slowed(self, now: datetime, observed_per_minute: float = 60) -> "Pace":
        """Return the pace after the server asked to slow down: half of it, at least one letter a minute."""
        current = max(1.0, (self.current or observed_per_minute) / 2)
        return Pace(self.limit, current, 0.0, now)

    @property
    def _is_slowed(self) -> bool:
        return not self.limit or self.current < self.limit


CATCHER: Final = "catcher"  # code of the channel that leads to the mail catcher
SAFE_MODE: Final = Reason("Letters go to the mail catcher.")  # why the usual channel is paused meanwhile
