"""Everybody at once for a moment: refusals with their sentence are all that is met. `make soak` takes longer."""

import pytest

from tests.faults.database import own_database
from tests.soak.play import soak


@pytest.mark.slow
def test_nobody_meets_an_error_when_everybody_works_at_once(migrated_template, tmp_path):
    with own_database(migrated_template, tmp_path) as env:
        told = soak(env, seconds=5, customers=60, seed=1)

    assert told.errors == []
    assert (told.proof["history"], told.proof["unexplained"]) == (True, 0), told.proof
    assert told.proof["statements"] >= 60
    assert told.done > 20
