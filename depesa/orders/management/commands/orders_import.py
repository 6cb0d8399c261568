"""depesa orders import FILE: one order for each sale number of a file of sales."""

from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, override

from django.core.management.base import CommandError

from depesa.core.commands import REFUSED, WRONG_USAGE, AnsweringCommand
from depesa.imports.rules.refusals import Unreadable
from depesa.orders.services.imports import Figures, import_orders

LISTED, SHOWN = 100, 10


class Command(AnsweringCommand):
    """Import orders from CSV (also .gz) and XLSX files, in state Received, without letters."""

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--profile", default="", help="how the file is written (guessed if not given)")
        parser.add_argument("--yes", action="store_true", help="import without asking")
        super().add_arguments(parser)

    @override
    def answer(self, options: Mapping[str, Any]) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.", returncode=WRONG_USAGE)
        if not options["yes"] and not self._ask(_figures_of(path, options["profile"], dry=True)):
            raise CommandError("Nothing was imported.", returncode=REFUSED)
        figures = _figures_of(path, options["profile"])
        told = asdict(figures) | {"refused": [asdict(each) for each in figures.refused[:LISTED]]}
        sentence = (
            f"{path.name}: {figures.imported:,} orders imported, {figures.unchanged:,} here already,"
            f" {figures.refused_count:,} refused"
        )
        self.tell(told, options, sentence)
        for each in () if options["json"] else figures.refused[:SHOWN]:
            self.stderr.write(f"  line {each.line}, {each.number or '-'}: {each.reason}")

    def _ask(self, figures: Figures) -> bool:
        self.stderr.write(
            f"{figures.imported:,} new orders, {figures.unchanged:,} here already, {figures.refused_count:,} refused."
        )
        return self.is_agreed("Import?")


def _figures_of(path: Path, profile: str, *, dry: bool = False) -> Figures:
    try:
        return import_orders(path, profile, dry=dry)
    except Unreadable as refusal:
        raise CommandError(f"{path}: {refusal}", returncode=REFUSED) from None
