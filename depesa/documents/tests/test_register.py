"""Pages of sales documents: register, entry, posting, series."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from depesa.customers.models import Customer
from depesa.documents import services
from depesa.documents.models import Books, Document, NumberSeries
from depesa.documents.rules import Line
from depesa.history.models import Entry
from depesa.ui import marks

pytestmark = pytest.mark.django_db

LIST = reverse("documents:documents")
NEW = reverse("documents:new")
POSTING = reverse("documents:posting")


@pytest.fixture
def customer(db):
    return Customer.objects.create(code="1042", name="Ąžuolas UAB")


@pytest.fixture
def series(db):
    return NumberSeries.objects.create(code="A", type="invoice", prefix="2011/", digits=4)


@pytest.fixture
def page(client, ben, company):
    client.force_login(ben)
    return client


@pytest.fixture
def three(customer, series):
    line = Line(text="Paper", quantity=Decimal(1), price=Decimal(100), vat_rate=Decimal(21))
    kinds = [("invoice", "A-1", "EUR"), ("return", "R-1", "EUR"), ("waybill", "W-1", "CZK")]
    header = {"customer": customer, "document_on": dt.date(2011, 6, 15)}
    return [
        services.enter({**header, "type": kind, "number": number, "currency": currency}, [line], by=None)
        for kind, number, currency in kinds
    ]


def _form(**changes):
    values = {
        "type": "invoice",
        "customer": "1042",
        "document_on": "2011-06-15",
        "currency": "eur",
        "form-TOTAL_FORMS": "2",
        "form-INITIAL_FORMS": "0",
        "form-0-text": "Paper",
        "form-0-quantity": "2",
        "form-0-price": "1 234,50",
        "form-0-vat_rate": "21",
    }
    return {**values, **changes}


def _numbers(response):
    return {row.number for row in response.context["listing"].page.rows}


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", {"A-1", "R-1", "W-1"}),
        ("type=return", {"R-1"}),
        ("state=posted", set()),
        ("month=2011-06", {"A-1", "R-1", "W-1"}),
        ("month=2011-07", set()),
        ("customer=1042", {"A-1", "R-1", "W-1"}),
        ("customer=azuo", {"A-1", "R-1", "W-1"}),
        ("customer=berzas", set()),
        ("number=w-", {"W-1"}),
        ("currency=czk", {"W-1"}),
        ("q=r-1", {"R-1"}),
        ("q=Ąžuolas&type=waybill", {"W-1"}),
    ],
)
def test_the_register_is_filtered(page, three, query, numbers):
    assert _numbers(page.get(f"{LIST}?{query}")) == numbers


def test_returns_are_negative_in_the_register_and_its_file(page, three):
    text = page.get(f"{LIST}?type=return").content.decode()
    assert "-121.00 EUR" in text
    file = b"".join(page.get(f"{LIST}?type=return&file=csv").streaming_content).decode()
    assert "2011-06-15,R-1,return,Ąžuolas UAB,1042,not posted,,-100.00,-21.00,-121.00,EUR\r\n" in file


def test_an_empty_register_teaches_the_next_step(page):
    assert "No sales documents yet" in page.get(LIST).content.decode()


def test_a_document_is_entered_by_hand(page, customer, series):
    response = page.post(NEW, _form())
    document = Document.objects.get()
    assert response.headers["Location"] == document.get_absolute_url()
    assert (document.number, document.series, document.gross) == ("", series, Decimal("2987.49"))
    assert "Paper" in page.get(document.get_absolute_url()).content.decode()


def test_more_rows_come_without_script_and_lose_nothing(page, customer):
    response = page.post(NEW, _form(act="more"))
    text = response.content.decode()
    assert response.status_code == 200
    assert 'name="form-6-text"' in text
    assert 'value="1 234,50"' in text
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("customer", "9", "No customer has the code"),
        ("currency", "XX", "is not a currency"),
        ("document_on", "2011-02-31", "This day does not exist"),
        ("document_on", "20226-01-01", "This day does not exist"),
        ("document_on", "0001-01-01", "year must lie between"),
        ("due_on", "2011-06-14", "Due before"),
        ("total_on_paper", "1", "The lines make 2,987.49"),
        ("form-0-quantity", "0", "above 0"),
        ("form-0-price", "1e5", "scientific notation"),
        ("form-0-price", "١٢٣", "digits other than 0 to 9"),
        ("form-0-price", "NaN", "is not a number"),
        ("form-0-vat_rate", "", "Write the VAT rate"),
        ("form-0-text", "", "Write what was sold"),
        ("form-0-price", "", "Write the price"),
        ("type", "order", "Select a valid choice"),
        ("form-TOTAL_FORMS", "999999999", "at most 300 lines"),
    ],
)
def test_inputs_74_to_78_are_said_in_a_sentence_and_nothing_typed_is_lost(page, customer, series, field, value, words):
    response = page.post(NEW, _form(**{field: value, "form-0-code": "typed"}))
    text = response.content.decode()
    assert response.status_code == 422
    assert words in text
    assert 'value="typed"' in text or field == "form-TOTAL_FORMS"
    assert not Document.objects.exists()


def test_input_74_an_ambiguous_number_is_read_in_the_readers_language(page, ben, customer, series):
    page.post(NEW, _form(**{"form-0-price": "1.234"}))
    assert Document.objects.get().lines[0]["price"] == "1.234"
    ben.language = "cs"
    ben.save()
    page.post(NEW, _form(**{"form-0-price": "1.234"}))
    assert Document.objects.latest("id").lines[0]["price"] == "1234"


def test_posting_shows_sums_per_currency_and_asks(page, ben, three):
    marks.add_all(ben.pk, "documents", Document.objects.all())
    response = page.get(POSTING)
    text = response.content.decode()
    assert "Post 3 documents?" in text
    figures = [(str(figure.label), figure.value) for figure in response.context["figures"]]
    assert figures == [("CZK", "121.00"), ("EUR", "0.00")]
    response = page.post(POSTING, {"expected": "3"}, follow=True)
    assert "3 documents were posted." in response.content.decode()
    assert Document.objects.posted().count() == 3
    assert marks.count(ben.pk, "documents") == 0


def test_input_102_marks_that_changed_meanwhile_are_shown_again(page, ben, three):
    marks.add(ben.pk, "documents", [three[0].pk])
    response = page.post(POSTING, {"expected": "3"})
    assert response.status_code == 409
    assert not Document.objects.posted().exists()


def test_what_is_refused_stays_marked_with_its_reason(page, ben, three):
    Document.objects.filter(pk=three[0].pk).update(gross=1)
    marks.add_all(ben.pk, "documents", Document.objects.all())
    text = page.post(POSTING, {"expected": "3"}).content.decode()
    assert "do not make 1.00" in text
    assert set(marks.marked(ben.pk, "documents")) == {three[0].pk}


def test_one_document_is_posted_and_taken_back_from_its_page(page, three):
    pk = three[0].pk
    page.post(f"{POSTING}?document={pk}", {"expected": "1"})
    assert Document.objects.get(pk=pk).posting == "posted"
    page.post(f"{reverse('documents:withdrawal')}?document={pk}", {"expected": "1", "reason": "mistake"})
    assert Document.objects.get(pk=pk).posting == "corrected"
    assert "mistake" in page.get(three[0].get_absolute_url()).content.decode()


def test_the_history_says_values_as_the_reader_writes_them(page, ben, three):
    ben.language = "cs"
    ben.save(update_fields=["language"])
    shown = page.get(three[2].get_absolute_url()).content.decode()
    for value in ("dodací list s fakturou", "15. 6. 2011", "121,00"):
        assert f"<ins>{value}</ins>" in shown


def test_a_change_of_a_posted_document_makes_it_corrected(page, three):
    services.post([three[0].pk], by=None)
    url = reverse("documents:edit", args=[three[0].pk])
    assert "type, number and customer stay" in page.get(url).content.decode()
    response = page.post(url, _form(number="other", version="2"))
    document = Document.objects.get(pk=three[0].pk)
    assert response.status_code == 302
    assert (document.posting, document.number) == ("corrected", "A-1")


def test_input_102_an_old_form_says_so(page, three):
    services.change(three[0], {"due_on": dt.date(2011, 7, 1)}, three[0].entered_lines, version=1, by=None)
    response = page.post(reverse("documents:edit", args=[three[0].pk]), _form(number="A-1", version="1"))
    assert response.status_code == 422
    assert "Somebody else was faster" in response.content.decode()


def test_only_a_draft_is_removed(page, three):
    services.post([three[0].pk], by=None)
    response = page.post(reverse("documents:removal", args=[three[0].pk]), follow=True)
    assert "It stays" in response.content.decode()
    page.post(reverse("documents:removal", args=[three[1].pk]))
    assert Document.objects.count() == 2
    assert Entry.objects.filter(event="documents.removed").count() == 1


def test_input_84_code_in_a_line_is_shown_as_text(page, customer, series):
    page.post(NEW, _form(**{"form-0-text": "<img src=file:///x>#read(1)"}))
    text = page.get(Document.objects.get().get_absolute_url()).content.decode()
    assert "&lt;img src=file:///x&gt;#read(1)" in text


def test_the_documents_of_a_customer_are_a_piece_of_its_page(page, customer, three):
    url = reverse("documents:of_customer", args=[customer.pk])
    assert page.get(url).headers["Location"] == f"{LIST}?customer=1042"
    assert "R-1" in page.get(url, headers={"HX-Request": "true"}).content.decode()
    assert url in page.get(customer.get_absolute_url()).content.decode()


def test_hints_for_the_customer_field(page, customer):
    text = page.get(reverse("documents:customer_hints"), {"customer": "ąž"}).content.decode()
    assert '<option value="1042">Ąžuolas UAB</option>' in text


@pytest.mark.parametrize("query", ["document=99999999999999999999", "document=x", "document=0"])
def test_a_document_that_is_none_is_404(page, query):
    assert page.get(f"{POSTING}?{query}").status_code == 404


def test_a_reader_only_looks(client, cleo, company, three):
    client.force_login(cleo)
    assert client.get(three[0].get_absolute_url()).status_code == 200
    assert [client.get(url).status_code for url in (NEW, POSTING)] == [403, 403]


def test_series_are_opened_and_shown_with_the_next_number(client, ada, company):
    client.force_login(ada)
    values = {"code": "B", "type": "invoice", "prefix": "B/", "digits": "5", "suffix": "", "last": "41"}
    client.post(reverse("documents:new_series"), values)
    assert "B/00042" in client.get(reverse("documents:series")).content.decode()
    found = NumberSeries.objects.get(code="B")
    response = client.post(reverse("documents:edit_series", args=[found.pk]), {**values, "last": "100000"})
    assert "With 5 digits the series ends at 99999." in response.content.decode()


def test_books_are_closed(client, ada, company):
    client.force_login(ada)
    client.post(reverse("documents:series"), {"closed_until": "2011-06-30"})
    assert Books.objects.get().closed_until == dt.date(2011, 6, 30)
