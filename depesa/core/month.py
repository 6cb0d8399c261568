"""A calendar month as a value: half-open interval of days, arithmetic, and how it is written."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import override

_TEXT = re.compile(r"^(\d{4})-(\d{1,2})$")


class NotAMonth(ValueError):
    """A month is written as year and month, for example 2011-06."""


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """One month of one year; compares and sorts by time."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1900 <= self.year <= 2199):
            raise NotAMonth(f"{self.year}-{self.month}")

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read "2011-06"; NotAMonth says what is expected."""
        found = _TEXT.match(text.strip())
        if not found:
            raise NotAMonth(text)
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: dt.date) -> Month:
        """The month in which the day lies."""
        return cls(day.year, day.month)

    @classmethod
    def from_number(cls, number: int) -> Month:
        """The inverse of `number`."""
        return cls(number // 100, number % 100)

    @property
    def number(self) -> int:
        """The month as stored: 201106."""
        return self.year * 100 + self.month

    @property
    def first(self) -> dt.date:
        """The first day, inside the month."""
        return dt.date(self.year, self.month, 1)

    @property
    def end(self) -> dt.date:
        """The first day of the next month, outside this one."""
        return self.next.first

    @property
    def last(self) -> dt.date:
        """The last day, inside the month."""
        return self.end - dt.timedelta(days=1)

    @property
    def next(self) -> Month:
        """The month after."""
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def previous(self) -> Month:
        """The month before."""
        return Month(self.year - (self.month == 1), (self.month - 2) % 12 + 1)

    @override
    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


def a_month_later(day: dt.date) -> dt.date:
    """The same day of the next month; a day that does not exist there becomes the last one (31 to 30, 29 or 28)."""
    later = Month.of(day).next
    return dt.date(later.year, later.month, min(day.day, calendar.monthrange(later.year, later.month)[1]))
