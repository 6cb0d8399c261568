"""What a test brings to an app below, and takes back when it ends."""

from collections.abc import Iterator
from contextlib import contextmanager

from depesa.core.plugs import Contribution, Registry


@contextmanager
def brought(registry: Registry, *contributions: Contribution, instead: bool = False) -> Iterator[None]:
    """The registry with these contributions too; `instead`: with nothing else."""
    known = dict(registry._claims)
    if instead:
        registry._claims.clear()
    try:
        for each in contributions:
            each.claim("a test")
        yield
    finally:
        registry._claims.clear()
        registry._claims.update(known)
