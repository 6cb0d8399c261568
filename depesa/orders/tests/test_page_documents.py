"""Documents on the page of an order: generate, look, generate again, delete, credit."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from depesa.documents.models import DocumentType
from depesa.documents.services import take_list
from depesa.orders.models import Invoicing, Order, OrderDocument
from depesa.orders.services import Wish, generate, invoice, render_due
from depesa.orders.tests.world import email, order
from depesa.pdf import Renderer
from depesa.triggers.models import Transition

pytestmark = pytest.mark.django_db

JULY = dt.date(2011, 7, 5)


@pytest.fixture
def placed(company, clock):
    return order()


def new(placed, code="invoice"):
    return reverse("orders:new_document", args=[placed.pk, code])


def of(document, page):
    return reverse(f"orders:{page}", args=[document.pk])


def made(placed, code="invoice"):
    kind = DocumentType.objects.select_related("series").get(code=code)
    return generate([Wish(order=placed, type=kind)], by=None).made[0]


@pytest.fixture
def pool():
    with Renderer(1) as renderer:
        yield renderer


def test_the_page_offers_every_type_that_is_missing_with_its_usual_days(clerk, placed):
    page = clerk.get(placed.get_absolute_url())
    assert [form.kind.code for form in page.context["dialogs"]] == ["order-confirmation", "invoice", "receipt"]
    assert 'value="2011-07-19"' in page.text
    assert "The number will be INV000001" in page.text


def test_generating_with_days_of_ones_own(clerk, placed, ben):
    days = {"issued_on": "2011-07-01", "due_on": "2011-07-31", "tax_on": "2011-06-30", "variable_symbol": "77"}
    answer = clerk.post(new(placed), days, follow=True)
    row = OrderDocument.objects.get()
    assert (row.issued_on, row.due_on, row.tax_on) == (dt.date(2011, 7, 1), dt.date(2011, 7, 31), dt.date(2011, 6, 30))
    assert (row.variable_symbol, row.generated_by) == ("77", ben)
    assert "Invoice INV000001 was generated." in answer.text
    assert "being made" in answer.text


def test_what_is_left_empty_gets_its_usual_value(clerk, placed):
    clerk.post(new(placed), {})
    row = OrderDocument.objects.get()
    assert (row.issued_on, row.due_on, row.variable_symbol) == (JULY, dt.date(2011, 7, 19), "1")


def test_the_letter_after_an_invoice_can_be_switched_off(clerk, placed):
    Invoicing.objects.update_or_create(pk=1, defaults={"system_email": email()})
    clerk.post(new(placed), {})
    assert Transition.objects.get(event="invoice-generated").reason == "switched-off"


def test_bad_days_are_named_and_nothing_is_generated(clerk, placed):
    answer = clerk.post(new(placed), {"issued_on": "2011-07-31", "due_on": "2011-07-01", "variable_symbol": "7x"})
    assert answer.status_code == 422
    assert "It would be due before it is issued" in answer.text
    assert 'value="7x"' in answer.text
    assert not OrderDocument.objects.exists()


def test_a_second_invoice_is_refused_in_words(clerk, placed):
    made(placed)
    answer = clerk.post(new(placed), {})
    assert answer.status_code == 422
    assert "has its Invoice already" in answer.text


def test_a_type_without_numbers_is_there_for_every_order(clerk, reader, placed):
    DocumentType.objects.create(code="leaflet", names={"en": "leaflet"})
    assert "without a number: there for every order" in reader.get(placed.get_absolute_url()).text
    answer = clerk.post(new(placed, "leaflet"))
    assert answer.url == of(OrderDocument.objects.get(), "document")


def test_the_document_stands_on_its_page_as_pictures(reader, placed, pool, django_assert_max_num_queries):
    row = made(placed)
    waiting = reader.get(of(row, "document"))
    assert "The PDF is being made" in waiting.text
    render_due(pool)
    row.refresh_from_db()
    with django_assert_max_num_queries(12):
        page = reader.get(of(row, "document")).text
    assert reverse("documents:paper_page", args=[row.paper_id, 1]) in page
    assert f'download="{row.paper.name}"' in page
    assert of(row, "document_deletion") not in page


def test_a_failure_says_why_and_can_be_tried_again(clerk, placed):
    row = made(placed)
    OrderDocument.objects.update(problem="unknown variable: ordr, line 12")
    page = clerk.get(placed.get_absolute_url()).text
    assert "unknown variable: ordr, line 12" in page
    clerk.post(of(row, "retry"))
    row.refresh_from_db()
    assert row.problem == ""


def test_generated_again_under_its_number(clerk, placed):
    row = made(placed)
    assert 'value="2011-07-05"' in clerk.get(of(row, "regeneration")).text
    clerk.post(of(row, "regeneration"), {"due_on": "2011-08-01"})
    row.refresh_from_db()
    assert (row.number, row.revision, row.due_on) == ("INV000001", 2, dt.date(2011, 8, 1))


def test_a_receipt_is_never_generated_again(clerk, placed):
    answer = clerk.post(of(made(placed, "receipt"), "regeneration"), {})
    assert answer.status_code == 422
    assert "is never generated again" in answer.text


def test_deleting_the_last_of_its_series(clerk, placed):
    row = made(placed)
    assert "the next document takes its number" in clerk.get(of(row, "document_deletion")).text
    clerk.post(of(row, "document_deletion"))
    assert not OrderDocument.objects.exists()


def test_one_from_the_middle_stays(clerk, placed):
    first = made(placed)
    made(order())
    assert clerk.post(of(first, "document_deletion")).status_code == 409
    assert "is not the last of its number series" in clerk.get(of(first, "document_deletion")).text
    assert OrderDocument.objects.count() == 2


def test_crediting_a_part_and_then_the_rest(clerk, placed):
    invoice = made(placed)
    page = clerk.get(of(invoice, "credit_note"))
    assert [line.left for line in page.context["form"].lines] == [2, 1]
    clerk.post(of(invoice, "credit_note"), {"reason": "goods returned", "line_0": "1", "line_1": "0"})
    note = OrderDocument.objects.get(type__code="credit-note")
    assert (note.invoice, note.gross) == (invoice, Decimal("12.10"))
    assert note.content["reason"] == "goods returned"
    unsaid = clerk.post(of(invoice, "credit_note"), {"reason": " ", "line_0": "1"})
    assert (unsaid.status_code, "reason" in unsaid.context["form"].errors) == (422, True)
    too_much = clerk.post(of(invoice, "credit_note"), {"reason": "goods returned", "line_0": "2"})
    assert too_much.status_code == 422
    assert "At most 1 can be taken back." in too_much.text
    clerk.post(of(invoice, "credit_note"), {"reason": "goods returned", "line_0": "1", "line_1": "1"})
    invoice.refresh_from_db()
    assert not invoice.is_sole
    assert "Everything of this invoice has been taken back" in clerk.get(of(invoice, "credit_note")).text


def test_vat_of_an_invoice_in_euro_is_stated_in_crowns_by_the_rate_of_the_day(clerk, placed, czech):
    """§ 29 (1) of the Czech VAT act: the tax is stated in Czech crowns; Art. 230 of Directive 2006/112/EC."""
    refused = clerk.post(new(placed), {"issued_on": "2011-07-05"})
    assert refused.status_code == 422
    assert "there is no rate of EUR for 5 Jul 2011" in refused.text
    take_list("04.07.2011 #128\nzemě|měna|množství|kód|kurz\nEMU|euro|1|EUR|24,275\n", by=None)
    clerk.post(new(placed), {"issued_on": "2011-07-05"})
    invoice = OrderDocument.objects.get()
    told = {name: value for name, value in invoice.content.items() if name.startswith("home_")}
    vat = {"home_currency": "CZK", "home_rate": "24.275", "home_rate_on": "2011-07-04", "home_vat": "117.25"}
    assert (invoice.content["vat"], told) == ("4.83", vat)
    take_list("05.07.2011 #129\nzemě|měna|množství|kód|kurz\nEMU|euro|1|EUR|99,000\n", by=None)
    parts = [{"reason": "returned", "line_0": "1"}, {"reason": "returned", "line_0": "1", "line_1": "1"}]
    for part in parts:
        clerk.post(of(invoice, "credit_note"), part)
    notes = [note.content for note in OrderDocument.objects.filter(type__code="credit-note")]
    assert {note["home_rate"] for note in notes} == {"24.275"}
    assert sum(Decimal(note["home_vat"]) for note in notes) == Decimal("117.25")


def test_no_rate_is_asked_for_where_the_law_asks_for_none(clerk, placed, czech):
    Order.objects.update(currency="CZK")
    clerk.post(new(placed), {})
    Order.objects.update(currency="EUR")
    czech.vat_code = ""
    czech.save()
    clerk.post(new(order(currency="EUR")), {})
    assert [row.content["home_vat"] for row in OrderDocument.objects.order_by("id")] == [None, None]


def test_one_order_without_a_rate_keeps_no_other_from_its_invoice(czech, clock):
    orders = [order(currency="EUR"), order(currency="CZK")]
    issued = invoice([each.pk for each in orders], by=None)
    assert [row.order_id for row in issued.made] == [orders[1].pk]
    assert "no rate of EUR" in issued.refused[orders[0].pk]


def test_nothing_to_take_back_is_said(clerk, placed):
    answer = clerk.post(of(made(placed), "credit_note"), {"reason": "goods returned", "line_0": "0", "line_1": ""})
    assert "Nothing is taken back." in answer.text


def test_only_invoices_are_credited(clerk, placed):
    answer = clerk.get(of(made(placed, "receipt"), "credit_note"), follow=True)
    assert "A credit note is made from an invoice." in answer.text


def test_the_internal_note(clerk, placed):
    url = reverse("orders:note", args=[placed.pk])
    clerk.post(url, {"internal_note": "Ring before delivery", "version": "1"})
    placed.refresh_from_db()
    assert placed.internal_note == "Ring before delivery"
    late = clerk.post(url, {"internal_note": "Mine", "version": "1"})
    assert late.status_code == 409
    assert "Their note: “Ring before delivery”" in late.text
    assert ">Mine</textarea>" in late.text
