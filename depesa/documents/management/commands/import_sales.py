"""`depesa import sales FILE...`: preview, question, import; figures as JSON for scripts."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, override

from django.core.management.base import CommandError

from depesa.core.commands import REFUSED, WRONG_USAGE, AnsweringCommand
from depesa.core.errors import DomainError
from depesa.documents.services import sales
from depesa.imports import services as imports
from depesa.imports.models import BatchState, ImportBatch, ImportRefusal
from depesa.imports.queries import earlier_import, find_profile
from depesa.imports.rules.refusals import Unreadable

LISTED = 100
CHUNK = 1024 * 1024
SUMMED = ("lines", "documents", "imported", "unchanged")
SHOWN = 10


class Command(AnsweringCommand):
    """Import sales documents from CSV (also .gz) and XLSX files."""

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--profile", default="", help="how the files are written (guessed if not given)")
        parser.add_argument("--yes", action="store_true", help="import without asking")
        super().add_arguments(parser)

    @override
    def answer(self, options: Mapping[str, Any]) -> None:
        _check_usage(options["files"], options["profile"])
        batches: list[ImportBatch] = []
        try:
            batches.extend(self._preview(path, options["profile"]) for path in options["files"])
        except CommandError:
            _drop(batches)
            raise
        if not (options["yes"] or self._ask(batches)):
            _drop(batches)
            raise CommandError("Nothing was imported.", returncode=REFUSED)
        for batch in batches:
            sales.confirm(batch, by=None)
            sales.import_documents(batch)
            if batch.state != BatchState.DONE:
                raise CommandError(f"{batch.file_name}: {batch.reason}", returncode=REFUSED)
        self._report(batches, as_json=options["json"])

    def _preview(self, path: Path, profile: str) -> ImportBatch:
        """A file with its preview; a file that cannot be read stops everything before anything is imported."""
        try:
            batch = imports.receive(_chunks_of(path), path.name, profile=profile)
        except (Unreadable, DomainError) as refusal:
            raise CommandError(f"{path}: {refusal}", returncode=REFUSED) from None
        sales.preview(batch)
        if batch.state != BatchState.PREVIEWED:
            _drop([batch])
            raise CommandError(f"{path}: {batch.reason}", returncode=REFUSED)
        return batch

    def _ask(self, batches: list[ImportBatch]) -> bool:
        for batch in batches:
            self.stderr.write(_describe(batch), self.style.NOTICE)
        return self.is_agreed("Import?")

    def _report(self, batches: list[ImportBatch], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(_sum_up(batches), ensure_ascii=False))
            return
        for batch in batches:
            figures = sales.Figures.of(batch)
            self.stdout.write(
                f"{batch.file_name}: {figures.imported:,} documents imported, {figures.unchanged:,} here already,"
                f" {figures.refused_documents:,} refused; {figures.customers_created:,} customers created"
            )
            for refusal in batch.refusals.order_by("line", "pk")[:SHOWN]:
                self.stderr.write(f"  line {refusal.line}, {refusal.number or '-'}: {refusal.reason}")
            if figures.refused > SHOWN:
                self.stderr.write(f"  ... and {figures.refused - SHOWN:,} more; --json lists the first {LISTED}")


def _check_usage(files: list[Path], profile: str) -> None:
    for path in files:
        if not path.is_file():
            raise CommandError(f"There is no file {path}.", returncode=WRONG_USAGE)
    if profile:
        try:
            find_profile(profile)
        except Unreadable as unreadable:
            raise CommandError(str(unreadable), returncode=WRONG_USAGE) from None


def _chunks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _drop(batches: list[ImportBatch]) -> None:
    for batch in batches:
        imports.drop(batch)


def _describe(batch: ImportBatch) -> str:
    figures = sales.Figures.of(batch)
    same = earlier_import(batch)
    totals = ", ".join(f"{total} {currency}" for currency, total in sorted(figures.totals.items()))
    told = f" Already imported on {same.finished_at:%Y-%m-%d}." if same and same.finished_at else ""
    return (
        f"{batch.file_name}: {figures.lines:,} lines, {figures.documents:,} documents."
        f" {figures.new:,} new documents of {figures.customers:,} customers"
        f" ({figures.customers_created:,} new), net {totals or '0'};"
        f" {figures.unchanged:,} here already, {figures.refused_documents:,} refused.{told}"
    )


def _sum_up(batches: list[ImportBatch]) -> dict[str, Any]:
    """The figures that scripts read; the keys are a promise."""
    figures = [sales.Figures.of(batch) for batch in batches]
    refusals = ImportRefusal.objects.filter(batch__in=batches).order_by("batch_id", "line", "pk")[:LISTED]
    return {
        "files": len(batches),
        **{name: sum(getattr(one, name) for one in figures) for name in SUMMED},
        "refused": [{"line": one.line, "number": one.number, "reason": one.reason} for one in refusals],
        "refused_count": sum(one.refused for one in figures),
        "customers_created": sum(one.customers_created for one in figures),
    }
