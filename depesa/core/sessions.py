"""Sessions of the database: who holds what others wait for."""

from typing import Final

from django.db import connection
from django.utils.translation import ngettext

# Who waits tries again after its own time-out, so that the age of its wait alone would come and go.
_BLOCKERS: Final = """
    SELECT holder.pid, holder.application_name, coalesce(holder.state, '?'), count(*)
    FROM pg_stat_activity AS waiter CROSS JOIN LATERAL unnest(pg_blocking_pids(waiter.pid)) AS blocking(pid)
    JOIN pg_stat_activity AS holder ON holder.pid = blocking.pid
    WHERE waiter.wait_event_type = 'Lock' AND waiter.datname = current_database()
      AND least(waiter.query_start, holder.state_change) < clock_timestamp() - interval '30 seconds'
    GROUP BY holder.pid, holder.application_name, holder.state ORDER BY holder.pid
"""


def blockers() -> list[str]:
    """A sentence for each session of PostgreSQL that has kept others waiting for half a minute; SQLite has none."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(_BLOCKERS)
        found = cursor.fetchall()
    return [_sentence(pid, name, state, count) for pid, name, state, count in found]


def _sentence(pid: int, name: str, state: str, count: int) -> str:
    text = ngettext(
        "Session %(pid)s of the database (%(name)s, %(state)s) holds a lock that %(count)s other waits for. End it.",
        "Session %(pid)s of the database (%(name)s, %(state)s) holds a lock that %(count)s others wait for. End it.",
        count,
    )
    return text % {"pid": pid, "name": name or "?", "state": state, "count": count}
