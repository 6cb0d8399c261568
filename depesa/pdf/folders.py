"""The directories that templates can see."""

import os
from functools import cache
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from weakref import finalize

from depesa.pdf.jobs import Job

FONTS = Path(__file__).parent / "fonts"


class Folders:
    """Copies of built-in templates, an empty folder for users' templates, and in both the images of jobs.

    Nothing in it is a link, because Typst follows links out of its root.
    """

    def __init__(self) -> None:
        top = Path(mkdtemp(prefix="depesa-pdf-"))
        self._removal = finalize(self, _remove, top, os.getpid())
        self._roots = (top / "trusted", top / "users")
        self._nowhere = top / "packages"
        self._known: set[tuple[bool, str]] = set()
        self._nowhere.mkdir()
        for root in self._roots:
            (root / "assets").mkdir(parents=True)

    @property
    def users_root(self) -> Path:
        """What users' templates can see."""
        return self._roots[1]

    @property
    def arguments(self) -> list[str]:
        """The two roots, an empty directory in place of packages, and the fonts, in the worker's order."""
        return [*map(str, self._roots), str(self._nowhere), str(FONTS)]

    def admit(self, job: Job) -> None:
        """Put the template and the images of the job where they can be read; each is written once."""
        is_users = bool(job.source)
        files = {image.path: image.content for image in job.images}
        if not is_users:
            files[place_of(job.template)] = read(job.template)
        for path, content in files.items():
            if (is_users, path) not in self._known:
                Path(f"{self._roots[is_users]}{path}").write_bytes(content)
                self._known.add((is_users, path))

    def close(self) -> None:
        """Remove everything."""
        self._removal()


@cache
def read(template: Path) -> bytes:
    """The built-in template, which never changes while a process lives."""
    return template.read_bytes()


@cache
def place_of(template: Path) -> str:
    """Where a built-in template stands among the folders; two of one name do not meet."""
    return f"/{template.stem}-{sha256(bytes(template)).hexdigest()[:8]}.typ"


def _remove(top: Path, owner: int) -> None:
    if os.getpid() == owner:  # a forked child must not tidy up after its parent
        rmtree(top, ignore_errors=True)
