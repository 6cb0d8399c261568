"""The directories that templates can see."""

import os
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from weakref import finalize

from depesa.pdf.jobs import Job

TEMPLATES = Path(__file__).parent.parent / "documents" / "typst"
FONTS = Path(__file__).parent / "fonts"


class Room:
    """Copies of the built-in templates, an empty room for users' templates, and in both the images of jobs.

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
        for template in TEMPLATES.glob("*.typ"):
            (self._roots[0] / template.name).write_bytes(template.read_bytes())

    @property
    def users_root(self) -> Path:
        """What users' templates can see."""
        return self._roots[1]

    @property
    def arguments(self) -> list[str]:
        """The two roots, an empty directory in place of packages, and the fonts, in the worker's order."""
        return [*map(str, self._roots), str(self._nowhere), str(FONTS)]

    def admit(self, job: Job) -> None:
        """Put the images of the job where its template can read them; each is written once."""
        is_users = bool(job.source)
        for image in job.images:
            if (is_users, image.path) not in self._known:
                Path(f"{self._roots[is_users]}{image.path}").write_bytes(image.content)
                self._known.add((is_users, image.path))

    def close(self) -> None:
        """Remove everything."""
        self._removal()


def _remove(top: Path, owner: int) -> None:
    if os.getpid() == owner:  # a forked child must not tidy up after its parent
        rmtree(top, ignore_errors=True)
