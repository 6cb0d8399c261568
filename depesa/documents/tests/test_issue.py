"""Sales documents that orders make: posted at once, made again under their number, withdrawn only as the last."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction

from depesa.core.edits import Overtaken
from depesa.core.errors import Faults, Refused
from depesa.customers.models import Customer
from depesa.documents import services
from depesa.documents.models import Document, NumberSeries
from depesa.documents.rules import Line, sum_up
from depesa.documents.services import Issue, SeriesEnded
from depesa.history.models import Entry

JUNE = dt.date(2011, 6, 15)
LINE = Line(text="Lamp", quantity=Decimal(2), price=Decimal(10), vat_rate=Decimal(21))


@pytest.fixture
def customer(db):
    return Customer.objects.create(code="17841", name="Bulk Buyers Ltd", language="en", country="GB")


@pytest.fixture
def series(db):
    return NumberSeries.objects.create(code="I11", type="invoice", prefix="2011/", digits=4)


def _issue(series, customer, count=1, *, on=JUNE, kind="invoice", by=None, **changes):
    with transaction.atomic():
        serials = services.reserve(series, count, kind=kind)
        issues = [
            Issue(
                **{
                    "type": kind,
                    "number": series.written(serial),
                    "series_id": series.pk,
                    "serial": serial,
                    "customer_id": customer.pk,
                    "document_on": on,
                    "due_on": on + dt.timedelta(days=14),
                    "currency": "EUR",
                    "lines": [LINE],
                    "sums": sum_up([LINE], 2),
                    **changes,
                }
            )
            for serial in serials
        ]
        return services.issue_posted(issues, by=by)


def test_issued_documents_are_posted_numbered_and_remembered(series, customer, ben):
    first, second = _issue(series, customer, 2, by=ben)
    found = Document.objects.get(pk=second.pk)
    assert [first.number, found.number, found.number_key] == ["2011/0001", "2011/0002", "2011/0002"]
    assert (found.posting, found.posted_by, found.month) == ("posted", ben, 201106)
    assert (found.net, found.vat, found.gross, found.signed_gross) == (
        20,
        Decimal("4.2"),
        Decimal("24.2"),
        Decimal("24.2"),
    )
    assert found.entered_lines == [LINE]
    series.refresh_from_db()
    assert (series.last, series.last_on) == (2, JUNE)
    entry = Entry.objects.get(subject=f"document:{second.pk}")
    assert (entry.event, entry.actor, entry.customer_id) == ("documents.issued", ben, customer.pk)


def test_a_credit_note_counts_below_zero(customer, db):
    series = NumberSeries.objects.create(code="C11", type="credit-note", prefix="C", digits=3)
    (note,) = _issue(series, customer, kind="credit-note")
    assert Document.objects.get(pk=note.pk).signed_gross == Decimal("-24.2")


def test_a_failure_leaves_neither_document_nor_number(series, customer):
    _issue(series, customer)
    with pytest.raises(Refused, match="Another document of this type has this number: 2011/0001"):
        _issue(series, customer, number="2011/0001")
    series.refresh_from_db()
    assert (series.last, Document.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"number": ""}, "It has no number"),
        ({"due_on": dt.date(2011, 6, 1)}, "Due before the date"),
        ({"lines": []}, "at least one line"),
        (
            {"sums": sum_up([Line(text="x", quantity=Decimal(-1), price=Decimal(1), vat_rate=Decimal(0))], 2)},
            "less than zero",
        ),
    ],
)
def test_what_cannot_stand_in_the_books_is_refused(series, customer, changes, reason):
    with pytest.raises(Refused, match=reason):
        _issue(series, customer, **changes)
    assert not Document.objects.exists()


def test_closed_books_take_no_document(series, customer):
    services.save_books(dt.date(2011, 6, 30), by=None)
    with pytest.raises(Refused, match="closed until 30 Jun 2011"):
        _issue(series, customer)


def test_a_series_of_a_year_gives_no_number_to_another(series, customer):
    NumberSeries.objects.filter(pk=series.pk).update(year=2010)
    series.refresh_from_db()
    with pytest.raises(Refused, match="for 2010 only"):
        _issue(series, customer)
    with pytest.raises(SeriesEnded, match="for 2010 only"), transaction.atomic():
        services.reserve(series, 1, on=JUNE)


def test_no_document_is_dated_before_the_last_of_its_series(series, customer):
    _issue(series, customer)
    with pytest.raises(Refused, match="may not be earlier"):
        _issue(series, customer, on=dt.date(2011, 6, 14))


def test_the_last_one_is_withdrawn_and_its_number_comes_again(series, customer):
    _first, second = _issue(series, customer, 2)
    with transaction.atomic():
        services.withdraw(second, by=None)
    (again,) = _issue(series, customer)
    assert again.number == "2011/0002"
    assert Entry.objects.filter(subject=f"document:{second.pk}", event="documents.withdrawn").exists()


def test_one_from_the_middle_stays(series, customer):
    first, _second = _issue(series, customer, 2)
    with pytest.raises(Refused, match="not the last of its number series"), transaction.atomic():
        services.withdraw(first, by=None)
    assert Document.objects.count() == 2


def test_an_invoice_is_made_again_under_its_number(series, customer):
    (invoice,) = _issue(series, customer)
    more = [LINE, LINE]
    issue = Issue(
        type="invoice",
        number=invoice.number,
        customer_id=customer.pk,
        document_on=JUNE,
        currency="EUR",
        lines=more,
        sums=sum_up(more, 2),
    )
    with transaction.atomic():
        services.reissue(invoice, issue, by=None)
    found = Document.objects.get(pk=invoice.pk)
    assert (found.number, found.serial, found.posting, found.gross, found.version) == (
        "2011/0001",
        1,
        "posted",
        Decimal("48.4"),
        2,
    )


@pytest.fixture
def again(series, customer):
    """Makes an issued document again on another day."""

    def make_again(document, on):
        issue = Issue(
            type="invoice", number=document.number, customer_id=customer.pk, document_on=on, currency="EUR",
            lines=[LINE], sums=sum_up([LINE], 2),
        )  # fmt: skip
        with transaction.atomic():
            return services.reissue(document, issue, by=None)

    return make_again


def test_a_document_made_again_keeps_its_place_among_the_days_of_its_series(series, customer, again):
    days = [dt.date(2011, 6, day) for day in (10, 15, 20)]
    first, second, third = (_issue(series, customer, on=day)[0] for day in days)
    for document, day, other in ((second, 9, first), (second, 21, third), (first, 16, second), (third, 14, second)):
        with pytest.raises(Refused, match=f"{other.number} is dated"):
            again(document, dt.date(2011, 6, day))
    again(second, days[2])
    again(third, dt.date(2011, 12, 31))
    NumberSeries.objects.filter(pk=series.pk).update(year=2011)
    with pytest.raises(Refused, match="for 2011 only"):
        again(third, dt.date(2012, 1, 1))


def test_what_an_order_has_made_is_not_changed_in_the_register(series, customer, ben):
    (invoice,) = _issue(series, customer)
    with pytest.raises(Refused, match="An order has made 2011/0001"):
        services.change(invoice, {"due_on": JUNE}, invoice.entered_lines, version=invoice.version, by=ben)
    assert "An order has made" in services.take_back([invoice.pk], by=ben).refused[0].reason
    assert Document.objects.get().posting == "posted"


def test_giving_back_steps_over_numbers_that_were_typed(series, customer):
    _issue(series, customer)
    for number in ("2011/0002", "2011/0003"):
        header = {"type": "invoice", "number": number, "customer": customer, "document_on": JUNE, "currency": "EUR"}
        services.enter(header, [LINE], by=None)
    (last,) = _issue(series, customer)
    assert last.number == "2011/0004"
    for document in (last, Document.objects.get(serial=1)):
        with transaction.atomic():
            services.withdraw(document, by=None)
    series.refresh_from_db()
    assert series.last == 0


def test_numbers_of_other_documents_pass_over_what_is_taken(series):
    with transaction.atomic():
        found = services.reserve(
            series, 2, taken=lambda written: [n for n in written if n in {"2011/0002", "2011/0003"}]
        )
    assert found == [1, 4]


def test_before_its_first_number_a_series_is_set_to_any_and_passes_over_what_is_taken(db, ada):
    """3 and 4 are missing, 5 and 6 are there: 3, 4, 7 come next."""
    series = NumberSeries.objects.get(code="OC")
    services.save_series(series, {"last": 6}, by=ada)
    services.save_series(series, {"last": 2}, by=ada)
    with transaction.atomic():
        found = services.reserve(series, 3, taken=lambda written: {"OC000005", "OC000006"} & set(written))
    assert found == [3, 4, 7]


def test_only_the_last_number_is_given_back(series):
    with transaction.atomic():
        services.reserve(series, 3)
        assert not services.give_back(series, 2)
        assert services.give_back(series, 3)
        assert services.reserve(series, 1) == [3]


def test_a_series_never_goes_back_to_numbers_that_it_has_given(series, ada):
    page = NumberSeries.objects.get(pk=series.pk)
    with transaction.atomic():
        services.reserve(series, 2)  # for receipts, say: no sales document bears them
    with pytest.raises(Overtaken):
        services.save_series(page, {"last": page.last}, by=ada, version=page.version)
    seen = NumberSeries.objects.get(pk=series.pk)
    for last in (seen.last - 2, seen.last + 5):
        with pytest.raises(Faults) as caught:
            services.save_series(seen, {"last": last}, by=ada, version=seen.version)
        assert "give numbers twice" in caught.value.by_field["last"]
    with pytest.raises(Faults, match="keeps its shape"):
        services.save_series(seen, {"prefix": "X"}, by=ada, version=seen.version)
    assert NumberSeries.objects.get(pk=series.pk).last == seen.last
