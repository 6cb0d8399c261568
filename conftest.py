"""The cast, the clock and the safety net of every test."""

import datetime as dt
import gc
import os
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client, RequestFactory
from xdist.scheduler import LoadScopeScheduling

from depesa.company.models import Company
from depesa.pdf import Renderer
from depesa.staff.models import User
from depesa.staff.services import begin
from tests.faults.database import migrated, worker_database
from tests.faults.poison import poison as poison_rows


@pytest.fixture(autouse=True)
def _own_data_folder(settings, tmp_path):
    settings.DEPESA_DATA_DIR = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _signed_in_as_at_the_door(monkeypatch):
    """Who is let in by a test has just signed in with his password, as far as his session knows."""
    let_in = Client.force_login

    def force_login(client, user, backend=None):
        let_in(client, user, backend)
        request = RequestFactory(**client.defaults).get("/")
        request.session = client.session
        begin(request, user)
        request.session.save()

    monkeypatch.setattr(Client, "force_login", force_login)


def _shared(tmp_path_factory):
    """A folder of this run that all its workers see."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


@pytest.fixture(scope="session")
def migrated_template(tmp_path_factory):
    """A migrated database for processes to copy, made once a run: a file, or a database of the server."""
    with migrated(_shared(tmp_path_factory)) as template:
        yield template


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings, migrated_template):
    """The database of this worker: a copy of the template."""
    with django_db_blocker.unblock(), worker_database(connection, migrated_template):
        yield


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    """A migrated SQLite file to copy, whatever the tests run on."""
    with migrated(_shared(tmp_path_factory), is_file=True) as template:
        yield template


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    """One for all tests, because starting a process takes longer than printing ten statements."""
    with Renderer(processes=1, timeout=120, users_timeout=2, memory_bytes=1 << 29) as shared:
        yield shared


@pytest.fixture
def company(db):
    return Company.objects.create(
        pk=1,
        name="Vaivorykštė UAB",
        company_code="304871236",
        vat_code="LT100011122233",
        street="Ąžuolų g. 5",
        postcode="01234",
        city="Vilnius",
        country="LT",
        email="info@vaivorykste.example",
        bank_account="LT12 1000 0111 0100 1000",
        currency="EUR",
        language="en",
        time_zone="Europe/Vilnius",
    )


@pytest.fixture
def czech(company):
    """The same firm, at home in Czechia: its tax office counts in crowns."""
    Company.objects.update(country="CZ", vat_code="CZ25596641", company_code="25596641", currency="CZK")
    company.refresh_from_db()
    return company


def _person(name: str, role: str) -> User:
    return User.objects.create_user(name, password="correct horse battery", name=name.capitalize(), role=role)


@pytest.fixture
def ada(db):
    """The manager."""
    return _person("ada", "manager")


@pytest.fixture
def ben(db):
    """The clerk."""
    return _person("ben", "clerk")


@pytest.fixture
def cleo(db):
    """The reader."""
    return _person("cleo", "reader")


@pytest.fixture
def dan(db):
    """Somebody without access."""
    return _person("dan", "none")


@pytest.fixture
def clock():
    """A clock that stands still at noon UTC on 5 July 2011 until it is moved."""
    with time_machine.travel(dt.datetime(2011, 7, 5, 12, 0, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def poison(db):
    """Makes rows that the database refuses, see tests.faults.poison."""
    return poison_rows


class Shares(LoadScopeScheduling):
    """What the workers of a run take at once: all journeys, for their one desk, a file of `tests`, else a test."""

    def _split_scope(self, nodeid: str) -> str:
        folder, _slash, name = nodeid.partition("::")[0].rpartition("/")
        return {"tests": name, "tests/journeys": folder}.get(folder, nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """The share with the most tests is begun first, so that no worker ends with a long one."""
    return Shares(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Tests that need a broker run only when asked for. Long ones begin first, so that no worker ends with one."""
    if "broker" not in (config.option.markexpr or ""):
        asked = [item for item in items if not item.get_closest_marker("broker")]
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("broker")])
        items[:] = asked
    items.sort(key=lambda item: (_empties_tables(item), not item.get_closest_marker("slow")))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session):
    """What is loaded by now stays until the end, so nobody needs to look through it for garbage."""
    gc.freeze()


def _empties_tables(item):
    """Whether the test leaves tables empty behind it, so that whatever reads presets must come before it."""
    marker = item.get_closest_marker("django_db")
    return "transactional_db" in item.fixturenames or bool(marker and marker.kwargs.get("transaction"))
