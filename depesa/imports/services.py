"""Take files in, keep how they are understood, and lease them to one worker at a time."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from depesa.core.errors import StaleState
from depesa.core.leases import FREE, claim, free_of_the_dead
from depesa.imports.models import ENDED, BatchState, ImportBatch, Profile
from depesa.imports.queries import find_profile
from depesa.imports.rules import files, limits, profiles, rows
from depesa.imports.rules.refusals import Problem, Unreadable
from depesa.imports.rules.stage import Stage
from depesa.staff.models import User

LEASE = dt.timedelta(minutes=2)
LATER_CHOSEN = frozenset({files.NO_SEPARATOR, files.UNREADABLE})
"""What a person can repair on the page; any other trouble with the file itself is final."""


class Intake:
    """A file on its way in: written to disk as it comes, never held in memory; refused over the limit."""

    def __init__(self, file_name: str) -> None:
        folder = Path(settings.DEPESA_DATA_DIR) / "imports"
        folder.mkdir(parents=True, exist_ok=True)
        suffix = ".xlsm" if file_name.lower().endswith(".xlsm") else ""
        self.file_name = Path(file_name).name[-255:] or "sales"
        self.path = folder / (secrets.token_hex(16) + suffix)
        self.size = 0
        self.is_wanted = False
        self.digest = hashlib.sha256()
        self.file = self.path.open("xb")

    def write(self, chunk: bytes) -> None:
        """Keep the next bytes."""
        self.size += len(chunk)
        limit = settings.DEPESA_UPLOAD_LIMIT
        if self.size > limit:
            size = -(-self.size // limits.MEGABYTE)
            raise Unreadable(files.TOO_BIG, size=size, limit=limit // limits.MEGABYTE)
        self.digest.update(chunk)
        self.file.write(chunk)

    def close(self) -> None:
        """Nothing more comes."""
        self.file.close()

    def discard(self) -> None:
        """It is not wanted after all."""
        self.file.close()
        self.path.unlink(missing_ok=True)

    def discard_unless_wanted(self) -> None:
        """Leave nothing of it unless an import has begun with it."""
        if not self.is_wanted:
            self.discard()


def receive(chunks: Iterable[bytes], file_name: str, *, by: User | None = None, profile: str = "") -> ImportBatch:
    """Store a file beside the database while it comes in, and begin its import; Unreadable over DEPESA_UPLOAD_LIMIT."""
    intake = Intake(file_name)
    try:
        for chunk in chunks:
            intake.write(chunk)
        intake.close()
        return begin(intake, by=by, profile=profile)
    finally:
        intake.discard_unless_wanted()


def begin(intake: Intake, *, by: User | None = None, profile: str = "") -> ImportBatch:
    """Begin the import of a file that has come in whole, and find out what it is."""
    batch = ImportBatch.objects.create(
        file_name=intake.file_name,
        sha256=intake.digest.hexdigest(),
        size=intake.size,
        path=str(intake.path),
        profile=profile,
        created_by=by,
    )
    intake.is_wanted = True
    understand(batch)
    return batch


def understand(batch: ImportBatch) -> None:
    """Find out what the file is and which column means what; what cannot be found waits for a person."""
    try:
        shape = rows.inspect(Path(batch.path))
        batch.shape = asdict(shape)
        profile = find_profile(batch.profile) if batch.profile else _guess(batch, shape)
        batch.mapping = profile.to_mapping()
        batch.problem = ""
    except Unreadable as unreadable:
        batch.problem = unreadable.problem.to_json()
        batch.mapping = batch.mapping or replace(profiles.DEPESA, columns={}).to_mapping()
        if unreadable.problem.sentence not in LATER_CHOSEN:
            batch.state = BatchState.REFUSED
    batch.save()


def _guess(batch: ImportBatch, shape: files.Shape) -> profiles.Profile:
    return profiles.guess(shape.header, rows.read_sample(Path(batch.path), shape))


def choose(batch: ImportBatch, profile: profiles.Profile) -> None:
    """Understand the file by this profile from now on; what was found before is found again."""
    batch.problem, batch.figures, batch.progress = "", {}, 0
    batch.state = BatchState.UPLOADED
    try:
        shape = rows.inspect(Path(batch.path), profile.encoding, profile.separator)
        batch.shape = asdict(shape)
        if not profile.columns:
            guessed = _guess(batch, shape)
            profile = replace(guessed, encoding=profile.encoding, separator=profile.separator)
    except Unreadable as unreadable:
        batch.problem = unreadable.problem.to_json()
    batch.profile, batch.mapping = profile.name, profile.to_mapping()
    changes = {
        name: getattr(batch, name)
        for name in ("problem", "figures", "progress", "state", "shape", "profile", "mapping")
    }
    changeable = (BatchState.UPLOADED, BatchState.PREVIEWED)
    rows_changed = ImportBatch.objects.filter(pk=batch.pk, state__in=changeable).update(**FREE, **changes)
    if rows_changed != 1:
        raise StaleState
    open_stage_path(batch).unlink(missing_ok=True)


def save_profile(profile: profiles.Profile) -> None:
    """Keep a way of reading under its name for the next files; a built-in name stays what it is."""
    if profile.name and profile.name not in profiles.BUILT_IN:
        Profile.objects.update_or_create(name=profile.name, defaults={"mapping": profile.to_mapping()})


def open_stage_path(batch: ImportBatch) -> Path:
    """Where the lines of the file are gathered."""
    return Path(batch.path + ".stage")


def open_stage(batch: ImportBatch) -> Stage:
    """The gathered lines of the file."""
    return Stage(open_stage_path(batch))


def lease(batch: ImportBatch, state: BatchState) -> bool:
    """Take the import in this state for this process; False where another one is at it, or nothing is left to do."""
    free_of_the_dead(ImportBatch)
    taken = claim(ImportBatch.objects.due().filter(pk=batch.pk, state=state), 1, LEASE)
    batch.refresh_from_db()
    return bool(taken.keys)


def keep(batch: ImportBatch, **changes: Any) -> None:
    """Write what was done and hold the lease longer; StaleState where it was lost meanwhile."""
    held = ImportBatch.objects.filter(pk=batch.pk, held_by=batch.held_by)
    if held.update(**{"held_until": timezone.now() + LEASE, **changes}) != 1:
        raise StaleState
    for name, value in changes.items():
        setattr(batch, name, value)


def give_back(batch: ImportBatch, **changes: Any) -> None:
    """Write the last step and let go of the import."""
    keep(batch, **FREE, **changes)


def stop(batch: ImportBatch, problem: Problem) -> None:
    """Leave the import to a person, with the reason."""
    give_back(batch, problem=problem.to_json())


def stop_due(batch: ImportBatch, problem: Problem) -> None:
    """Leave an import that broke to a person, whoever of this process held it; it is due no more."""
    ImportBatch.objects.due().filter(pk=batch.pk).update(problem=problem.to_json(), **FREE)


def drop(batch: ImportBatch) -> None:
    """Forget an import that was not confirmed, and its file."""
    rows_changed = ImportBatch.objects.filter(
        pk=batch.pk, state__in=(BatchState.UPLOADED, BatchState.PREVIEWED, BatchState.REFUSED)
    ).update(state=BatchState.DROPPED, **FREE, finished_at=timezone.now())
    if rows_changed != 1:
        raise StaleState
    delete_files(batch)


def tidy_up() -> int:
    """Delete files that came in more than a day ago and belong to no import, such as of a broken upload; how many."""
    folder = Path(settings.DEPESA_DATA_DIR) / "imports"
    yesterday = timezone.now().timestamp() - dt.timedelta(days=1).total_seconds()
    found = [path for path in folder.glob("*") if path.is_file() and path.stat().st_mtime < yesterday]
    kept = set(ImportBatch.objects.exclude(state__in=ENDED).values_list("path", flat=True)) if found else set()
    left = [path for path in found if str(path).removesuffix(".stage") not in kept]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def delete_files(batch: ImportBatch) -> None:
    """Remove the file and its gathered lines: what they said is in the documents now, or was not wanted."""
    for path in (Path(batch.path), open_stage_path(batch)):
        path.unlink(missing_ok=True)
