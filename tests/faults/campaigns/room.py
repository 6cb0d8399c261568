"""Small disks of their own that can be filled."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class NotPermittedError(Exception):
    """This user may not mount a small disk here, so that none can be filled."""


@contextmanager
def small_disk(at: Path, mebibytes: int) -> Iterator[None]:
    """A disk of its own at that folder."""
    at.mkdir(mode=0o700, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=700", "tmpfs", str(at)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        raise NotPermittedError(NotPermittedError.__doc__)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Not a byte more goes onto this disk."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):  # others write meanwhile, so what is left is not known before
            with suppress(OSError):
                while file.write(bytes(size)):
                    pass
    try:
        yield
    finally:
        ballast.unlink()
