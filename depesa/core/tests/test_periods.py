"""Periods: their days, the next and the one before, how they are written, and when they begin in a time zone."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from depesa.core.languages import formatter, period_in_words
from depesa.core.periods import NotAPeriod, Period, PeriodKind, months_later

QUARTER, YEAR = Period.quarter(2011, 2), Period.year(2011)
DAYS = Period.interval(dt.date(2011, 6, 5), dt.date(2011, 6, 21))

patiently = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # on a busy machine
kinds = st.sampled_from([PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR])
days = st.dates(dt.date(1910, 1, 1), dt.date(2198, 12, 31))


@pytest.mark.parametrize(
    ("text", "first", "last", "key"),
    [
        ("2011-06", "2011-06-01", "2011-06-30", "201106"),
        ("2012-2", "2012-02-01", "2012-02-29", "201202"),
        ("2011-Q2", "2011-04-01", "2011-06-30", "2011-Q2"),
        ("2011q4", "2011-10-01", "2011-12-31", "2011-Q4"),
        (" 2011 ", "2011-01-01", "2011-12-31", "2011"),
        ("2011-06-05..2011-06-20", "2011-06-05", "2011-06-20", "2011-06-05..2011-06-20"),
        ("2012-02-29..2012-02-29", "2012-02-29", "2012-02-29", "2012-02-29..2012-02-29"),
        ("2011-12-20..2012-01-10", "2011-12-20", "2012-01-10", "2011-12-20..2012-01-10"),
    ],
)
def test_a_period_is_read_and_named_by_one_key(text, first, last, key):
    period = Period.parse(text)
    assert (str(period.first), str(period.last), period.key) == (first, last, key)
    assert period.end == period.last + dt.timedelta(days=1)
    assert Period.parse(str(period)) == period


@pytest.mark.parametrize(
    "text",
    [
        *["", "june", "2011-13", "2011-00", "2011-Q5", "2011-Q0", "1899", "2200", "20111", "٢٠١١", "2011-06-05"],
        *["2011-06-20..2011-06-05", "2011-02-29..2011-03-01", "2199-12-31..9999-12-31", "2011-06..2011-07"],
    ],
)
def test_what_is_no_period_is_refused(text):
    with pytest.raises(NotAPeriod):
        Period.parse(text)


@patiently
@given(days, kinds)
def test_periods_of_a_kind_follow_each_other_without_a_gap(day, kind):
    period = Period.of(day, kind)
    assert day in period
    assert period.next.first == period.end
    assert period.previous.end == period.first
    assert period.next.previous == period
    assert period.previous < period < period.next
    assert Period.parse(str(period)) == period


@patiently
@given(days, st.integers(1, 2000))
def test_days_by_hand_are_followed_by_as_many(first, count):
    period = Period.interval(first, min(first + dt.timedelta(days=count), dt.date(2199, 1, 1)))
    assert period.previous.end == period.first
    assert period.previous.end - period.previous.first == period.end - period.first
    assert not period.repeats


@pytest.mark.parametrize(
    ("period", "day", "later"),
    [
        (Period.month(2011, 1), "2011-01-31", "2011-02-28"),
        (Period.month(2012, 1), "2012-01-31", "2012-02-29"),
        (QUARTER, "2011-05-31", "2011-08-31"),
        (Period.quarter(2011, 4), "2011-11-30", "2012-02-29"),
        (YEAR, "2011-12-31", "2012-12-31"),
        (Period.year(2012), "2012-02-29", "2013-02-28"),
        (DAYS, "2011-06-20", "2011-07-06"),
    ],
)
def test_a_planned_day_moves_by_one_period_and_to_the_last_day_where_it_does_not_exist(period, day, later):
    assert str(period.later(dt.date.fromisoformat(day))) == later


def test_months_go_back_over_the_year():
    assert months_later(dt.date(2012, 3, 31), -1) == dt.date(2012, 2, 29)
    assert months_later(dt.date(2012, 1, 1), -12) == dt.date(2011, 1, 1)


@pytest.mark.parametrize(
    ("first", "end", "kind"),
    [
        ("2011-06-02", "2011-07-02", PeriodKind.MONTH),
        ("2011-06-01", "2011-06-30", PeriodKind.MONTH),
        ("2011-02-01", "2011-05-01", PeriodKind.QUARTER),
        ("2011-07-01", "2012-07-01", PeriodKind.YEAR),
        ("2011-06-05", "2011-06-05", PeriodKind.INTERVAL),
    ],
)
def test_a_month_begins_with_its_first_day_and_no_period_is_empty(first, end, kind):
    with pytest.raises(NotAPeriod):
        Period(dt.date.fromisoformat(first), dt.date.fromisoformat(end), kind)


@pytest.mark.parametrize(
    ("zone", "period", "hours"),
    [
        ("Europe/Vilnius", Period.month(2011, 3), 31 * 24 - 1),  # the clock goes forward on the 27th
        ("Europe/Vilnius", Period.month(2011, 10), 31 * 24 + 1),
        ("Europe/Vilnius", YEAR, 365 * 24),
        ("America/Sao_Paulo", Period.parse("2011-10-16..2011-10-16"), 23),  # midnight itself is left out
        ("America/Havana", Period.parse("2011-11-13..2011-11-13"), 25),  # midnight comes twice
        ("Pacific/Apia", Period.parse("2011-12-30..2011-12-30"), 0),  # the whole day is left out
        ("UTC", Period.year(2012), 366 * 24),
    ],
)
def test_bounds_follow_the_clock_of_the_time_zone(zone, period, hours):
    begin, end = (moment.astimezone(dt.UTC) for moment in period.bounds(ZoneInfo(zone)))
    assert (end - begin) / dt.timedelta(hours=1) == hours


@pytest.mark.parametrize(
    ("period", "language", "sentence", "title"),
    [
        (Period.month(2011, 6), "en", "June 2011", "June 2011"),
        (Period.month(2011, 6), "cs", "červen 2011", "červen 2011"),
        (Period.month(2011, 6), "lt", "2011 m. birželio mėn.", "2011 m. birželis"),
        (QUARTER, "en", "the 2nd quarter of 2011", "2nd quarter of 2011"),
        (QUARTER, "cs", "2. čtvrtletí 2011", "2. čtvrtletí 2011"),
        (QUARTER, "lt", "2011 m. 2 ketv.", "2011 m. II ketvirtis"),
        (YEAR, "en", "2011", "2011"),
        (YEAR, "cs", "rok 2011", "rok 2011"),
        (YEAR, "lt", "2011 m.", "2011 m."),
        (DAYS, "en", "5–20 Jun 2011", "5–20 Jun 2011"),
        (DAYS, "cs", "5.–20. 6. 2011", "5.–20. 6. 2011"),
        (DAYS, "lt", "2011-06-05 – 2011-06-20", "2011-06-05 – 2011-06-20"),
    ],
)
def test_each_language_names_each_kind(period, language, sentence, title):
    write = formatter(language)
    assert (write.period_in_sentence(period), write.period(period)) == (sentence, title)
    with translation.override(language):
        assert period_in_words(period) == sentence
