"""Rules of the outbox: what a mail server's answer means, when to try again, when a channel rests. Pure Python."""

from depesa.outbox.rules.answers import FAULTS, Answer, Failure, Fault, Kind, Outcome, Phase, Verdict, verdict
from depesa.outbox.rules.patience import (
    CATCHER,
    DOUBTS,
    GIVE_UP_AFTER,
    RESENT_WHEN_UNKNOWN,
    SAFE_MODE,
    Breaker,
    Pace,
    Policy,
    Refusals,
    Turn,
    expires_at,
    retry_in,
)
from depesa.outbox.rules.subjects import About, Reply, about
