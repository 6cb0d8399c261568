"""Which campaigns there are, and how they are played one after the other."""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from tests.faults.campaigns import changes, clocks, disks, hosts, kills, outages, restores, servers, visitors
from tests.faults.campaigns.room import NotPermittedError
from tests.faults.campaigns.stage import DATABASE, Row, Stage, theatre


@dataclass(frozen=True)
class Size:
    """How much of it: letters of the campaigns that count many, seconds of outages, the seed of chance."""

    letters: int
    seconds: float
    seed: int


@dataclass(frozen=True)
class Campaign:
    """What is done to a desk; `only` names the database that it needs, `disk` the MiB of a disk of its own."""

    play: Callable[[Stage, Size], Row]
    only: str = ""
    disk: int = 0


def _counted(verb: Callable[..., Row], most: int = 10**9) -> Callable[[Stage, Size], Row]:
    return lambda desk, size: verb(desk, letters=min(size.letters, most), seed=size.seed)


def _long(verb: Callable[..., Row], letters: int) -> Callable[[Stage, Size], Row]:
    return lambda desk, size: verb(desk, letters=letters, seconds=size.seconds)


def _some(verb: Callable[..., Row], letters: int) -> Callable[[Stage, Size], Row]:
    return lambda desk, _size: verb(desk, letters=letters)


def _visitors(desk: Stage, size: Size) -> Row:
    return visitors.visitors(desk, letters=size.letters, count=1000)


CAMPAIGNS = {
    "kills": Campaign(_counted(kills.kills)),
    "control-marks": Campaign(_counted(kills.sends_then_marks), "SQLite"),
    "control-journal": Campaign(_counted(kills.without_journal)),
    **{name: Campaign(_counted(verb, most=1000)) for name, verb in changes.CHANGES.items()},
    "away": Campaign(_long(outages.away, 1000), "PostgreSQL"),
    "cut": Campaign(_long(outages.cut, 1000), "PostgreSQL"),
    "locked": Campaign(_long(outages.locked, 1000)),
    "idle": Campaign(_long(outages.idle, 100), "PostgreSQL"),
    "damage": Campaign(_some(partial(outages.damaged, table="outbox_delivery"), 200), "SQLite"),
    "full-journal": Campaign(_long(disks.journal, 1000)),
    "full-data": Campaign(_long(disks.data, 1000), "SQLite", disk=64),
    "full-posting": Campaign(_long(disks.posting, 1000), "SQLite", disk=64),
    "full-import": Campaign(_long(disks.importing, 4000), "SQLite", disk=64),
    "hang-up": Campaign(_some(servers.hangs_up, 1000)),
    "few-connections": Campaign(_some(servers.few_connections, 1000)),
    "bad-letters": Campaign(_some(servers.bad_ones, 1000)),
    "visitors": Campaign(_visitors),
    **{verb.__name__.replace("_", "-"): Campaign(_some(verb, 400), "SQLite") for verb in restores.RESTORES},
    **{name: Campaign(_some(verb, 400)) for name, verb in clocks.JUMPS.items()},
    **{name: Campaign(_some(verb, 400), "PostgreSQL") for name, verb in hosts.HOSTS.items()},
}


def played(names: Iterable[str], size: Size) -> Iterator[Row]:
    """The rows of these campaigns, each on a fresh desk; what a campaign could not be played for goes to stderr."""
    with theatre() as build:
        for name in names:
            campaign = CAMPAIGNS[name]
            if campaign.only in {"", DATABASE}:
                print(name, file=sys.stderr, flush=True)
                try:
                    with build(disk=campaign.disk) as desk:
                        yield campaign.play(desk, size)
                except NotPermittedError as reason:
                    print(f"{name} is left out: {reason}", file=sys.stderr)
