"""Whether the database is whole, and its tables are those of this program; with others nobody may work."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import CommandError
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from depesa.core.batches import is_damage


@contextmanager
def unless_damaged() -> Iterator[None]:
    """Where the file of the database turns out to be damaged, the command ends with status 3 and a sentence."""
    try:
        yield
    except DatabaseError as problem:
        if not is_damage(problem):
            raise
        sentence = f"The database file is damaged ({problem}). Stop Depesa, keep the file, and put back a backup."
        raise CommandError(sentence, returncode=3) from None


def misfit() -> str:
    """Why this program and the tables do not fit each other, and what to do; empty if they do."""
    loader = MigrationLoader(connection)
    applied = set(loader.applied_migrations)
    if missing := set(loader.graph.nodes) - applied:
        return f"{len(missing)} migrations are not applied; run depesa migrate."
    unknown = sorted(name for name in applied - set(loader.disk_migrations) if name[0] in loader.migrated_apps)
    if unknown:
        names = ", ".join(".".join(name) for name in unknown)
        return f"The tables are those of a newer Depesa ({names}); install that one here, too."
    return ""
