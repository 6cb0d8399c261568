"""What the sink does to a letter: one plan each, chosen by recipient, by number or by chance."""

from dataclasses import dataclass, field
from enum import Enum
from random import Random


class Ending(Enum):
    """What becomes of the connection after the plan's last word."""

    STAY = "stay"
    CLOSE = "close"
    RESET = "reset"


@dataclass(frozen=True)
class Plan:
    """The answers to one letter; b"" is silence. `takes` says whether the letter is kept at the dot."""

    sender: bytes = b"250 2.1.0 sender ok\r\n"
    recipient: bytes = b"250 2.1.5 recipient ok\r\n"
    data: bytes = b"354 go ahead\r\n"
    breaks_after: int | None = None  # bytes of the body, then `breaking` and a close
    breaking: bytes = b""
    dot: bytes = b"250 2.0.0 ok: queued as %d\r\n"
    takes: bool = True
    delay: float = 0
    ending: Ending = Ending.STAY


def refused_at_dot(reply: bytes, ending: Ending = Ending.STAY) -> Plan:
    return Plan(dot=reply, takes=False, ending=ending)


# The local part up to "+" names a plan, so that `dot-450+17@sink.example` scripts a sink in another process.
BEHAVIOURS = {
    "mail-550": Plan(sender=b"550 5.7.1 sender refused\r\n"),
    "mail-451": Plan(sender=b"451 4.3.0 try later\r\n"),
    "rcpt-450": Plan(recipient=b"450 4.2.0 greylisted\r\n"),
    "rcpt-550": Plan(recipient=b"550 5.1.1 no such user\r\n"),
    "rcpt-552": Plan(recipient=b"552 5.2.2 mailbox full\r\n"),
    "rcpt-251": Plan(recipient=b"251 2.1.5 will forward\r\n"),
    "data-451": Plan(data=b"451 4.3.0 try later\r\n"),
    "data-554": Plan(data=b"554 5.7.1 refused\r\n"),
    "body-close": Plan(breaks_after=1),
    "body-552": Plan(breaks_after=1, breaking=b"552 5.3.4 message too big\r\n"),
    "dot-close-taken": Plan(dot=b"", ending=Ending.CLOSE),
    "dot-close-lost": Plan(dot=b"", ending=Ending.CLOSE, takes=False),
    "dot-reset-taken": Plan(dot=b"", ending=Ending.RESET),
    "dot-reset-lost": Plan(dot=b"", ending=Ending.RESET, takes=False),
    "dot-421": refused_at_dot(b"421 4.3.2 shutting down\r\n", Ending.CLOSE),
    "dot-450": refused_at_dot(b"450 4.3.0 try later\r\n"),
    "dot-550": refused_at_dot(b"550 5.7.1 refused\r\n"),
    "dot-554": refused_at_dot(b"554 5.7.1 spam\r\n"),
    "dot-200": Plan(dot=b"200 fine\r\n"),
    "dot-251": Plan(dot=b"251 fine\r\n"),
    "dot-garbage": Plan(dot=b"hello\r\n"),
    "dot-354": Plan(dot=b"354 go on\r\n"),
    "dot-long-line": Plan(dot=b"250 " + b"x" * 10_000 + b"\r\n"),
    "dot-endless": Plan(dot=b"250-more\r\n" * 20_000),
    "dot-slow": Plan(delay=1.0),
    "dot-silent": Plan(dot=b""),
}
# What chance picks from: everything that a server really does, without what waits for minutes.
CHAOS = tuple(
    plan for name, plan in BEHAVIOURS.items() if name not in ("dot-silent", "mail-550", "rcpt-550", "rcpt-251")
)


@dataclass
class Choice:
    """Finds the plan of a letter: by its number, by recipient (a list is used up one by one), by name, by chance."""

    default: Plan = Plan()
    by_recipient: dict[str, Plan | list[Plan]] = field(default_factory=dict)
    by_number: dict[int, Plan] = field(default_factory=dict)
    chaos: float = 0
    seed: int = 0

    def __post_init__(self) -> None:
        self._random = Random(self.seed)

    def at_sender(self, number: int) -> Plan:
        if number in self.by_number:
            return self.by_number[number]
        if self.chaos and self._random.random() < self.chaos:
            return self._random.choice(CHAOS)
        return self.default

    def at_recipient(self, recipient: str, planned: Plan) -> Plan:
        plan = self.by_recipient.get(recipient) or BEHAVIOURS.get(recipient.partition("@")[0].partition("+")[0])
        if isinstance(plan, list):
            return plan.pop(0) if len(plan) > 1 else plan[0]
        return plan or planned
