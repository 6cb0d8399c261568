"""The kinds of attacks; `python -m tests.attacks.kinds KIND FOLDER` tries one on a desk in this folder."""

import importlib
import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "depesa.config.settings"
django.setup()
logging.disable(logging.INFO)  # what this process does behind the desk's back is no news

from tests.attacks.stand import Attack, Stand  # noqa: E402
from tests.faults.database import FILE, copy, migrated  # noqa: E402
from tests.journeys.desk import opened  # noqa: E402

MOST_TOLD = 20  # of what got through in one attack


def attacks_of(kind: str) -> list[Attack]:
    """The attacks of a kind in their order."""
    module = importlib.import_module(f"tests.attacks.{kind}")
    return [each for each in vars(module).values() if hasattr(each, "is_attack")]


def tried(stand: Stand, attack: Attack) -> dict[str, object]:
    """Try it: how many requests, what got through, how long, and the most memory of the pages meanwhile."""
    before, began = next(stand.requests), time.monotonic()
    stand.pages_peak(anew=True)
    through: list[str] = []
    try:
        through.extend(attack(stand))
    except Exception as problem:  # noqa: BLE001 - whatever it was, the next attack is tried
        through.append(f"it could not be tried to its end: {problem!r}")
    return {
        "attack": (attack.__doc__ or "").splitlines()[0].rstrip("."),
        "requests": next(stand.requests) - before - 1,
        "count": len(through),
        "through": through[:MOST_TOLD],
        "seconds": time.monotonic() - began,
        "peak": stand.pages_peak(),
    }


def rows(kind: str, folder: Path) -> Iterator[dict[str, object]]:
    """Every attack of a kind on one desk, and what its log says of them."""
    with migrated(folder, is_file=True) as template:
        copy(template, folder / FILE)
    with opened(folder) as desk:
        stand = Stand(desk)
        for attack in attacks_of(kind):
            yield {"kind": kind, **tried(stand, attack)}
        yield {"kind": kind, **tried(stand, faults_in_the_log)}


def faults_in_the_log(stand: Stand) -> Iterator[str]:
    """Faults that the desk's log tells of."""
    lines = stand.desk.log.read_text().splitlines()
    faults = (line for line in lines if " ERROR " in line or " CRITICAL " in line)
    yield from (line for line in faults if " django.security." not in line)  # those are answers


if __name__ == "__main__":
    kind, where = sys.argv[1:]
    if where == "--list":
        print("\n".join((each.__doc__ or "").splitlines()[0] for each in attacks_of(kind)))
    else:
        for row in rows(kind, Path(where)):
            print(json.dumps(row), flush=True)
