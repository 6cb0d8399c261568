"""depesa orders import FILE: one order for each sale number of a file of sales."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError

from depesa.imports.rules.refusals import Unreadable
from depesa.orders.services.imports import Figures, import_orders

LISTED, SHOWN = 100, 10
REFUSED, WRONG_USAGE = 1, 2


class Command(BaseCommand):
    """Import orders from CSV (also .gz) and XLSX files, in state Received, without letters."""

    help = __doc__ or ""

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--profile", default="", help="how the file is written (guessed if not given)")
        parser.add_argument("--yes", action="store_true", help="import without asking")
        parser.add_argument("--json", action="store_true", help="write the figures as JSON, and nothing else")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.", returncode=WRONG_USAGE)
        if not options["yes"] and not self._ask(_figures_of(path, options["profile"], dry=True)):
            raise CommandError("Nothing was imported.", returncode=REFUSED)
        figures = _figures_of(path, options["profile"])
        if options["json"]:
            told = asdict(figures) | {"refused": [asdict(each) for each in figures.refused[:LISTED]]}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        self.stdout.write(
            f"{path.name}: {figures.imported:,} orders imported, {figures.unchanged:,} here already,"
            f" {figures.refused_count:,} refused"
        )
        for each in figures.refused[:SHOWN]:
            self.stderr.write(f"  line {each.line}, {each.number or '-'}: {each.reason}")

    def _ask(self, figures: Figures) -> bool:
        self.stderr.write(
            f"{figures.imported:,} new orders, {figures.unchanged:,} here already, {figures.refused_count:,} refused."
        )
        self.stderr.write("Import? [y/N] ", ending="")
        self.stderr.flush()
        return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _figures_of(path: Path, profile: str, *, dry: bool = False) -> Figures:
    try:
        return import_orders(path, profile, dry=dry)
    except Unreadable as refusal:
        raise CommandError(f"{path}: {refusal}", returncode=REFUSED) from None
