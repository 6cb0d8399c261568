"""Play a soak on a database of its own."""

import json
from dataclasses import dataclass

from tests.faults.processes import Apart

ACTORS = ("clerk",) * 4 + ("worker",) * 2 + ("import", "month")


@dataclass(frozen=True, slots=True)
class Soaked:
    """What they did together, what went wrong, and what was proved in the end."""

    done: int
    refused: int
    errors: list[str]
    proof: dict


def soak(env, *, seconds: float, customers: int, seed: int) -> Soaked:
    """All of them at once for so many seconds."""
    _said(Apart(env, f"from tests.soak.actors import prepare; prepare({customers})"))
    code = "from tests.soak.actors import act; act({!r}, {}, {})"
    acting = [Apart(env, code.format(kind, seconds, seed + place)) for place, kind in enumerate(ACTORS)]
    told = [json.loads(_said(each, seconds + 300).splitlines()[-1]) for each in acting]
    proof = json.loads(_said(Apart(env, "from tests.soak.actors import prove; prove()")).splitlines()[-1])
    errors = [f"{each['kind']}: {error}" for each in told for error in each["errors"]]
    return Soaked(sum(each["done"] for each in told), sum(each["refused"] for each in told), errors, proof)


def _said(process, timeout=400):
    ended = process.ended(timeout)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout
