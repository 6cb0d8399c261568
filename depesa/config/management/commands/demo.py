"""`depesa demo`: a real month from file to letters in the catcher, then the pages to look at."""

import secrets
import socket
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any, override

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from depesa import documents
from depesa.company.models import Company
from depesa.config.management.commands.serve import house
from depesa.config.supervisor import House, use_catcher
from depesa.core.models import columns_of
from depesa.core.periods import Period
from depesa.documents.services import sales
from depesa.imports import services as imports
from depesa.imports.models import ImportBatch
from depesa.operations import services as operations
from depesa.outbox.services import examine
from depesa.staff.models import User
from depesa.staff.rules import Role
from depesa.statements import services as statements
from depesa.statements.models import StatementRun
from depesa.statements.queries import Progress, coverage, figures, going, progress

SAMPLE = Path(documents.__file__).parent / "samples" / "online-retail-2011-06.csv.gz"
FIRM = "Gift Wholesale (demo)"
MONTH = Period.month(2011, 6)
PATIENCE = 600.0  # seconds for a step of the worker


class Command(BaseCommand):
    """Import, form, render, post and deliver the bundled month into the built-in mail catcher."""

    help = "Show the whole story on one real month: import, form, post, letters in the catcher; then serve the pages."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--exit", action="store_true", help="end after the run, with its figures")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        _check_own_data()
        port = _free_port(options["port"])
        use_catcher(_free_port(settings.DEPESA_CATCHER_PORT))
        password = _people_and_company()
        if reason := examine():
            raise CommandError(f"Letters are under quarantine: {reason}")
        desk = house(options["host"], port)
        desk.start()
        try:
            self._story(desk)
            if options["exit"]:
                return
            self._where(f"http://{options['host']}:{port}", password)
            desk.watch()
        finally:
            desk.close()

    def _story(self, desk: House) -> None:
        self.stdout.write(
            f"\nDepesa: {MONTH}, the real sales of a wholesaler of gifts (UCI Online Retail, CC BY 4.0)\n\n"
        )
        self._step("Import", _imported)
        self._step("Form", _formed)
        self._step("Render", lambda: _waited(desk, lambda now: now.is_rendered, _rendered))
        self._step("Post", _posted)
        self._step("Deliver", lambda: _waited(desk, lambda now: not now.sending.remaining, _delivered))

    def _step(self, name: str, verb: Callable[[], str]) -> None:
        began = time.monotonic()
        told = verb()
        self.stdout.write(f"  {name:<8} {told:<78} {time.monotonic() - began:6.1f} s\n")
        self.stdout.flush()

    def _where(self, url: str, password: str) -> None:
        self.stdout.write(
            f"\n  Look at  {url}/                 sign in as ada, password {password}\n"
            f"           {url}/runs/{MONTH}/    the run: coverage, letters, evidence\n"
            f"           {url}/catcher/         the letters as a mail program shows them\n\n"
            "  Ctrl-C ends it; nothing left this machine.\n"
        )
        self.stdout.flush()


def _check_own_data() -> None:
    """Refuse data that no demo has made: it would mix with them and keep their letters in the catcher."""
    is_own = Company.objects.filter(name=FIRM).exists() or ImportBatch.objects.filter(file_name=SAMPLE.name).exists()
    if not is_own and (Company.objects.exists() or User.objects.exists()):
        raise CommandError("Other data than a demo's are here. Unset DEPESA_DATA_DIR and DEPESA_DATABASE_URL.")


def _free_port(wanted: int) -> int:
    """The port, or the next one that nobody listens on."""
    for port in range(wanted, wanted + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise CommandError(f"No port is free from {wanted} on.")


def _people_and_company() -> str:
    """The demo's firm and its manager; return her password, which is new at every start."""
    Company.objects.get_or_create(
        pk=1,
        defaults={
            "name": FIRM,
            "street": "1 Demo Street",
            "city": "London",
            "country": "GB",
            "email": "statements@depesa.example",
            "currency": "GBP",
            "time_zone": "Europe/London",
        },
    )
    password = secrets.token_urlsafe(9)
    user, _made = User.objects.get_or_create(username="ada", defaults={"name": "Ada", "role": Role.ADMIN})
    user.set_password(password)
    user.save(update_fields=["password"])
    return password


def _imported() -> str:
    with SAMPLE.open("rb") as file:
        batch = imports.receive(iter(lambda: file.read(1 << 20), b""), SAMPLE.name, profile="online-retail")
    sales.preview(batch)
    sales.confirm(batch, by=None)
    sales.import_documents(batch)
    seen = sales.Figures.of(batch)
    taken = f"{seen.imported:,} taken" if seen.imported else f"{seen.unchanged:,} here already"
    return f"{seen.lines:,} lines, {seen.documents:,} documents: {taken}, {seen.refused_documents:,} refused by name"


def _run() -> StatementRun:
    return StatementRun.objects.get(**columns_of(MONTH))


def _formed() -> str:
    report = statements.form(MONTH, by=None)
    now = figures(_run())
    sums = ", ".join(f"{total:,.2f} {currency}" for currency, total in now.totals.items())
    proof = "every document in exactly one" if coverage(_run()).is_ok else "COVERAGE IS NOT COMPLETE"
    return f"{report.formed:,} new of {now.statements:,} statements, {now.documents:,} documents, {sums}; {proof}"


def _rendered(now: Progress) -> str:
    failed = now.statements.get("failed", 0)
    return f"{now.statements.get('ready', 0):,} PDFs, tagged and archivable" + (
        f"; {failed:,} failed" if failed else ""
    )


def _posted() -> str:
    waiting = going(_run()).filter(operation__posting="not-posted").order_by("operation_id")
    report = operations.post(list(waiting.values_list("operation_id", flat=True)), by=None)
    return f"{report.posted:,} letters sealed and queued" + (
        f"; {len(report.refused):,} refused" if report.refused else ""
    )


def _delivered(now: Progress) -> str:
    states = ", ".join(f"{count:,} {state}" for state, count in sorted(now.deliveries.items()))
    return f"{states}: by the mail catcher, each with the server's own words"


def _waited(desk: House, is_done: Callable[[Progress], bool], told: Callable[[Progress], str]) -> str:
    """Look after the parts until the worker has come so far."""
    limit = time.monotonic() + PATIENCE
    while not is_done(now := progress(_run())):
        if time.monotonic() > limit:
            raise CommandError("The worker did not get so far in time; see its messages above.")
        desk.look_after()
        time.sleep(0.2)
    return told(now)
