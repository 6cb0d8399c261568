"""How figures are written and what makes a statement odd."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from depesa.core.languages import formatter
from depesa.core.periods import Period
from depesa.statements.paper import Row, csv_copy, freeze, json_copy, ledger, rows_of
from depesa.statements.queries.progress import pace
from depesa.statements.rules.anomalies import Anomaly, Before, differs, find_anomalies

LOCALES = {"en": "en_GB", "cs": "cs", "lt": "lt"}


@given(st.integers(-(10**17), 10**17), st.sampled_from(["en", "cs", "lt"]), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_amounts_are_written_as_babel_writes_them(stored, language, currency):
    digits = {"EUR": 2, "JPY": 0, "KWD": 3}[currency]
    pattern = "#,##0." + "0" * digits + "#" * (4 - digits)
    expected = format_decimal(Decimal(stored).scaleb(-4), pattern, locale=LOCALES[language])
    assert formatter(language).stored_amount(stored, currency) == expected.replace("-", "−")


@given(st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)), st.sampled_from(["en", "cs", "lt"]))
def test_days_are_written_as_babel_writes_them(day, language):
    assert formatter(language).short_day(day) == format_date(day, "medium", locale=LOCALES[language])


def test_months_and_rates_are_written_in_words():
    write, june = formatter, Period.month(2011, 6)
    assert [write(language).period(june) for language in LOCALES] == [
        "June 2011",
        "červen 2011",
        "2011 m. birželis",
    ]
    assert [formatter(language).rate("5.5") for language in LOCALES] == ["5.5%", "5,5\N{NBSP}%", "5,5\N{NBSP}%"]
    assert formatter("de").rate("21") == "21%"
    assert formatter("cs").stored_money(-12345600, "CZK") == "−1\N{NBSP}234,56\N{NBSP}CZK"


def row(number="1", currency="EUR", net=1000000, vat=210000, kind="invoice", day="2011-06-01"):
    return Row(day, kind, number, currency, net, vat, net + vat)


def test_rates_add_up_to_the_document_whatever_was_stated():
    found = ledger(
        [
            (row(), [["21", "60.00", "12.60"], ["9.00", "30.00", "2.70"]]),
            (row("2", net=-1000000, vat=-210000, kind="return"), [["21.0", "50.00", "10.50"], ["9", "50.00", "10.50"]]),
            (row("3", net=50000, vat=0), []),
            (row("4", currency="USD", net=10000, vat=0), [["0", "1.00", "0"]]),
        ]
    )
    assert [tuple(rate) for rate in found.rates] == [
        ("EUR", "21", 100000, 21000),
        ("EUR", "9", -200000, -78000),
        ("EUR", "", 150000, 57000),
        ("USD", "0", 10000, 0),
    ]
    for currency, (net, vat, gross) in found.totals.items():
        assert net == sum(rate.net for rate in found.rates if rate.currency == currency)
        assert vat == sum(rate.vat for rate in found.rates if rate.currency == currency)
        assert gross == net + vat
    assert found.main_currency == "EUR"
    assert found.gross == {"EUR": "5.00", "USD": "1.00"}


def test_rows_stand_in_the_order_of_day_and_number():
    found = ledger([(row("2"), []), (row("1", day="2011-06-02"), []), (row("1"), [])])
    assert [(each.day, each.number) for each in found.rows] == [
        ("2011-06-01", "1"),
        ("2011-06-01", "2"),
        ("2011-06-02", "1"),
    ]


def sheet_of(*rows):
    found = ledger([(each, []) for each in rows])
    sheet = freeze(found, period=Period.month(2011, 6), dated="2011-07-05", sender=[], logo=None, customer=[], note="")
    return json.loads(json.dumps(sheet))


def test_copies_for_machines_say_what_the_sheet_says():
    sheet = sheet_of(row('=1+1;"x"'), row("2", net=-12345, vat=0))
    assert rows_of(sheet)[0].net == -12345
    lines = csv_copy(sheet).decode("utf-8-sig").split("\r\n")
    assert lines[1] == "2011-06-01;invoice;2;EUR;-1.2345;0.00;-1.2345"
    assert lines[2] == '2011-06-01;invoice;"\'=1+1;""x""";EUR;100.00;21.00;121.00'
    machine_copy = json.loads(json_copy(sheet))
    assert machine_copy["month"] == "2011-06"
    assert machine_copy["documents"][1]["number"] == '=1+1;"x"'
    assert machine_copy["totals"] == [{"currency": "EUR", "net": "98.7655", "vat": "21.00", "gross": "119.7655"}]


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        ("140", "100", False),
        ("140.01", "100", True),
        ("60", "100", False),
        ("59.99", "100", True),
        ("1", "0", True),
        ("0", "0", False),
        ("-100", "100", True),
        ("-140", "-100", False),
    ],
)
def test_a_sum_differs_beyond_the_percentage(now, before, expected):
    assert differs(Decimal(now), Decimal(before), 40) is expected


def test_an_address_in_another_order_or_case_is_the_same():
    before = Before({"EUR": "1.00"}, "b@x.example, A@x.example")
    assert find_anomalies({"EUR": "1.00"}, "a@x.example; b@x.example", before, is_first=False, percent=40) == Anomaly(0)
    assert find_anomalies({"USD": "1.00"}, "", before, is_first=False, percent=40) == (
        Anomaly.CURRENCY_CHANGED | Anomaly.ADDRESS_CHANGED | Anomaly.NO_ADDRESS
    )
    assert find_anomalies({"USD": "-1.00"}, "a@x", None, is_first=True, percent=40) == Anomaly.NEGATIVE


def test_the_end_is_estimated_from_the_last_minute():
    now = dt.datetime(2011, 7, 5, 12, 0, tzinfo=dt.UTC)
    assert pace(600, 120, now).ends_at == now + dt.timedelta(minutes=5)
    assert pace(600, 0, now).ends_at is None
    assert pace(0, 120, now).ends_at is None
