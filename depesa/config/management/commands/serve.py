"""`depesa serve`: pages, worker, postman and mail catcher in one command."""

from argparse import ArgumentParser
from typing import Any, override

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from depesa.config.supervisor import House, Part, depesa, lead_to_catcher, say_what_was_found


def house(host: str, port: int) -> House:
    """The processes that make up Depesa on one machine."""
    return House(
        [
            Part("catcher", depesa("part", "catcher")),
            Part("pages", depesa("part", "pages", "--host", host, "--port", str(port))),
            Part("work", depesa("part", "work")),
            Part("post", depesa("part", "post")),
        ]
    )


class Command(BaseCommand):
    """Run everything until Ctrl-C."""

    help = "Run the pages, the worker, the postman and the mail catcher until Ctrl-C."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        say_what_was_found(self)
        self.stdout.write(f"Depesa is at http://{options['host']}:{options['port']}/ (Ctrl-C ends it)")
        lead_to_catcher(settings.DEPESA_CATCHER_PORT)
        desk = house(options["host"], options["port"])
        desk.start()
        try:
            desk.watch()
        finally:
            desk.close()
