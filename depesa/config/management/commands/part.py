"""`depesa part`: one process of the house; started by `depesa serve`."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any, override

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand

from depesa.catcher.services import keep_many
from depesa.catcher.smtp import catching
from depesa.config.schedule import POST, WORK, work
from depesa.config.supervisor import watch_parent
from depesa.config.tables import unless_damaged


class Command(BaseCommand):
    """Run one part until it is asked to stop."""

    help = "One process of the house; depesa serve starts them all."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=["pages", "work", "post", "catcher"])
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        watch_parent()
        if options["name"] == "pages":
            uvicorn.run(
                "depesa.config.asgi:application",
                host=options["host"],
                port=options["port"],
                log_level="warning",
                lifespan="off",
                server_header=False,
                proxy_headers=False,  # see ProxyMiddleware
                timeout_graceful_shutdown=10,
            )
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        if options["name"] == "catcher":
            with catching(keep_many, port=settings.DEPESA_CATCHER_PORT):
                stop.wait()
        else:
            with unless_damaged():
                work(until_idle=False, should_stop=stop.is_set, entries=WORK if options["name"] == "work" else POST)
