"""kill -9 while a fresh database is made to belong here: the next start begins anew, and holds no letter."""

import pytest

from tests.faults.database import python

EXAMINE = "from depesa.outbox.services import examine\nassert examine() == '', examine()\n"


@pytest.mark.slow
def test_first_start_killed_while_it_writes_down_where_it_belongs(desk):
    killed = python({**desk, "DEPESA_KILL_AT": "identity-half-written"}, EXAMINE)
    assert killed.returncode == -9, killed.stderr

    for _start in ("next", "the one after"):
        started = python(desk, EXAMINE)
        assert started.returncode == 0, started.stderr
