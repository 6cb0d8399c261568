"""The start page: what needs a person today, and the first steps."""

import datetime as dt
import time
from threading import Thread

import psycopg
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from depesa.core import sessions
from depesa.core.models import columns_of
from depesa.core.periods import Period
from depesa.documents.models import Document
from depesa.imports.models import ImportBatch
from depesa.operations.models import Operation
from depesa.outbox.models import State
from depesa.outbox.services import Letter, prepare, queue
from depesa.statements.models import Statement, StatementRun
from depesa.statements.services import form
from depesa.statements.tests.conftest import make_customer, sell

pytestmark = pytest.mark.django_db
JUNE = Period.month(2011, 6)


@pytest.fixture
def desk(client, ada, company, clock):
    client.force_login(ada)
    return client


@pytest.fixture
def june(company, clock):
    sell(make_customer("A"))
    sell(make_customer("B", email=""))
    return form(JUNE, by=None).run


def keys(desk):
    return [need.key for need in desk.get("/").context["needs"]]


def test_an_empty_desk_teaches_the_first_steps(desk, company):
    page = desk.get("/")
    assert [step.is_done for step in page.context["steps"]] == [True, False, False, False]
    for words in ("Say who you are", "Bring in customers", "Form the statements of June 2011"):
        assert words in page.text
    sell(make_customer("A"), "2011-04-02")
    page = desk.get("/")
    assert page.context["steps"][2].is_done
    assert reverse("statements:formation", args=["2011-04"]) in page.text


def test_a_session_that_keeps_others_waiting_is_named(desk, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no sessions")
    monkeypatch.setattr(sessions, "_BLOCKERS", sessions._BLOCKERS.replace("30 seconds", "0 seconds"))
    params = connection.get_connection_params() | {"application_name": "sleeper"}
    known = ("dbname", "host", "port", "user", "password", "application_name")
    params = {name: params[name] for name in known if params.get(name)}
    with psycopg.connect(**params) as idle, psycopg.connect(**params) as waiting:
        idle.execute("SELECT pg_advisory_xact_lock(7)")
        assert "sleeper" not in desk.get("/").text
        thread = Thread(target=waiting.execute, args=["SELECT pg_advisory_xact_lock(7)"])
        thread.start()
        page, until = "", time.monotonic() + 20
        while "sleeper" not in page and time.monotonic() < until:
            with connection.cursor() as cursor:  # one transaction, as all of a test, sees one state of the sessions
                cursor.execute("SELECT pg_stat_clear_snapshot()")
            page = desk.get("/").text
        idle.rollback()
        thread.join()
    assert "(sleeper, idle in transaction) holds a lock that 1 other waits for" in page


def test_nothing_needs_anybody(desk, june):
    Operation.objects.update(addresses="x@y.example")
    Statement.objects.update(state="left-out")
    assert keys(desk) == []
    assert "Nothing needs you today." in desk.get("/").text


def test_statements_that_cannot_leave(desk, june):
    Statement.objects.update(state="ready")
    assert keys(desk) == ["no-address", "ready"]
    page = desk.get("/").text
    assert "statement of June 2011 has no address" in page
    assert "/runs/2011-06/?where=no-address" in page
    Document.objects.filter(customer__code="A").update(content_version=9)
    assert "stale" in keys(desk)


@pytest.mark.parametrize("state", [State.UNKNOWN, State.REJECTED, State.EXPIRED, State.HELD])
def test_what_needs_a_person_leads_to_just_those_letters(desk, june, state):
    plain = {"kind": "event", "customer_id": None, "language": "en", "to": ("ada@sviesa.example",), "text": "Hello"}
    letters = [
        Letter(dedupe_key=words, subject=words, useless_after=timezone.now() + dt.timedelta(days=9), **plain)
        for words in ("This one", "Another")
    ]
    found = queue(prepare(letters).ready)["This one"].deliveries
    found.update(state=state, lease_token="t" if state == State.UNKNOWN else None)

    [need] = [need for need in desk.get("/").context["needs"] if need.key == state]

    page = desk.get(need.url).text
    assert "This one" in page
    assert "Another" not in page


def test_months_that_were_never_formed_are_named(desk, june):
    StatementRun.objects.update(**columns_of(Period.month(2011, 5)))
    assert "month was never formed: June 2011" in desk.get("/").text
    StatementRun.objects.update(**columns_of(Period.month(2011, 4)))
    assert "months were never formed, the first May 2011" in desk.get("/").text


def test_late_operations_and_waiting_imports(desk, june):
    Statement.objects.update(state="left-out")
    Operation.objects.create(operation_on=dt.date(2011, 6, 1), planned_end_on=dt.date(2011, 7, 1), text="Call")
    ImportBatch.objects.create(file_name="a.csv", sha256="0" * 64, state="previewed")
    assert keys(desk) == ["late", "imports"]


def test_ten_thousand_statements_come_later(desk, june):
    StatementRun.objects.update(formed_count=10_000)
    page = desk.get("/").text
    assert reverse("dashboard:month") in page
    assert "strip-bar" not in page
    assert "strip-bar" in desk.get(reverse("dashboard:month"), headers={"HX-Request": "true"}).text


def test_the_start_page_takes_a_fixed_number_of_queries(desk, june, django_assert_max_num_queries):
    # PostgreSQL is also asked whether a session keeps others waiting.
    with django_assert_max_num_queries(32 + (connection.vendor == "postgresql")):
        desk.get("/")


def test_nobody_without_access_gets_in(client, dan, company):
    client.force_login(dan)
    assert client.get("/").status_code == 403
