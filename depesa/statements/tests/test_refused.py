"""One bad customer stops no month: the others get their statements, the bad one a sentence."""

import pytest
from django.urls import reverse

from depesa.core.periods import Period
from depesa.documents.models import Document
from depesa.operations.models import Operation
from depesa.operations.services import enter
from depesa.statements.models import RefusedCustomer, Settings, Statement, StatementRun
from depesa.statements.queries import coverage, left_out, progress
from depesa.statements.services import FORMING, form_due, form_planned, formation, task
from depesa.statements.services.builder import Moved
from depesa.statements.services.formation import begin, form, form_operation
from depesa.statements.tests.conftest import make_customer, sell

JUNE = Period.month(2011, 6)


def spoil(document):
    """What no page and no import would store."""
    Document.objects.filter(pk=document.pk).update(rates=["nonsense"])


def mend(document):
    Document.objects.filter(pk=document.pk).update(rates=[])


@pytest.fixture
def spoiled(company):
    """Five customers, of whom the third cannot get a statement."""
    sold = [sell(make_customer(f"C-{number}")) for number in range(5)]
    spoil(sold[2])
    return sold[2]


def test_one_customer_that_raises_is_refused_alone_and_taken_up_when_mended(spoiled, ada):
    report = form(JUNE, by=ada)
    assert report.formed == 4
    assert [(each.code, each.by) for each in report.left_out] == [("C-2", "")]
    assert "InvalidOperation" in report.left_out[0].reason
    proof = coverage(report.run)
    assert (proof.is_ok, proof.refused, proof.late, proof.in_statements) == (False, 1, 0, 4)
    assert [(each.document, each.kind) for each in proof.named] == [(spoiled.number, "refused")]
    assert report.run.coverage["refused"] == 1
    assert list(progress(report.run).failures.values()) == [1]
    assert form(JUNE, by=ada).formed == 0
    assert RefusedCustomer.objects.count() == 1
    mend(spoiled)
    report = form(JUNE, by=ada)
    assert (report.formed, report.left_out) == (1, [])
    assert coverage(report.run).is_ok
    assert not RefusedCustomer.objects.exists()


def test_the_chunks_of_a_big_month_go_past_a_refused_customer(spoiled, ada, monkeypatch):
    monkeypatch.setattr(formation, "SMALL_PERIOD", 1)
    monkeypatch.setattr(formation, "CHUNK", 1)
    assert begin(JUNE, by=ada).posted == 1
    assert [form_due() for _ in range(7)] == [1, 1, 1, 1, 1, 0, 0]
    run = StatementRun.objects.get()
    assert (run.state, run.formed_count, Statement.objects.count()) == ("formed", 4, 4)
    assert [each.code for each in left_out(run)] == ["C-2"]


def test_documents_that_move_are_nobodys_fault(spoiled, monkeypatch):
    def moving(*_given):
        raise Moved

    monkeypatch.setattr(formation, "build", moving)
    with pytest.raises(Moved):
        form(JUNE, by=None)
    assert not RefusedCustomer.objects.exists()


def test_a_run_that_cannot_go_on_stops_alone_and_says_why(company, ada, client, monkeypatch, poison):
    monkeypatch.setattr(formation, "SMALL_PERIOD", 0)
    sell(make_customer("C-1"))
    sell(make_customer("C-2"), on="2011-05-15")
    for period in (JUNE, JUNE.previous):
        begin(period, by=ada)
    run = StatementRun.objects.of(JUNE)
    cure = poison("statements_statementrun", "UPDATE", f"NEW.id = {run.pk} AND NEW.state = 'formed'")
    assert [form_due() for _ in range(3)] == [2, 0, 0]
    run.refresh_from_db()
    assert (run.state, StatementRun.objects.of(JUNE.previous).state) == ("stopped", "formed")
    assert "nobody thought of" in Operation.objects.get(pk=run.operation_id).refusal
    client.force_login(ada)
    page = client.get(run.get_absolute_url()).content.decode()
    assert "Forming the period has stopped" in page
    cure()
    assert form(JUNE, by=ada).run.state == "formed"
    assert Operation.objects.get(pk=run.operation_id).refusal == ""


def test_each_planned_month_is_formed_alone(company, clock, poison):
    Settings.objects.create(pk=1, forms_by_itself=True)
    months = [JUNE.previous.previous, JUNE.previous, JUNE]
    planned = [
        enter(task=task(FORMING), operation_on=month.last, planned_start_on=month.last, by=None) for month in months
    ]
    poison("operations_operation", "UPDATE", f"NEW.id = {planned[1].pk} AND NEW.posting = 'posted'")
    assert form_planned() == 2
    planned[1].refresh_from_db()
    assert "nobody thought of" in planned[1].refusal
    version = planned[1].version
    assert form_planned() == 0
    planned[1].refresh_from_db()
    assert planned[1].version == version


def test_refused_customers_are_named_on_the_pages(spoiled, ada, ben, client):
    client.force_login(ada)
    client.post(reverse("statements:formation", args=[JUNE]))
    page = client.get(reverse("statements:run", args=[JUNE])).content.decode()
    assert "For 1 customer no statement could be formed" in page
    assert "InvalidOperation" in client.get(reverse("statements:coverage", args=[JUNE])).content.decode()
    page = client.get(reverse("statements:left_out", args=[JUNE])).content.decode()
    assert "Customer C-2" in page
    assert reverse("statements:formation", args=[JUNE]) in page
    assert form_operation(StatementRun.objects.get().operation, by=ben).formed == 0
