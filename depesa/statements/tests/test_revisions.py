"""Forming one statement anew after its documents changed."""

from decimal import Decimal

import pytest

from depesa.core.errors import Refused
from depesa.core.periods import Period
from depesa.documents.models import Document
from depesa.operations.models import Operation
from depesa.operations.services import edit, post, remove
from depesa.outbox.models import Message
from depesa.statements.models import Statement
from depesa.statements.queries import coverage, differences, going, stale
from depesa.statements.queries.review import Position, gone, review, with_anomaly
from depesa.statements.rules.anomalies import Anomaly
from depesa.statements.services import re_form
from depesa.statements.services.formation import form
from depesa.statements.services.pdfs import render_due
from depesa.statements.tests.conftest import make_customer, sell

JUNE = Period.month(2011, 6)


def test_before_the_letter_left_the_statement_itself_is_renewed(novak, ada, renderer):
    sell(novak, number="W-1")
    run = form(JUNE, by=None).run
    render_due(renderer)
    statement = Statement.objects.get()
    old_text = statement.operation.letter_text
    edit(statement.operation, {"addresses": "boss@novak.example"}, by=ada, version=1)
    sell(novak, number="W-2")
    assert stale(run).exists()
    again = re_form(statement, by=ada)
    assert (again.pk, again.revision, again.state, again.paper) == (statement.pk, 1, "formed", None)
    again.refresh_from_db()
    assert again.document_count == 2
    assert again.totals == {"EUR": "242.00"}
    assert again.operation.addresses == "boss@novak.example"
    assert again.operation.letter_text != old_text
    assert not stale(run).exists()
    assert coverage(run).is_ok
    assert again.sheet["revision"] is None


def test_a_letter_edited_by_hand_keeps_its_words(novak, ada):
    sell(novak)
    form(JUNE, by=None)
    statement = Statement.objects.get()
    edit(statement.operation, {"letter_text": "Our words"}, by=ada, version=1)
    sell(novak)
    re_form(statement, by=ada)
    assert Operation.objects.get(pk=statement.operation_id).letter_text == "Our words"


def test_after_the_letter_left_a_revision_says_what_changed_in_the_same_thread(novak, ada, renderer):
    sell(novak, number="W-1")
    sell(novak, number="W-2")
    run = form(JUNE, by=None).run
    render_due(renderer)
    first = Statement.objects.get()
    post([first.operation_id], by=ada)
    sell(novak, number="W-3")
    Document.objects.filter(number="W-1").update(posting="corrected", version=2)
    Document.objects.filter(number="W-2").update(gross=Decimal(50), version=3)
    assert [(each.kind, each.number) for each in differences(first)] == [
        ("removed", "W-1"),
        ("changed", "W-2"),
        ("added", "W-3"),
    ]
    revision = re_form(first, by=ada)
    first.refresh_from_db()
    assert (first.state, revision.revision) == ("superseded", 2)
    assert len(revision.sheet["revision"]["changes"]) == 3
    assert "50,00" in revision.sheet["revision"]["changes"][1]
    operation = revision.operation
    assert "W-3" in operation.letter_text
    assert [each.document for each in coverage(run).named] == ["W-1"]
    render_due(renderer)
    assert post([operation.pk], by=ada).posted == 1
    letters = Message.objects.order_by("id")
    assert [letter.dedupe_key.split(":")[-2] for letter in letters] == ["r1", "r2"]
    assert f"In-Reply-To: {letters[0].message_id}".encode() in bytes(letters[1].skeleton)
    revision.refresh_from_db()
    assert revision.paper.name == "Seznam-dokladu-2011-06-NOVAK-r2.pdf"
    with pytest.raises(Refused, match="Nothing has changed"):
        re_form(revision, by=ada)
    with pytest.raises(Refused, match="has replaced"):
        re_form(first, by=ada)


def test_t5_a_document_changed_between_forming_and_sending_is_shown(novak, jonas, ada, renderer):
    sell(novak, number="W-1")
    sell(jonas)
    run = form(JUNE, by=None).run
    render_due(renderer)
    before = Statement.objects.get(customer=novak).sheet
    Document.objects.filter(number="W-1").update(gross=Decimal(1), version=2)
    assert [each.customer for each in stale(run)] == [novak]
    assert post([Statement.objects.get(customer=novak).operation_id], by=ada).posted == 1
    assert Statement.objects.get(customer=novak).sheet == before


def test_a_document_given_to_another_customer_leaves_the_first_one_stale(novak, jonas, ada):
    moved = sell(novak)
    sell(novak)
    run = form(JUNE, by=None).run
    Document.objects.filter(pk=moved.pk).update(customer=jonas, version=2)
    assert form(JUNE, by=None).formed == 1
    assert [each.customer for each in stale(run)] == [novak]
    assert [each.kind for each in differences(Statement.objects.get(customer=novak))] == ["removed"]
    re_form(Statement.objects.get(customer=novak), by=ada)
    assert not stale(run).exists()
    assert coverage(run).is_ok


def test_who_was_left_out_is_not_formed_anew(novak, ada):
    sell(novak)
    form(JUNE, by=None)
    statement = Statement.objects.get()
    remove([statement.operation_id], by=ada)
    with pytest.raises(Refused, match="left out"):
        re_form(statement, by=ada)


def test_without_documents_there_is_nothing_to_form_anew(novak, ada):
    document = sell(novak)
    run = form(JUNE, by=None).run
    Document.objects.filter(pk=document.pk).update(posting="not-posted")
    assert stale(run).count() == 1
    with pytest.raises(Refused, match="no posted document"):
        re_form(Statement.objects.get(), by=ada)


def test_the_odd_ones_come_first(company):
    same, bigger, new, mute, gone_now, moved = (make_customer(code) for code in ("A", "B", "C", "D", "E", "F"))
    for customer in (same, bigger, mute, gone_now, moved):
        sell(customer, "2011-05-10")
    form(JUNE.previous, by=None)
    for customer, net in ((same, "139.00"), (bigger, "300.00"), (new, "5.00"), (mute, "100.00"), (moved, "100.00")):
        sell(customer, net=net)
    mute.email = ""
    mute.save()
    moved.email = "else@shop.example"
    moved.save()
    run = form(JUNE, by=None).run
    page = review(run, size=3)
    rest = review(run, after=Position(page[-1].statement.anomalies, page[-1].statement.pk), size=3)
    assert [(each.statement.customer.code, each.reasons) for each in [*page, *rest]] == [
        ("D", [Anomaly.NO_ADDRESS, Anomaly.ADDRESS_CHANGED]),
        ("C", [Anomaly.NEW]),
        ("B", [Anomaly.SUM_DIFFERS]),
        ("F", [Anomaly.ADDRESS_CHANGED]),
        ("A", []),
    ]
    assert page[2].before == {"EUR": Decimal("121.00")}
    assert [each.customer_id for each in gone(run)] == [gone_now.pk]
    assert [each.customer.code for each in with_anomaly(going(run), Anomaly.NEW)] == ["C"]
    assert going(run).filter(anomalies__gt=0).count() == 4


def test_nothing_is_new_in_the_very_first_month(novak):
    sell(novak)
    run = form(JUNE, by=None).run
    assert review(run)[0].reasons == []
    assert gone(run) == []
