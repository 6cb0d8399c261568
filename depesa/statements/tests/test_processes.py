"""Several processes form, render and post the same month at the same time, or die in the middle of it."""

import json
import signal
import sqlite3
from contextlib import closing

import psycopg
import pytest

from tests.faults.database import name_of, own_database, python
from tests.faults.processes import Apart

CUSTOMERS = 7
PROGRAM = """
import sys
from django.core.management import call_command
from depesa.statements.services import dispatch, formation, pdfs
formation.SMALL_PERIOD, formation.CHUNK, pdfs.STORED_AT_ONCE, dispatch.CHUNK = map(int, sys.argv[1].split(","))
call_command(*sys.argv[2:])
"""
SALES = f"""
from depesa.company.models import Company
from depesa.statements.tests.conftest import make_customer, sell
Company.objects.create(pk=1, name="Vaivorykštė UAB", email="info@vaivorykste.example")
for number in range({CUSTOMERS}):
    sell(make_customer(f"C-{{number}}"))
"""
SMALL, CHUNKS = "2000,1000,100,250", "2,2,2,2"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def june(migrated_template, tmp_path_factory):
    """June with seven customers, entered once."""
    with own_database(migrated_template, tmp_path_factory.mktemp("june")) as environment:
        filled = python(environment, SALES)
        assert filled.returncode == 0, filled.stderr
        yield name_of(environment)


@pytest.fixture
def desk(june, tmp_path):
    """A database of June with seven customers that other processes can open."""
    with own_database(june, tmp_path) as environment:
        yield Desk(environment)


class Desk:
    """The same database for several processes."""

    def __init__(self, environment):
        self.environment = environment
        self.url = environment["DEPESA_DATABASE_URL"]

    def start(self, sizes, *words, **more):
        return Apart({**self.environment, **more}, PROGRAM, sizes, *words)

    def ask(self, sql):
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"), autocommit=True)) as database:
                return database.execute(sql).fetchall()
        with psycopg.connect(self.url, autocommit=True) as database:
            answer = database.execute(sql)
            return answer.fetchall() if answer.description else []


def result_of(process):
    end = process.ended()
    assert end.returncode == 0, end.stderr
    return json.loads(end.stdout)


@pytest.mark.parametrize("sizes", [SMALL, CHUNKS])
def test_two_processes_form_and_post_the_same_month(desk, sizes):
    formed = [desk.start(sizes, "statements_form", "2011-06", "--json") for _ in range(2)]
    reports = [result_of(process) for process in formed]
    assert sum(report["formed"] for report in reports) == CUSTOMERS
    assert {report["coverage"]["in_statements"] for report in reports} == {CUSTOMERS}
    assert all(report["coverage"]["ok"] for report in reports)
    assert desk.ask("SELECT count(*) FROM statements_statementrun") == [(1,)]
    assert desk.ask("SELECT state, count(*), count(DISTINCT paper_id) FROM statements_statement GROUP BY state") == [
        ("ready", CUSTOMERS, CUSTOMERS)
    ]
    assert desk.ask("SELECT count(*) FROM documents_paper") == [(CUSTOMERS,)]
    assert desk.ask(
        "SELECT CAST(period_first_on AS text), count(*) FROM operations_operation GROUP BY 1 ORDER BY 1"
    ) == [
        ("2011-06-01", CUSTOMERS + 1),
        ("2011-07-01", 1),
    ]
    posted = [desk.start(sizes, "statements_post", "2011-06", "--json") for _ in range(2)]
    assert sum(result_of(process)["posted"] for process in posted) == CUSTOMERS
    assert desk.ask("SELECT count(*), count(DISTINCT customer_id) FROM outbox_message") == [(CUSTOMERS, CUSTOMERS)]
    assert desk.ask("SELECT count(*) FROM outbox_delivery") == [(CUSTOMERS,)]


def test_two_processes_form_the_same_quarter_beside_its_month(desk):
    formed = [desk.start(CHUNKS, "statements_form", "2011-Q2", "--json") for _ in range(2)]
    formed.append(desk.start(SMALL, "statements_form", "2011-06", "--json"))
    *quarters, month = [result_of(process) for process in formed]
    assert sum(report["formed"] for report in quarters) == month["formed"] == CUSTOMERS
    assert all(report["coverage"]["ok"] for report in [*quarters, month])
    runs = "SELECT period_kind, count(*) FROM statements_statementrun GROUP BY period_kind ORDER BY period_kind"
    assert desk.ask(runs) == [("month", 1), ("quarter", 1)]
    following = "SELECT sole_key FROM operations_operation WHERE sole_key IS NOT NULL ORDER BY sole_key"
    assert [key.partition(":")[2] for (key,) in desk.ask(following)] == ["2011-Q2", "2011-Q3", "201106", "201107"]


@pytest.mark.parametrize("where", ["between-chunks:2", "rendered:2"])
def test_t4_a_process_killed_while_forming_is_taken_over(desk, where):
    kill(desk.start(CHUNKS, "statements_form", "2011-06", "--json", DEPESA_KILL_AT=where))
    report = result_of(desk.start(CHUNKS, "statements_form", "2011-06", "--json"))
    assert report["documents"] == report["coverage"]["in_statements"] == CUSTOMERS
    assert desk.ask("SELECT count(*) FROM statements_statement WHERE state = 'ready'") == [(CUSTOMERS,)]


def test_t4_a_process_killed_while_posting_is_taken_over(desk):
    result_of(desk.start(SMALL, "statements_form", "2011-06", "--json"))
    kill(desk.start(CHUNKS, "statements_post", "2011-06", "--json", DEPESA_KILL_AT="posted:2"))
    assert result_of(desk.start(CHUNKS, "statements_post", "2011-06", "--json"))["posted"] == CUSTOMERS - 2
    assert desk.ask("SELECT count(*), count(DISTINCT customer_id) FROM outbox_message") == [(CUSTOMERS, CUSTOMERS)]


def kill(process):
    assert process.ended().returncode == -signal.SIGKILL
