"""`depesa work`: the background worker."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any, override

from django.core.management.base import BaseCommand

from depesa.config.schedule import work
from depesa.config.supervisor import say_what_was_found
from depesa.config.tables import unless_damaged


class Command(BaseCommand):
    """Render, deliver and do whatever else is due, again and again."""

    help = "Render and deliver whatever is due; --until-idle returns when nothing is left to do now."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--until-idle", action="store_true", help="return when nothing is due any more")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        with unless_damaged():
            self._work(until_idle=options["until_idle"])

    def _work(self, *, until_idle: bool) -> None:
        say_what_was_found(self)
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        work(until_idle=until_idle, should_stop=stop.is_set)
