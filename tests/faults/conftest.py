"""Databases for processes that die, and the sink that knows the truth."""

import pytest

from tests.faults.database import own_database
from tests.faults.sink import Script, Sink, serving


@pytest.fixture
def desk(migrated_template, tmp_path):
    """The environment of Depesa processes with a database of their own."""
    with own_database(migrated_template, tmp_path) as environment:
        yield environment


@pytest.fixture
def sink(tmp_path):
    """A mail server that writes what it takes to the disk before it answers."""
    server = Sink(Script(), truth=tmp_path / "truth.tsv")
    with serving(server):
        yield server
