"""A period as a value: a month, a quarter, a year, or any days by hand; arithmetic, and how programs write it.

Inside, a period is half-open: from its first day to the first day that is outside. Where people
write one, in addresses, commands and files, both days that they name are inside: 2011-06-05..2011-06-20 ends with the
twentieth.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, override

_TEXT: Final = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})|-?Q(?P<quarter>[1-4]))?"
    r"|(?P<first>\d{4}-\d\d-\d\d)\.\.(?P<last>\d{4}-\d\d-\d\d)",
    re.ASCII | re.IGNORECASE,
)
_EARLIEST, _LATEST = dt.date(1900, 1, 1), dt.date(2200, 1, 1)


class NotAPeriod(ValueError):
    """A period is written 2011-06, 2011-Q2, 2011 or 2011-06-05..2011-06-20."""


class PeriodKind(StrEnum):
    """What repeats: the next period of the same kind begins where this one ends."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    INTERVAL = "interval"  # any days, by hand


_MONTHS: Final = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """The days from the first one to `end`, the first day outside; compares and sorts by time."""

    first: dt.date
    end: dt.date
    kind: PeriodKind

    def __post_init__(self) -> None:
        if not _EARLIEST <= self.first < self.end <= _LATEST:
            raise NotAPeriod(f"{self.first}..{self.end}")
        months = _MONTHS.get(self.kind)
        if months and (self.first != _begin(self.first, months) or self.end != months_later(self.first, months)):
            raise NotAPeriod(f"{self.kind} {self.first}..{self.end}")

    @classmethod
    def of(cls, day: dt.date, kind: PeriodKind = PeriodKind.MONTH) -> Period:
        """The month, quarter or year in which the day lies."""
        first = _begin(day, _MONTHS[kind])
        return cls(first, months_later(first, _MONTHS[kind]), kind)

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """A month of a year."""
        return cls.of(_day(year, month))

    @classmethod
    def quarter(cls, year: int, quarter: int) -> Period:
        """A quarter of a year, 1 to 4."""
        return cls.of(_day(year, quarter * 3 - 2), PeriodKind.QUARTER)

    @classmethod
    def year(cls, year: int) -> Period:
        """A calendar year."""
        return cls.of(_day(year, 1), PeriodKind.YEAR)

    @classmethod
    def interval(cls, first: dt.date, end: dt.date) -> Period:
        """Any days, by hand; `end` is outside."""
        return cls(first, end, PeriodKind.INTERVAL)

    @classmethod
    def from_number(cls, number: int) -> Period:
        """The month of that number."""
        return cls.month(number // 100, number % 100)

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read 2011-06, 2011-Q2, 2011 or 2011-06-05..2011-06-20; NotAPeriod says what is expected."""
        found = _TEXT.fullmatch(text.strip())
        if not found:
            raise NotAPeriod(text)
        if found["month"]:
            return cls.month(int(found["year"]), int(found["month"]))
        if found["quarter"]:
            return cls.quarter(int(found["year"]), int(found["quarter"]))
        if found["year"]:
            return cls.year(int(found["year"]))
        try:
            first, last = dt.date.fromisoformat(found["first"]), dt.date.fromisoformat(found["last"])
            return cls.interval(first, last + dt.timedelta(days=1))
        except (ValueError, OverflowError):
            raise NotAPeriod(text) from None

    @property
    def number(self) -> int:
        """The month in which it begins, as it stands in columns: 201106."""
        return self.first.year * 100 + self.first.month

    @property
    def key(self) -> str:
        """How keys of rows and letters name it: 201106, 2011-Q2, 2011, 2011-06-05..2011-06-20."""
        return str(self.number) if self.kind == PeriodKind.MONTH else str(self)

    @property
    def last(self) -> dt.date:
        """The last day, inside."""
        return self.end - dt.timedelta(days=1)

    @property
    def repeats(self) -> bool:
        """Whether the calendar goes on with it; days chosen by hand are meant once."""
        return self.kind != PeriodKind.INTERVAL

    @property
    def next(self) -> Period:
        """The period of the same kind that begins where this one ends; of days by hand, as many days."""
        return Period(self.end, self.later(self.end), self.kind)

    @property
    def previous(self) -> Period:
        """The period of the same kind that ends where this one begins; of days by hand, as many days."""
        months = _MONTHS.get(self.kind)
        first = months_later(self.first, -months) if months else self.first - (self.end - self.first)
        return Period(first, self.first, self.kind)

    def later(self, day: dt.date) -> dt.date:
        """The day one period later; a day that does not exist there becomes the last one (31 to 30, 29 or 28)."""
        months = _MONTHS.get(self.kind)
        return months_later(day, months) if months else day + (self.end - self.first)

    def bounds(self, zone: dt.tzinfo) -> tuple[dt.datetime, dt.datetime]:
        """The moments in that time zone at which it begins and from which on it is over."""
        begin, end = (dt.datetime.combine(day, dt.time.min, zone) for day in (self.first, self.end))
        return begin, end

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day < self.end

    @override
    def __str__(self) -> str:
        match self.kind:
            case PeriodKind.MONTH:
                return f"{self.first:%Y-%m}"
            case PeriodKind.QUARTER:
                return f"{self.first.year}-Q{(self.first.month + 2) // 3}"
            case PeriodKind.YEAR:
                return str(self.first.year)
            case _:
                return f"{self.first}..{self.last}"


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last one of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _begin(day: dt.date, months: int) -> dt.date:
    """The first day of the month, quarter or year in which the day lies."""
    return dt.date(day.year, day.month - (day.month - 1) % months, 1)


def _day(year: int, month: int) -> dt.date:
    if not (_EARLIEST.year <= year < _LATEST.year and 1 <= month <= 12):
        raise NotAPeriod(f"{year}-{month}")
    return dt.date(year, month, 1)
