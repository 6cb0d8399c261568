"""Reads of imports and profiles."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from depesa.core.reasons import gettext
from depesa.imports.models import BatchState, ImportBatch, Profile
from depesa.imports.rules import profiles as rules
from depesa.imports.rules import rows
from depesa.imports.rules.fields import FIELDS, LABELS
from depesa.imports.rules.lines import show_lines, write_text
from depesa.imports.rules.profiles import fit
from depesa.imports.rules.refusals import Unreadable


def profile_names() -> list[str]:
    """Names of all profiles, the built-in ones first."""
    return [*rules.BUILT_IN, *Profile.objects.order_by("name").values_list("name", flat=True)]


def find_profile(name: str) -> rules.Profile:
    """The profile of this name; refused with the names there are."""
    if name in rules.BUILT_IN:
        return rules.BUILT_IN[name]
    saved = Profile.objects.filter(name=name).first()
    if saved is None:
        raise Unreadable(rules.UNKNOWN_PROFILE, name=name, names=", ".join(profile_names()))
    return rules.Profile.from_mapping({**saved.mapping, "name": name})


def earlier_import(batch: ImportBatch) -> ImportBatch | None:
    """The last finished import of a file with the same bytes."""
    same = ImportBatch.objects.filter(sha256=batch.sha256, state=BatchState.DONE).exclude(pk=batch.pk)
    return same.order_by("-finished_at").first()


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows of a file: as they are understood, or as they stand where they are not yet."""

    labels: list[str]
    rows: list[SampleRow]
    is_understood: bool = True


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One row of a sample."""

    line: int
    cells: list[str]
    reason: str


def sample(batch: ImportBatch, count: int = 20) -> Sample:
    """The first rows as the batch's profile understands them; raw cells where the profile does not fit."""
    shape = batch.found_shape
    found = rows.read_sample(Path(batch.path), shape, count)
    try:
        profile = fit(batch.reading, shape.header)
    except Unreadable:
        raw = [SampleRow(line, [write_text(cell) for cell in cells], "") for line, cells, _ in found]
        return Sample(list(shape.header), raw, is_understood=False)
    names = [field.name for field in FIELDS if field.name in profile.columns or field.name == "type"]
    shown = [
        SampleRow(
            line.line,
            [line.values.get(name, "") for name in names],
            line.problem.write(gettext) if line.problem else "",
        )
        for line in show_lines(found, profile, shape.header)
    ]
    return Sample([gettext(LABELS[name]) for name in names], shown)
