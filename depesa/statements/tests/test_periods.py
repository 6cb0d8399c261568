"""Statements of quarters, years and days chosen by hand, beside those of months."""

import datetime as dt
import io
import json

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from depesa.core.errors import Refused
from depesa.core.models import columns_of
from depesa.core.periods import Period
from depesa.operations.models import Operation
from depesa.operations.services import edit, enter, post, remove
from depesa.outbox.models import Message
from depesa.statements.models import Settings, Statement, StatementLine, StatementRun
from depesa.statements.paper import file_name, lay_out
from depesa.statements.queries import coverage, gone, missing_runs, reasons, stale
from depesa.statements.rules.anomalies import Anomaly
from depesa.statements.services import FORMING, form_planned, re_form, task
from depesa.statements.services.formation import form
from depesa.statements.services.pdfs import render_due
from depesa.statements.tests.conftest import make_customer, sell

JUNE, QUARTER, YEAR = Period.month(2011, 6), Period.quarter(2011, 2), Period.year(2011)
DAYS = Period.parse("2011-06-05..2011-06-20")


@pytest.fixture(autouse=True)
def after_the_year(clock):
    """The whole of 2011 is over."""
    clock.move_to(dt.datetime(2012, 1, 5, 12, tzinfo=dt.UTC))


def forming_of(period):
    return Operation.objects.filter(task__code="form-statements", **columns_of(period))


def documents_in(run):
    return set(StatementLine.objects.filter(run=run, is_current=True).values_list("document__document_on", flat=True))


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("2011-Q2", ["2011-04-01", "2011-06-30"], ["2011-03-31", "2011-07-01"]),
        ("2011", ["2011-01-01", "2011-12-31"], ["2010-12-31", "2012-01-01"]),
        ("2011-06-05..2011-06-20", ["2011-06-05", "2011-06-20"], ["2011-06-04", "2011-06-21"]),
        ("2010-12-20..2011-01-10", ["2010-12-20", "2010-12-31", "2011-01-01", "2011-01-10"], ["2011-01-11"]),
        ("2008-02", ["2008-02-29"], ["2008-03-01"]),
    ],
)
def test_exactly_the_documents_between_the_first_day_and_the_end_stand_in_it(novak, text, inside, outside):
    for day in [*inside, *outside]:
        sell(novak, day)
    run = form(Period.parse(text), by=None).run
    assert {str(day) for day in documents_in(run)} == set(inside)
    proof = coverage(run)
    assert (proof.is_ok, proof.documents) == (True, len(inside))


def test_a_customer_stands_in_a_month_a_quarter_and_a_year_with_the_same_document(novak, ada, renderer):
    document = sell(novak)
    runs = [form(period, by=ada).run for period in (JUNE, QUARTER, YEAR, DAYS)]
    assert [coverage(run).in_statements for run in runs] == [1, 1, 1, 1]
    assert StatementLine.objects.filter(document=document, is_current=True).count() == 4
    render_due(renderer)
    assert post(list(Statement.objects.values_list("operation", flat=True)), by=ada).posted == 4
    keys = Message.objects.order_by("id").values_list("dedupe_key", flat=True)
    assert [key.split(":")[2] for key in keys] == ["201106", "2011-Q2", "2011", "2011-06-05..2011-06-20"]


def test_a_period_has_one_run_of_each_kind(novak):
    run = form(QUARTER, by=None).run
    other = enter(task=None, text="another", operation_on=dt.date(2011, 6, 1), by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        StatementRun.objects.create(operation=other, **columns_of(QUARTER))
    with pytest.raises(IntegrityError), transaction.atomic():
        StatementRun.objects.filter(pk=run.pk).update(period_end_on=QUARTER.first)
    same_days = Period.interval(QUARTER.first, QUARTER.end)
    assert form(same_days, by=None).run != run


def test_a_second_forming_of_a_quarter_adds_only_new_customers(novak, jonas):
    sell(novak, "2011-04-03")
    form(QUARTER, by=None)
    sell(jonas, "2011-05-03")
    report = form(QUARTER, by=None)
    assert (report.formed, report.already) == (1, 1)
    assert form(QUARTER, by=None).formed == 0


def test_who_is_left_out_of_the_quarter_stays_in_the_month(novak, ada):
    sell(novak)
    month, quarter = form(JUNE, by=ada).run, form(QUARTER, by=ada).run
    remove([quarter.statements.get().operation_id], by=ada, reason="wants months")
    assert [each.reason for each in form(QUARTER, by=ada).left_out] == ["wants months"]
    assert (coverage(quarter).left_out, coverage(month).left_out) == (1, 0)
    assert month.statements.get().state == "formed"


@pytest.mark.parametrize(
    ("period", "following", "planned", "later"),
    [
        (QUARTER, "2011-Q3", dt.date(2011, 7, 31), dt.date(2011, 10, 31)),
        (Period.quarter(2011, 4), "2012-Q1", dt.date(2011, 11, 30), dt.date(2012, 2, 29)),
        (YEAR, "2012", dt.date(2012, 2, 29), dt.date(2013, 2, 28)),
    ],
)
def test_the_next_forming_operation_is_of_the_same_kind_and_planned_one_period_later(
    company, period, following, planned, later
):
    first = enter(
        task=task(FORMING),
        operation_on=period.last,
        period=period,
        planned_start_on=planned,
        planned_end_on=planned,
        by=None,
    )
    assert post([first.pk], by=None).posted == 1
    next_one = forming_of(Period.parse(following)).get()
    assert next_one.operation_on in next_one.period
    assert (next_one.planned_start_on, next_one.planned_end_on) == (later, later)
    assert form(period, by=None).next_month == following
    assert Operation.objects.filter(task__code="form-statements").count() == 2


def test_days_chosen_by_hand_are_meant_once(company):
    assert form(DAYS, by=None).next_month == ""
    assert Operation.objects.filter(task__code="form-statements").count() == 1


def test_a_period_is_compared_with_the_one_before_of_its_kind(novak, jonas):
    sell(novak, "2011-02-01", net="100.00")
    sell(jonas, "2011-03-01")
    sell(novak, "2011-05-01", net="300.00")
    form(Period.month(2011, 4), by=None)
    form(Period.quarter(2011, 1), by=None)
    run = form(QUARTER, by=None).run
    assert reasons(Statement.objects.get(run=run)) == [Anomaly.SUM_DIFFERS]
    assert [each.customer for each in gone(run)] == [jonas.name]


def test_a_late_document_makes_every_statement_stale_in_whose_period_it_lies(novak, ada):
    sell(novak)
    month, quarter, half = (form(period, by=ada).run for period in (JUNE, QUARTER, DAYS))
    sell(novak, "2011-06-25")
    assert [stale(run).count() for run in (month, quarter, half)] == [1, 1, 0]
    re_form(quarter.statements.get(), by=ada)
    assert (coverage(quarter).is_ok, coverage(month).is_ok) == (True, False)


def test_a_document_given_to_another_customer_leaves_the_old_statement_of_the_year(novak, jonas):
    document = sell(novak, "2011-02-28")
    run = form(YEAR, by=None).run
    document.customer = jonas
    document.save()
    form(YEAR, by=None)
    assert StatementLine.objects.get(run=run, is_current=True).statement.customer == jonas
    assert stale(run).get().customer == novak


@pytest.mark.parametrize(
    ("period", "language", "subject", "title", "facts"),
    [
        (QUARTER, "en", "Statement for the 2nd quarter of 2011", "2nd quarter of 2011", "Quarter"),
        (YEAR, "en", "Statement for 2011", "2011", "Year"),
        (DAYS, "en", "Statement for 5–20 Jun 2011", "5–20 Jun 2011", "Period"),
        (QUARTER, "cs", "Seznam prodejních dokladů za 2. čtvrtletí 2011", "2. čtvrtletí 2011", "Čtvrtletí"),
        (YEAR, "lt", "2011 m. sąskaitų sąrašas", "2011 m.", "Metai"),
    ],
)
def test_letter_and_sheet_name_the_period(company, period, language, subject, title, facts):
    sell(make_customer("C-1", language=language))
    form(period, by=None)
    statement = Statement.objects.get()
    assert statement.operation.subject == subject
    sheet = lay_out(statement.sheet, language, None)
    assert sheet.title.endswith(title)
    assert sheet.facts[0] == (facts, title)
    assert ".." not in file_name(statement.sheet, language, 1, "pdf")


def test_only_months_are_missed(novak):
    sell(novak, "2011-10-01")
    form(Period.month(2011, 11), by=None)
    form(YEAR, by=None)
    assert missing_runs(dt.date(2012, 1, 1)) == [Period.month(2011, 10), Period.month(2011, 12)]


def test_a_planned_year_is_formed_when_it_is_over(company, clock):
    clock.move_to(dt.datetime(2011, 12, 31, 12, tzinfo=dt.UTC))
    Settings.objects.create(pk=1, forms_by_itself=True)
    enter(task=task(FORMING), operation_on=YEAR.last, period=YEAR, planned_start_on=dt.date(2011, 12, 1), by=None)
    assert form_planned() == 0
    clock.move_to(dt.datetime(2012, 1, 1, 12, tzinfo=dt.UTC))
    assert form_planned() == 1


def test_the_year_begins_at_the_midnight_of_the_company(company, clock):
    company.time_zone = "Pacific/Auckland"
    company.save()
    clock.move_to(dt.datetime(2011, 12, 31, 10, tzinfo=dt.UTC))
    with pytest.raises(Refused, match="has not begun"):
        form(Period.year(2012), by=None)
    clock.move_to(dt.datetime(2011, 12, 31, 11, 30, tzinfo=dt.UTC))
    assert form(Period.year(2012), by=None).formed == 0


def test_the_days_of_a_forming_operation_lie_in_its_period(company, ada):
    with pytest.raises(Refused, match="outside of the period"):
        enter(task=task(FORMING), operation_on=dt.date(2011, 6, 21), period=DAYS, by=ada)
    first = enter(task=task(FORMING), operation_on=dt.date(2011, 6, 20), period=QUARTER, by=ada)
    with pytest.raises(Refused, match="2011-Q2 already"):
        enter(task=task(FORMING), operation_on=dt.date(2011, 4, 1), period=QUARTER, by=ada)
    edit(first, {"operation_on": dt.date(2011, 9, 1)}, by=ada, version=first.version)
    assert Operation.objects.get(pk=first.pk).sole_key == "form-statements:2011-Q3"


def call(*words):
    out = io.StringIO()
    call_command(*words, "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize(
    ("period", "following", "name"),
    [
        ("2011-Q2", "2011-Q3", "Statement-2011-Q2-C-1.pdf"),
        ("2011", "2012", "Statement-2011-C-1.pdf"),
        ("2011-06-05..2011-06-20", "", "Statement-2011-06-05_2011-06-20-C-1.pdf"),
    ],
)
def test_every_command_takes_every_period(company, tmp_path, settings, period, following, name):
    settings.DEPESA_RENDERERS = 1
    sell(make_customer("C-1"))
    formed = call("statements_form", period)
    assert (formed["month"], formed["period"], formed["next_period"]) == (period, period, following)
    assert call("statements_status", period)["documents"] == 1
    assert call("statements_pdf", period, "C-1", "--output", str(tmp_path / "one.pdf"))["name"] == name
    assert call("statements_post", period)["posted"] == 1


@pytest.fixture
def desk(client, ada):
    client.force_login(ada)
    return client


@pytest.mark.parametrize("period", ["2011-Q2", "2011", "2011-06-05..2011-06-20"])
def test_every_page_of_a_run_takes_every_period(desk, novak, period):
    sell(novak)
    assert "not formed yet" in desk.get(f"/runs/{period}/").text
    assert desk.get(f"/documents/?month={period}").text.count("/documents/") > 1
    assert desk.post(f"/runs/{period}/forming/").url == f"/runs/{period}/"
    for page in (
        "",
        "live/",
        "strip/",
        "posting/",
        "difference/",
        "coverage/",
        "changed/",
        "left-out/",
        "leaving-out/",
    ):
        assert desk.get(f"/runs/{period}/{page}", headers={"HX-Request": "true"}).status_code == 200, page
    assert period in desk.get(reverse("statements:runs")).text
    operation = Statement.objects.get().operation
    assert f"/runs/{period}/" in desk.get(operation.get_absolute_url()).text


def test_a_period_is_opened_from_the_page_of_runs(desk, company):
    assert desk.get("/runs/?period=2011-q2").url == "/runs/2011-Q2/"
    page = desk.get("/runs/?period=spring", follow=True).text
    assert "Write a period as 2011-06, 2011-Q2, 2011 or 2011-06-05..2011-06-20." in page


def test_a_quarter_is_chosen_on_the_page_of_the_operation(desk, novak):
    sell(novak, "2011-04-02")
    words = {"operation_on": "2011-06-30", "task": task(FORMING).pk, "period_kind": "quarter"}
    desk.post(reverse("operations:new"), words)
    operation = Operation.objects.get()
    assert operation.period == QUARTER
    page = desk.get(reverse("operations:edit", args=[operation.pk])).text
    assert '<option value="quarter" selected>' in page
    assert "the 2nd quarter of 2011" in desk.get(operation.get_absolute_url()).text
    desk.post(reverse("operations:edit", args=[operation.pk]), words | {"version": operation.version, "text": "Spring"})
    operation.refresh_from_db()
    assert (operation.period, operation.text) == (QUARTER, "Spring")


def test_days_are_chosen_on_the_page_of_the_operation(desk, company):
    words = {"operation_on": "2011-06-20", "task": task(FORMING).pk, "period_kind": "interval"}
    page = desk.post(reverse("operations:new"), words | {"period_first_on": "2011-06-21"})
    assert (page.status_code, "Choose a first day, and a last day not before it." in page.text) == (422, True)
    desk.post(reverse("operations:new"), words | {"period_first_on": "2011-06-05", "period_last_on": "2011-06-20"})
    operation = Operation.objects.get()
    assert operation.period == DAYS
    page = desk.get(reverse("operations:edit", args=[operation.pk])).text
    assert 'value="2011-06-20"' in page
    page = desk.post(reverse("operations:new"), {"operation_on": "1850-06-20", "text": "old"})
    assert "Choose a day between 1900 and 2199." in page.text
