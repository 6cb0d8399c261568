"""What commands have in common: their help, their answer for people or programs, and their exit status."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any, Final, override

from django.core.management.base import BaseCommand, CommandError

from depesa.core.errors import DomainError

REFUSED: Final = 1  # exit status
WRONG_USAGE: Final = 2


class AnsweringCommand(BaseCommand):
    """A command that answers in sentences or, asked so, in JSON alone; what a verb refuses ends it with status 1."""

    def __init_subclass__(cls) -> None:
        cls.help = cls.__doc__ or ""

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON, and nothing else")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.answer(options)
        except DomainError as problem:
            raise CommandError(str(problem), returncode=REFUSED) from problem

    def answer(self, options: Mapping[str, Any]) -> None:
        """Do what the command is for."""
        raise NotImplementedError

    def tell(self, found: Mapping[str, Any] | list[Any], options: Mapping[str, Any], sentence: str) -> None:
        """Print what was found as JSON if asked, else as the sentence."""
        self.stdout.write(json.dumps(found, ensure_ascii=False, default=str) if options["json"] else sentence)

    def is_agreed(self, question: str) -> bool:
        """Whether the person who runs the command says yes."""
        self.stderr.write(f"{question} [y/N] ", ending="")
        self.stderr.flush()
        return sys.stdin.readline().strip().lower() in {"y", "yes"}
