"""Forming the statements of a month."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from depesa.core.errors import Refused
from depesa.core.models import columns_of
from depesa.core.periods import Period
from depesa.customers.models import Customer
from depesa.documents.models import Document
from depesa.emails.models import SystemEmailText
from depesa.history.models import Entry
from depesa.operations.models import Operation
from depesa.operations.services import edit, enter, post, put_back, remove
from depesa.statements.models import Settings, Statement, StatementLine, StatementRun
from depesa.statements.queries import coverage, differences, foresee_period, missing_runs, progress, stale
from depesa.statements.rules import LETTER
from depesa.statements.services import FORMING, form_due, form_planned, formation, task
from depesa.statements.services.formation import form, form_operation
from depesa.statements.services.pdfs import render_due
from depesa.statements.tests.conftest import make_customer, sell

JUNE = Period.month(2011, 6)


def sending():
    return Operation.objects.filter(task__code="send-statement", removed_at=None).order_by("id")


def forming_of(month):
    return Operation.objects.filter(task__code="form-statements", **columns_of(month))


def test_month_borders(novak, jonas):
    first, last = sell(novak, "2011-03-01"), sell(novak, "2011-03-31")
    sell(novak, "2011-04-01")
    sell(jonas, "2011-02-28")
    report = form(Period.month(2011, 3), by=None)
    assert report.formed == 1
    assert set(StatementLine.objects.values_list("document", flat=True)) == {first.pk, last.pk}


def test_unposted_and_corrected_documents_are_left_out_and_named(novak, jonas):
    sell(novak, posting="not-posted")
    corrected = sell(jonas, posting="corrected")
    report = form(JUNE, by=None)
    assert report.formed == 0
    proof = coverage(report.run)
    assert [(each.document, each.kind) for each in proof.named] == [(corrected.number, "corrected")]
    assert proof.not_posted == 1


def test_input_56_a_language_without_a_text_is_told_before_the_run(novak, jonas):
    SystemEmailText.objects.filter(system_email__code=LETTER, language="lt").delete()
    Customer.objects.filter(pk=jonas.pk).update(language="lt")
    Customer.objects.filter(pk=novak.pk).update(language="cs")
    sell(novak)
    sell(jonas)
    sell(jonas)
    words = "customer has no text in “Lithuanian”; the one in “English” will be used"
    address = reverse("emails:text", args=[LETTER, "lt"])
    assert foresee_period(JUNE).odd == [(1, words, address)]
    form(JUNE, by=None)
    assert foresee_period(JUNE).odd == []


def test_only_a_return_makes_a_negative_total(novak):
    sell(novak, kind="return")
    with pytest.raises(IntegrityError, match="document_sign_is_that_of_type"), transaction.atomic():
        sell(novak, kind="return", net="-100.00", vat="-21.00")
    form(JUNE, by=None)
    statement = Statement.objects.get()
    assert statement.totals == {"EUR": "-121.00"}
    assert statement.sheet["totals"] == [["EUR", -1000000, -210000, -1210000]]
    assert [rate[2] for rate in statement.sheet["rates"]] == [-1000000]


@pytest.mark.parametrize("kind", ["order", "reservation", "offer", "receipt"])
def test_orders_reservations_offers_and_receipts_are_no_sales_documents(novak, kind):
    document = Document(type=kind, number="1", customer=novak, document_on=JUNE.first, currency="EUR")
    with pytest.raises(ValidationError) as refusal:
        document.clean_fields()
    assert "is not a valid choice" in str(refusal.value.error_dict["type"])


def test_a_second_posting_adds_only_new_customers(novak, jonas):
    sell(novak)
    form(JUNE, by=None)
    sell(jonas)
    report = form(JUNE, by=None)
    assert (report.formed, report.already) == (1, 1)
    assert sending().count() == 2
    assert forming_of(JUNE.next).count() == 1
    assert form(JUNE, by=None).formed == 0
    assert forming_of(JUNE.next).count() == 1


def test_a_late_document_changes_nothing_but_makes_the_statement_stale(novak):
    sell(novak)
    run = form(JUNE, by=None).run
    before = Statement.objects.values().get()
    late = sell(novak)
    assert form(JUNE, by=None).formed == 0
    statement = Statement.objects.get()
    assert Statement.objects.values().get() == before
    assert list(stale(run)) == [statement]
    assert [each.number for each in differences(statement)] == [late.number]


@pytest.mark.parametrize(
    ("planned", "later"),
    [
        (dt.date(2011, 12, 31), dt.date(2012, 1, 31)),
        (dt.date(2012, 1, 31), dt.date(2012, 2, 29)),
        (dt.date(2011, 1, 31), dt.date(2011, 2, 28)),
        (dt.date(2011, 3, 31), dt.date(2011, 4, 30)),
    ],
)
def test_the_next_month_is_planned_a_month_later(company, planned, later):
    first = enter(
        task=task(FORMING),
        operation_on=dt.date(2011, 12, 31),
        planned_start_on=planned,
        planned_end_on=planned,
        by=None,
    )
    assert post([first.pk], by=None).posted == 1
    following = forming_of(Period.month(2012, 1)).get()
    assert following.operation_on == dt.date(2012, 1, 31)
    assert (following.planned_start_on, following.planned_end_on) == (later, later)


def test_two_currencies_have_two_totals(novak):
    sell(novak, net="100.00", vat="0.00")
    sell(novak, net="70.00", vat="0.00", currency="USD")
    sell(novak, net="30.00", vat="0.00", currency="USD")
    report = form(JUNE, by=None)
    assert report.totals == {"EUR": Decimal("100.0000"), "USD": Decimal("100.0000")}
    statement = Statement.objects.get()
    assert statement.totals == {"USD": "100.00", "EUR": "100.00"}
    assert statement.main_currency == "USD"


def test_nobody_qualified_and_the_next_month_is_there(company):
    report = form(JUNE, by=None)
    assert (report.formed, report.next_month) == (0, "2011-07")
    assert forming_of(JUNE.next).count() == 1
    assert coverage(report.run).is_ok


def test_a_sending_operation_carries_what_will_leave(novak, ada):
    sell(novak, number="W-1")
    operation = enter(
        task=task(FORMING), operation_on=dt.date(2011, 6, 10), planned_start_on=dt.date(2011, 7, 4), by=ada
    )
    assert post([operation.pk], by=ada).posted == 1
    letter = sending().get()
    assert letter.customer == novak
    assert letter.addresses == "novak@shop.example"
    assert letter.operation_on == dt.date(2011, 6, 10)
    assert letter.planned_start_on == dt.date(2011, 7, 4)
    assert "červen 2011" in letter.subject
    assert letter.posting == "not-posted"
    operation.refresh_from_db()
    assert (operation.posting, operation.posted_by) == ("posted", ada)
    assert letter.statement.language == "cs"


def test_contacts_that_get_statements_replace_the_card(novak):
    novak.contacts.create(email="Boss@novak.example", gets_statements=True)
    novak.contacts.create(email="book@novak.example", gets_statements=True)
    sell(novak)
    form(JUNE, by=None)
    assert sending().get().addresses == "Boss@novak.example; book@novak.example"


def test_without_address_it_is_formed_and_counted(company):
    sell(make_customer("MUTE", email=""))
    report = form(JUNE, by=None)
    assert (report.formed, report.without_address) == (1, 1)


def test_a_removed_operation_is_not_formed_again_but_named(novak, jonas, ada):
    sell(novak, number="W-7")
    sell(jonas)
    run = form(JUNE, by=None).run
    dropped = sending().get(customer=novak)
    assert remove([dropped.pk], by=ada, reason="pays in cash") == 1
    report = form(JUNE, by=None)
    assert report.formed == 0
    assert [(each.code, each.by, each.reason) for each in report.left_out] == [("NOVAK", "Ada", "pays in cash")]
    proof = coverage(run)
    assert proof.is_ok
    assert [(each.document, each.reason) for each in proof.named] == [("W-7", "left out by Ada: pays in cash")]
    assert put_back([dropped.pk], by=ada) == 1
    assert Statement.objects.get(customer=novak).state == "formed"
    assert coverage(run).in_statements == 2


def test_coverage_counts_every_document_and_names_what_came_late(novak, jonas):
    for _ in range(3):
        sell(novak)
    run = form(JUNE, by=None).run
    assert coverage(run).as_json() | {"named": []} == run.coverage
    assert coverage(run).is_ok
    assert coverage(run).in_statements == 3
    late = sell(novak)
    proof = coverage(run)
    assert not proof.is_ok
    assert [(each.document, each.kind) for each in proof.named] == [(late.number, "late")]
    Document.objects.filter(pk=late.pk).delete()
    changed = Document.objects.order_by("id").first()
    Document.objects.filter(pk=changed.pk).update(content_version=2, gross=Decimal(1))
    proof = coverage(run)
    assert (proof.is_ok, proof.changed, proof.foreign) == (False, 1, 0)
    Document.objects.filter(pk=changed.pk).update(posting="not-posted")
    assert coverage(run).foreign == 1


def test_a_big_month_is_formed_in_chunks_and_resumed(company, monkeypatch):
    monkeypatch.setattr(formation, "SMALL_PERIOD", 3)
    monkeypatch.setattr(formation, "CHUNK", 2)
    for number in range(5):
        sell(make_customer(f"C-{number}"))
    operation = enter(task=task(FORMING), operation_on=JUNE.last, by=None)
    assert formation._form_small(operation, None) is None
    assert sum(formation._form_next(operation, None)) == 2
    run = StatementRun.objects.get()
    assert (run.state, run.formed_count) == ("forming", 2)
    report = form_operation(operation, by=None)
    assert (report.formed, report.already, report.run.state) == (3, 2, "formed")
    assert coverage(report.run).is_ok


def test_a_big_month_posted_on_a_page_is_formed_by_the_worker(company, ada, monkeypatch):
    monkeypatch.setattr(formation, "SMALL_PERIOD", 3)
    monkeypatch.setattr(formation, "CHUNK", 2)
    for number in range(5):
        sell(make_customer(f"C-{number}"))
    operation = enter(task=task(FORMING), operation_on=JUNE.last, by=ada)
    assert post([operation.pk], by=ada).posted == 1
    assert not Statement.objects.exists()
    assert [form_due() for _ in range(5)] == [2, 2, 1, 0, 0]
    run = StatementRun.objects.get()
    assert (run.state, run.operation.posting, run.operation.posted_by) == ("formed", "posted", ada)
    assert forming_of(JUNE.next).count() == 1


def test_a_statement_of_a_month_still_being_formed_does_not_leave(company, ada, monkeypatch):
    monkeypatch.setattr(formation, "SMALL_PERIOD", 0)
    sell(make_customer("C-1"))
    operation = enter(task=task(FORMING), operation_on=JUNE.last, by=ada)
    post([operation.pk], by=ada)
    assert form_due() == 1
    assert "still being formed" in post([sending().get().pk], by=ada).refused[0][1]


def test_planned_months_are_formed_if_the_trader_chose_so(novak, clock):
    first = enter(task=task(FORMING), operation_on=JUNE.last, planned_start_on=dt.date(2011, 7, 5), by=None)
    assert form_planned() == 0
    choice = Settings.objects.create(pk=1, forms_by_itself=True)
    assert form_planned() == 1
    first.refresh_from_db()
    assert first.posting == "posted"
    assert form_planned() == 0
    clock.move_to(dt.datetime(2011, 8, 4, 12, tzinfo=dt.UTC))
    assert form_planned() == 0
    clock.move_to(dt.datetime(2011, 8, 5, 12, tzinfo=dt.UTC))
    choice.forms_by_itself = False
    choice.save()
    assert form_planned() == 0


def test_months_without_a_run_are_named(company):
    assert missing_runs(dt.date(2011, 9, 1)) == []
    form(Period.month(2011, 3), by=None)
    form(Period.month(2011, 5), by=None)
    assert missing_runs(dt.date(2011, 7, 31)) == [Period.month(2011, 4), Period.month(2011, 6)]
    assert missing_runs(dt.date(2011, 4, 30)) == []


def test_progress_counts_and_estimates(novak, jonas, renderer, ada):
    sell(novak)
    sell(jonas)
    run = form(JUNE, by=None).run
    now = progress(run)
    assert (now.statements, now.not_posted, now.is_rendered) == ({"formed": 2}, 2, False)
    assert now.rendering.remaining == 2
    render_due(renderer, limit=1)
    now = progress(run)
    assert now.statements == {"formed": 1, "ready": 1}
    assert now.rendering.ends_at is not None
    post(list(sending().values_list("pk", flat=True)), by=ada)
    now = progress(run)
    assert (now.posted, now.not_posted, now.deliveries) == (1, 1, {"queued": 1})
    assert now.failures == {"The PDF is not ready yet. Wait a moment and post it again.": 1}


def test_a_month_is_formed_by_one_operation_only(company):
    enter(task=task(FORMING), operation_on=JUNE.first, by=None)
    with pytest.raises(Refused, match="already"):
        enter(task=task(FORMING), operation_on=JUNE.last, by=None)


def test_a_month_that_has_not_begun_is_refused(company, clock):
    form(Period.month(2011, 7), by=None)
    with pytest.raises(Refused, match="has not begun"):
        form(Period.month(2011, 8), by=None)
    with pytest.raises(Refused, match="has not begun"):
        form(Period.month(2199, 12), by=None)
    assert Operation.objects.count() == 2


def test_a_formed_operation_keeps_its_month(company, ada):
    run = form(JUNE, by=ada).run
    operation = run.operation
    with pytest.raises(Refused, match="another period"):
        edit(operation, {"operation_on": JUNE.next.first}, by=ada, version=operation.version)


def test_everything_is_in_the_history(novak, ada):
    sell(novak)
    form(JUNE, by=ada)
    assert list(Entry.objects.order_by("id").values_list("event", flat=True)) == [
        "operations.entered",
        "statements.formed",
        "statements.run-formed",
        "operations.entered",
    ]
    assert StatementRun.objects.get().forming_by == ada
