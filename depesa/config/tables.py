"""Whether the tables are those of this program: others would take letters that they cannot read, or cannot be read."""

from django.db import connection
from django.db.migrations.loader import MigrationLoader


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
