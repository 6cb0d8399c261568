"""Databases for processes that die, and the sink that knows the truth."""

import pytest

from tests.faults.database import migrated, own_database
from tests.faults.sink import Script, Sink, serving


@pytest.fixture(scope="session")
def _template(tmp_path_factory):
    with migrated(tmp_path_factory.mktemp("template")) as template:
        yield template


@pytest.fixture
def desk(_template, tmp_path):
    """The environment of Depesa processes with a database of their own."""
    with own_database(_template, tmp_path) as environment:
        yield environment


@pytest.fixture
def sink(tmp_path):
    """A mail server that writes what it takes to the disk before it answers."""
    server = Sink(Script(), truth=tmp_path / "truth.tsv")
    with serving(server):
        yield server
