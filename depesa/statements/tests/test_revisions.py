"""Forming one statement anew after its documents changed."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse

from depesa.config.management.commands import check
from depesa.core.errors import Refused
from depesa.core.periods import Period
from depesa.documents.models import Document
from depesa.documents.rules import Line
from depesa.documents.services import change as change_document
from depesa.documents.services import enter, take_back
from depesa.documents.services import post as post_documents
from depesa.history.models import Entry
from depesa.operations.models import Operation
from depesa.operations.services import edit, post, remove
from depesa.outbox.models import Message
from depesa.statements.models import Statement, StatementLine
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


def test_a_page_on_which_only_the_address_was_typed_leaves_the_letter_as_it_was(novak, ada, client):
    sell(novak)
    form(JUNE, by=None)
    operation = Operation.objects.get(statement__isnull=False)
    client.force_login(ada)
    address = reverse("operations:edit", args=[operation.pk])
    bound = client.get(address).context["form"]
    shown = {field.html_name: field.value() for field in bound if field.value() is not None}
    typed = {name: str(value).replace("\n", "\r\n") for name, value in shown.items()}
    entries = Entry.objects.count()
    assert client.post(address, typed).status_code == 302
    assert (Entry.objects.count(), Operation.objects.get(pk=operation.pk).version) == (entries, operation.version)
    assert client.post(address, typed | {"addresses": "boss@novak.example"}).status_code == 302
    assert Entry.objects.order_by("-pk")[0].after == {"addresses": "boss@novak.example"}
    sell(novak)
    re_form(Statement.objects.get(), by=ada)
    assert "242" in Operation.objects.get(pk=operation.pk).letter_text


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
    Document.objects.filter(number="W-1").update(posting="corrected", content_version=2)
    Document.objects.filter(number="W-2").update(gross=Decimal(50), content_version=3)
    assert [(each.kind, each.number) for each in differences(first)] == [
        ("removed", "W-1"),
        ("gross", "W-2"),
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


@pytest.fixture
def sent(novak, ada, renderer):
    """A statement of two documents entered by hand, whose letter has left; and the first of the documents."""
    lines = [Line(text="Nails", quantity=Decimal(1), price=Decimal(100), vat_rate=Decimal(21))]
    header = {"type": "invoice", "customer": novak, "document_on": dt.date(2011, 6, 15), "currency": "EUR"}
    first, second = (enter({**header, "number": number}, lines, by=ada) for number in ("I-1", "I-2"))
    post_documents([first.pk, second.pk], by=ada)
    form(JUNE, by=None)
    render_due(renderer)
    statement = Statement.objects.get()
    post([statement.operation_id], by=ada)
    return statement, first


def corrected(document, by, lines=None, **header):
    """Take the document back, change it and post it again."""
    take_back([document.pk], by=by)
    document.refresh_from_db()
    change_document(document, header, lines or document.entered_lines, version=document.version, by=by)
    assert post_documents([document.pk], by=by).done == 1


def test_a_document_taken_back_and_posted_again_changes_nothing(sent, ada):
    statement, document = sent
    take_back([document.pk], by=ada)
    assert stale(statement.run).exists()
    post_documents([document.pk], by=ada)
    corrected(document, ada, due_on=dt.date(2011, 7, 1))
    assert not stale(statement.run).exists()
    assert coverage(statement.run).is_ok
    with pytest.raises(Refused, match="Nothing has changed"):
        re_form(statement, by=ada)


def test_what_was_changed_and_changed_back_makes_no_revision(sent, ada):
    statement, document = sent
    corrected(document, ada, document_on=dt.date(2011, 6, 16))
    corrected(document, ada, document_on=dt.date(2011, 6, 15))
    assert stale(statement.run).exists()
    assert differences(statement) == []
    assert re_form(statement, by=ada) == statement
    assert not stale(statement.run).exists()
    assert coverage(statement.run).is_ok


def test_the_check_names_what_waits_for_a_person_and_finds_fault_only_with_the_rest(sent, ada):
    statement, document = sent
    corrected(document, ada, [replace(line, price=Decimal(90)) for line in document.entered_lines])
    sell(statement.customer)
    (found,) = check.QUESTIONS["coverage of every run"]()
    assert isinstance(found, check.Expected)
    assert found.endswith("1 of 3 documents stand in statements; 1 late, 1 changed: its page says what to do.")
    statement.refresh_from_db()
    re_form(statement, by=ada)
    assert list(check.QUESTIONS["coverage of every run"]()) == []
    StatementLine.objects.filter(is_current=True).update(gross=1)
    (found,) = check.QUESTIONS["coverage of every run"]()
    assert not isinstance(found, check.Expected)


@pytest.mark.parametrize(
    ("lines", "day", "sentence"),
    [
        ([("121", "0")], 15, "invoice I-1 was corrected: VAT 0.00\N{NBSP}EUR, before 21.00\N{NBSP}EUR"),
        ([("100", "21")], 16, "invoice I-1 was corrected: dated 16 June 2011, before 15 June 2011"),
        ([("100", "9")], 16, "invoice I-1 was corrected: 109.00\N{NBSP}EUR, before 121.00\N{NBSP}EUR"),
        (
            [("100", "0"), ("100", "21"), ("-100", "0")],
            15,
            "VAT rates of documents were corrected; the sums are the same.",
        ),
    ],
)
def test_a_revision_says_what_of_a_document_was_corrected(sent, ada, lines, day, sentence):
    statement, document = sent
    Statement.objects.update(language="en")
    statement.refresh_from_db()
    lines = [Line(text="Nails", quantity=Decimal(1), price=Decimal(p), vat_rate=Decimal(rate)) for p, rate in lines]
    corrected(document, ada, lines, document_on=dt.date(2011, 6, day))
    assert re_form(statement, by=ada).sheet["revision"]["changes"] == [sentence]


def test_t5_a_document_changed_between_forming_and_sending_is_shown(novak, jonas, ada, renderer):
    sell(novak, number="W-1")
    sell(jonas)
    run = form(JUNE, by=None).run
    render_due(renderer)
    before = Statement.objects.get(customer=novak).sheet
    Document.objects.filter(number="W-1").update(gross=Decimal(1), content_version=2)
    assert [each.customer for each in stale(run)] == [novak]
    assert post([Statement.objects.get(customer=novak).operation_id], by=ada).posted == 1
    assert Statement.objects.get(customer=novak).sheet == before


def test_a_document_given_to_another_customer_leaves_the_first_one_stale(novak, jonas, ada):
    moved = sell(novak)
    sell(novak)
    run = form(JUNE, by=None).run
    Document.objects.filter(pk=moved.pk).update(customer=jonas, content_version=2)
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


def test_characters_that_no_font_has_are_looked_at_before_the_letter_leaves(company):
    japanese, plain = make_customer("A"), make_customer("B")
    japanese.name = "株式会社テスト"
    japanese.save()
    for customer in (japanese, plain):
        sell(customer)
    run = form(JUNE, by=None).run
    assert [each.customer.code for each in with_anomaly(going(run), Anomaly.NO_GLYPH)] == ["A"]
    assert "Lithuania" in Statement.objects.first().sheet["sender"]


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
