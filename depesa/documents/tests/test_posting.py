"""Post sales documents: numbers, rules, taking back."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from depesa.core.errors import Faults, Refused, StaleState
from depesa.core.periods import Period
from depesa.customers.models import Customer
from depesa.documents import services
from depesa.documents.models import Document, NumberSeries
from depesa.documents.queries import check_series, totals
from depesa.documents.rules import Line, sum_up
from depesa.documents.services.numbers import SeriesEnded
from depesa.history.models import Entry
from depesa.history.services import link_due, verify
from depesa.statements.services.builder import read_documents

pytestmark = pytest.mark.django_db

JUNE = dt.date(2011, 6, 15)


@pytest.fixture
def customer(db):
    return Customer.objects.create(code="1042", name="Ąžuolas UAB")


@pytest.fixture
def series(db):
    return NumberSeries.objects.create(code="A", type="invoice", prefix="2011/", digits=4)


def _line(quantity="1", price="100", vat="21", text="Paper"):
    return Line(text=text, quantity=Decimal(quantity), price=Decimal(price), vat_rate=Decimal(vat))


def _enter(customer, series=None, lines=None, by=None, **header):
    usual = {"type": "invoice", "customer": customer, "document_on": JUNE, "currency": "EUR", "series": series}
    return services.enter({**usual, **header}, lines or [_line()], by=by)


def _faults(**arguments):
    with pytest.raises(Faults) as caught:
        _enter(**arguments)
    return caught.value.by_field


def test_sums_are_added_exactly_per_rate_and_rounded_once(customer, series):
    lines = [_line("3", "0.333", "21"), _line("1", "0.005", "21"), _line("2", "10", "9")]
    document = _enter(customer, series, lines)
    assert document.rates == [["9", "20.00", "1.80"], ["21", "1.00", "0.21"]]
    assert (document.net, document.vat, document.gross) == (Decimal("21.00"), Decimal("2.01"), Decimal("23.01"))


@pytest.mark.parametrize("kind", ["invoice", "credit-note"])
@given(
    amounts=st.lists(
        st.tuples(st.decimals(-200, 200, places=2), st.sampled_from(["0", "9", "21"])), min_size=1, max_size=5
    )
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_document_has_one_sign_in_all_its_columns(customer, kind, amounts):
    lines = [_line(price=price, vat=vat) for price, vat in amounts]
    if sum_up(lines, 2).gross < 0:
        assert "less than zero" in _faults(customer=customer, lines=lines, type=kind, number="X")["lines"]
        return
    with transaction.atomic():
        document = _enter(customer, lines=lines, type=kind, number="X")
        services.post([document.pk], by=None)
        document.refresh_from_db()
        assert document.signed_gross == (-1 if kind == "credit-note" else 1) * document.gross
        assert document.signed_net + document.signed_vat == document.signed_gross
        shown = read_documents(Period.of(JUNE), [customer.pk])[customer.pk].ledger
        net, vat, gross = shown.totals["EUR"]
        assert gross == int(document.signed_gross * 10_000)
        assert (net, vat) == (sum(rate.net for rate in shown.rates), sum(rate.vat for rate in shown.rates))
        assert "" not in {rate.rate for rate in shown.rates}
        transaction.set_rollback(True)


def test_a_draft_takes_no_number_posting_does(customer, series, ben):
    document = _enter(customer, series)
    series.refresh_from_db()
    assert (document.number, series.last) == ("", 0)
    assert services.post([document.pk], by=ben).done == 1
    document.refresh_from_db()
    assert (document.number, document.posting, document.posted_by) == ("2011/0001", "posted", ben)
    assert document.number_key == "2011/0001"


def test_numbers_follow_the_dates(customer, series):
    days = [dt.date(2011, 6, 20), dt.date(2011, 6, 1), dt.date(2011, 6, 10)]
    documents = [_enter(customer, series, document_on=day) for day in days]
    services.post([each.pk for each in documents], by=None)
    numbers = [Document.objects.get(pk=each.pk).number for each in documents]
    assert numbers == ["2011/0003", "2011/0001", "2011/0002"]


def test_numbers_that_stand_on_documents_are_passed_over(customer, series):
    _enter(customer, number="2011/0001")
    _enter(customer, number="2011/0003")
    documents = [_enter(customer, series) for _n in range(2)]
    services.post([each.pk for each in documents], by=None)
    assert [Document.objects.get(pk=each.pk).number for each in documents] == ["2011/0002", "2011/0004"]
    assert check_series(series).is_whole


def test_input_79_posting_twice_says_when_and_as_what(customer, series, clock):
    document = _enter(customer, series)
    services.post([document.pk], by=None)
    outcome = services.post([document.pk], by=None)
    assert (outcome.done, outcome.refused[0].reason) == (0, "Posted on 5 Jul 2011 as 2011/0001.")
    series.refresh_from_db()
    assert series.last == 1


def test_input_79_type_number_and_customer_of_a_posted_document_stay(customer, series):
    document = _enter(customer, series)
    services.post([document.pk], by=None)
    with pytest.raises(Refused, match="Make a return or a credit note"):
        services.change(document, {"number": "X1"}, document.entered_lines, version=2, by=None)


def test_a_posted_document_that_is_edited_becomes_corrected(customer, series, ben):
    document = _enter(customer, series)
    services.post([document.pk], by=ben)
    changed = services.change(document, {}, [_line("2")], version=2, by=ben)
    assert (changed.posting, changed.version, changed.gross, changed.number) == ("corrected", 3, 242, "2011/0001")
    entry = Entry.objects.get(event="documents.changed")
    assert (entry.before["gross"], entry.after["gross"]) == ("121.00", "242.00")
    assert services.post([document.pk], by=ben).done == 1
    assert link_due() == verify().length > 0
    assert verify().is_whole


def test_a_page_that_was_opened_before_the_posting_does_not_undo_it(customer, series, ben):
    document = _enter(customer, series)
    services.post([document.pk], by=ben)
    with pytest.raises(StaleState, match="Ben changed this"):
        services.change(document, {"due_on": dt.date(2011, 7, 1)}, document.entered_lines, version=1, by=None)
    document.refresh_from_db()
    assert document.posting == "posted"


def test_untouched_lines_keep_the_sums_of_their_file(customer, series):
    document = _enter(customer, series)
    Document.objects.filter(pk=document.pk).update(vat=Decimal("20.99"), gross=Decimal("120.99"))
    changed = services.change(document, {"due_on": dt.date(2011, 7, 1)}, document.entered_lines, version=2, by=None)
    assert changed.gross == Decimal("120.99")


def test_input_102_a_change_of_an_old_version_is_refused(customer, series):
    document = _enter(customer, series)
    services.change(document, {}, [_line("2")], version=1, by=None)
    with pytest.raises(StaleState):
        services.change(document, {}, [_line("3")], version=1, by=None)


@pytest.mark.parametrize(("quantity", "words"), [("0", "above 0"), ("-1", "above 0"), ("1000000000000", "at most")])
def test_input_75_quantities_have_limits(customer, series, quantity, words):
    assert words in _faults(customer=customer, series=series, lines=[_line(quantity)])["lines"]


def test_input_76_a_total_that_differs_by_a_cent_is_shown_with_the_rule(customer, series):
    header = {"type": "invoice", "customer": customer, "document_on": JUNE, "currency": "EUR", "series": series}
    with pytest.raises(Faults, match=r"The lines make 121.00 \(added exactly per VAT rate, rounded once"):
        services.enter(header, [_line()], by=None, total_on_paper=Decimal("121.01"))


def test_input_76_sums_that_disagree_are_not_posted(customer, series):
    document = _enter(customer, series)
    Document.objects.filter(pk=document.pk).update(gross=Decimal("121.01"))
    assert "do not make 121.01" in services.post([document.pk], by=None).refused[0].reason


def test_input_78_due_before_the_document(customer, series):
    assert "Due before" in _faults(customer=customer, series=series, due_on=dt.date(2011, 6, 14))["due_on"]


def test_input_78_closed_books(customer, series, ada):
    document = _enter(customer, series)
    services.save_books(dt.date(2011, 6, 30), by=ada)
    assert services.post([document.pk], by=ada).refused[0].reason == "The books are closed until 30 Jun 2011."
    assert "document_on" in _faults(customer=customer, series=series)


def test_input_78_a_date_before_the_last_of_the_series(customer, series):
    services.post([_enter(customer, series).pk], by=None)
    earlier = _enter(customer, series, document_on=dt.date(2011, 6, 14))
    assert "may not be earlier" in services.post([earlier.pk], by=None).refused[0].reason


def test_input_80_the_end_of_a_series(customer, series):
    NumberSeries.objects.filter(pk=series.pk).update(last=9998)
    first, second = _enter(customer, series), _enter(customer, series)
    outcome = services.post([first.pk, second.pk], by=None)
    assert (outcome.done, outcome.refused[0].reason) == (1, "Series A ends at 9999; open a new one.")
    with pytest.raises(SeriesEnded), transaction.atomic():
        services.reserve(series, 1, kind="invoice")
    series.refresh_from_db()
    assert series.last == 9999


def test_a_typed_number_near_the_end_of_a_series_refuses_only_what_finds_none(customer):
    short = NumberSeries.objects.create(code="S", type="invoice", prefix="S", digits=1, last=6)
    _enter(customer, number="S8")
    ids = [_enter(customer, short).pk for _n in range(3)]
    outcome = services.post(ids, by=None)
    assert sorted(Document.objects.posted().values_list("number", flat=True)) == ["S7", "S9"]
    assert [(each.document.pk, each.reason) for each in outcome.refused] == [
        (ids[2], "Series S ends at 9; open a new one.")
    ]


def test_input_80_a_series_of_one_year(customer, series):
    NumberSeries.objects.filter(pk=series.pk).update(year=2010)
    assert "is for 2010 only" in services.post([_enter(customer, series).pk], by=None).refused[0].reason


def test_a_series_in_use_keeps_its_shape(customer, series, ada):
    services.post([_enter(customer, series).pk], by=ada)
    series.refresh_from_db()
    with pytest.raises(Faults, match="keeps its shape"):
        services.save_series(series, {"prefix": "B"}, by=ada)


def test_one_that_cannot_be_posted_stops_no_other(customer, series):
    good = _enter(customer, series)
    bad = _enter(customer, number="7")
    Document.objects.filter(pk=bad.pk).update(gross=1)
    outcome = services.post([bad.pk, good.pk], by=None)
    assert (outcome.done, [refusal.document.pk for refusal in outcome.refused]) == (1, [bad.pk])


def test_taking_back_keeps_the_number_and_says_who(customer, series, ben):
    document = _enter(customer, series)
    services.post([document.pk], by=ben)
    assert services.take_back([document.pk], by=ben, reason="wrong customer").done == 1
    document.refresh_from_db()
    assert (document.posting, document.number, document.version) == ("corrected", "2011/0001", 3)
    assert Entry.objects.get(event="documents.taken-back").note == "wrong customer"
    assert services.take_back([document.pk], by=ben).refused[0].reason == "It is not posted."


def test_only_what_was_never_posted_can_be_removed(customer, series, ben):
    draft, posted = _enter(customer, series), _enter(customer, series)
    services.post([posted.pk], by=ben)
    services.take_back([posted.pk], by=ben)
    services.remove(draft, by=ben)
    with pytest.raises(Refused, match="It stays"):
        services.remove(posted, by=ben)
    assert not Document.objects.filter(pk=draft.pk).exists()


def test_a_number_twice_is_named(customer):
    _enter(customer, number="7")
    assert _faults(customer=customer, number="7")["number"] == "Another document of this type has this number."
    _enter(customer, number="7", type="return")


def test_input_83_currencies_are_never_added(customer, series):
    _enter(customer, series)
    _enter(customer, series, currency="CZK")
    _enter(customer, number="R1", type="return")
    found = [(total.currency, total.count, total.gross) for total in totals(Document.objects.all())]
    assert found == [("CZK", 1, Decimal(121)), ("EUR", 2, Decimal(0))]


def test_input_84_code_in_a_line_is_text(customer, series):
    text = '#read("/etc/passwd") <img src=file:///x> \\input{y}'
    assert _enter(customer, series, [_line(text=text)]).lines[0]["text"] == text


def test_input_85_a_line_and_a_document_have_limits(customer, series):
    assert _enter(customer, series, [_line(text="x" * 10_000)]).gross
    assert "10000 characters" in _faults(customer=customer, series=series, lines=[_line(text="x" * 10_001)])["lines"]
    assert "5000 lines" in _faults(customer=customer, series=series, lines=[_line()] * 5001)["lines"]


def test_numbers_outside_a_transaction_are_refused(series, transactional_db):
    with pytest.raises(RuntimeError):
        services.reserve(series, 1, kind="invoice")
