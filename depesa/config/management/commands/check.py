"""`depesa check`: is the installation sound, and do the promises hold?"""

import datetime as dt
import sqlite3
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, override

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from depesa.config.tables import misfit
from depesa.core.batches import is_damage
from depesa.core.errors import DomainError
from depesa.core.sessions import blockers
from depesa.documents.models import NumberSeries
from depesa.documents.queries import check_series
from depesa.documents.services import broken_templates
from depesa.history.models import Link
from depesa.history.services import verify
from depesa.outbox import journal
from depesa.outbox.models import Channel, Installation, Place
from depesa.outbox.queries import broken_seals, violations
from depesa.outbox.services.channels import server_of
from depesa.outbox.services.places import journal_folder
from depesa.statements.models import StatementRun
from depesa.statements.queries import coverage

LONGEST_UNLINKED: Final = dt.timedelta(minutes=1)


class Command(BaseCommand):
    """Check the installation and what must always be true of letters, runs, numbers and history."""

    help = (
        "Check the installation, letters, runs, numbers and history; exit status 1 if something is not as it must be."
    )
    requires_system_checks: list[str] = []

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--seals", action="store_true", help="also read every sealed letter and compare its SHA-256"
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for name, verb in QUESTIONS.items():
            found += self._ask(name, verb)
            if found and verb is _database:
                break  # nothing else can be asked
        else:
            found += self._ask("sealed bytes", lambda: broken_seals(all_of_them=options["seals"]))
            self.stdout.write(linked_until())
        if found:
            raise CommandError(f"{found} problems were found.")

    def _ask(self, name: str, verb: Callable[[], Iterator[str] | list[str]]) -> int:
        found = list(verb())
        problems = sum(not isinstance(each, Expected) for each in found)
        self.stdout.write(f"{'bad ' if problems else 'good'}  {name}")
        for each in found:
            self.stdout.write(f"        {each}")
        return problems


class Expected(str):
    """What waits for a person in the course of ordinary work; no problem of the installation."""

    __slots__ = ()


def _settings() -> Iterator[str]:
    for message in run_checks(include_deployment_checks=False):
        if message.level >= ERROR:
            yield f"{message.id} {message.msg}"
    if not Path(settings.DEPESA_DATA_DIR).is_dir():
        yield f"The data folder {settings.DEPESA_DATA_DIR} is not there."


def _database() -> Iterator[str]:
    try:
        yield from _asked_database()
    except DatabaseError as problem:
        if not is_damage(problem):
            raise
        yield f"The database file is damaged: {problem}"


def _asked_database() -> Iterator[str]:
    if problem := misfit():
        yield problem
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            yield from _sqlite(cursor)
        else:
            cursor.execute("SHOW synchronous_commit")
            if (value := cursor.fetchone()[0]) not in {"on", "remote_apply"}:
                yield f"synchronous_commit is {value}; a permit could be lost with the power. Set it to on."


def _sqlite(cursor: Any) -> Iterator[str]:
    for pragma, wanted in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
        value = cursor.execute(f"PRAGMA {pragma}").fetchone()[0]
        if value != wanted:
            yield f"PRAGMA {pragma} is {value}, not {wanted}; a permit could be lost with the power."
    if (result := cursor.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
        yield f"The database file is damaged: {result}"
    if sqlite3.sqlite_version_info < (3, 37):
        yield f"SQLite {sqlite3.sqlite_version} is too old; 3.37 is needed."


def _guard() -> Iterator[str]:
    """The two composite foreign keys of the crossed-document guard are still there."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "outbox_enclosure")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_key_list(outbox_enclosure)")
            keys = [row[0] for row in cursor.fetchall()]
            composite = sum(1 for key in set(keys) if keys.count(key) == 2)
        else:
            composite = sum(
                1 for name in found if name in {"enclosure_of_message_customer", "enclosure_of_paper_customer"}
            )
    if composite != 2:
        yield f"The crossed-document guard has {composite} of its 2 foreign keys."


def _journal() -> Iterator[str]:
    books = journal.books(journal_folder())
    installation = Installation.objects.get(pk=1)
    highest = journal.highest(books.values())
    for path, book in books.items():
        for line in book.torn:
            yield f"Line {line} of {path} cannot be read; what it said is lost, the others count."
    for place in Place.objects.exclude(trouble=""):
        yield place.trouble
    if highest > installation.last_permit:
        yield f"The permit journal knows {highest} permits, the database {installation.last_permit}: was it restored?"
    if installation.quarantined_at:
        yield f"Letters are under quarantine: {installation.quarantine_reason}"


def _channels() -> Iterator[str]:
    for channel in Channel.objects.order_by("pk"):
        try:
            server_of(channel)
        except DomainError as problem:
            yield f"{channel}: {problem}"


def _history() -> Iterator[str]:
    verdict = verify()
    if not verdict.is_whole:
        where = f"at entry {verdict.broken_at}" if verdict.broken_at else "at its end"
        yield f"The chain of {verdict.length} entries is broken {where}."
    if verdict.since and verdict.since < timezone.now() - LONGEST_UNLINKED:
        yield f"{verdict.waiting} entries since {_moment(verdict.since)} have no link yet: does depesa work run?"


def linked_until() -> str:
    """Up to where the history is proven."""
    until = Link.objects.order_by("-pk").values_list("entry__at", flat=True).first()
    return f"The history is linked up to {_moment(until)}." if until else "Nothing of the history is linked yet."


def _moment(at: dt.datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S")


def _coverage() -> Iterator[str]:
    for run in StatementRun.objects.order_by("period_end_on", "-period_first_on"):
        proof = coverage(run)
        if proof.is_ok:
            continue
        sentence = f"Run {run}: {proof.in_statements} of {proof.documents} documents stand in statements"
        if proof.is_explained:
            named = {"late": proof.late, "changed": proof.changed, "refused": proof.refused, "foreign": proof.foreign}
            kinds = ", ".join(f"{count} {kind}" for kind, count in named.items() if count)
            yield Expected(f"{sentence}; {kinds}: its page says what to do.")
        else:
            yield f"{sentence}."


def _series() -> Iterator[str]:
    for series in NumberSeries.objects.order_by("code"):
        found = check_series(series)
        if not found.is_whole:
            yield f"Series {series.code}: {len(found.missing)} numbers are missing, the first is {found.missing[0]}."


def _templates() -> Iterator[str]:
    yield from broken_templates()


QUESTIONS: dict[str, Callable[[], Iterator[str] | list[str]]] = {
    "settings": _settings,
    "database": _database,
    "crossed-document guard": _guard,
    "letters": violations,
    "coverage of every run": _coverage,
    "permit journal": _journal,
    "channels": _channels,
    "locks": blockers,
    "history chain": _history,
    "number series": _series,
    "document templates": _templates,
}
