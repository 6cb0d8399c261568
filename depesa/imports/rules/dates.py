"""Days as files write them: year first, or day and month in the order the profile names."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Literal

from depesa.imports.rules.refusals import Unreadable, gettext_noop, shorten

DateOrder = Literal["auto", "dmy", "mdy"]
FIRST_YEAR, LAST_YEAR = 1990, 2100

_TIME = r"(?:[T ]\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?\s*(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ][0-9]{2}:[0-9]{2}:[0-9]{2})?", re.ASCII)
_YEAR_FIRST = re.compile(r"([0-9]+)([-./])\s?([0-9]{1,2})\2\s?([0-9]{1,2})\.?" + _TIME, re.ASCII)
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-./])\s?([0-9]{1,2})\2\s?([0-9]+)\.?" + _TIME, re.ASCII)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)

MISSING = gettext_noop("The date is missing. Write it like 2026-03-31.")
UNREADABLE = gettext_noop("“%(text)s” is not a date. Write it like 2026-03-31 or 31.03.2026.")
NO_SUCH_DAY = gettext_noop("“%(text)s”: This day does not exist.")
YEAR_RANGE = gettext_noop("“%(text)s”: the year must lie between %(first)d and %(last)d.")
SHORT_YEAR = gettext_noop("“%(text)s”: write the year with four digits.")
WHICH_ORDER = gettext_noop("“%(text)s” can be read in two ways. Choose whether the file writes day or month first.")


def parse_date(value: object, order: DateOrder = "auto") -> dt.date:
    """The day a cell means; its time of day is dropped."""
    if isinstance(value, dt.datetime):
        return _checked(value.year, value.month, value.day, value)
    if isinstance(value, dt.date):
        return _checked(value.year, value.month, value.day, value)
    text = str(value).replace("\u00a0", " ").strip()
    if not text:
        raise Unreadable(MISSING)
    match = _ISO.fullmatch(text) or _COMPACT.fullmatch(text)
    if match:
        return _checked(int(match[1]), int(match[2]), int(match[3]), text)
    match = _YEAR_LAST.fullmatch(text)
    if match and not len(match[1]) > 2:
        return _read_year_last(match, text, order)
    match = _YEAR_FIRST.fullmatch(text)
    if match is None:
        raise Unreadable(UNREADABLE, text=shorten(text))
    return _checked(int(match[1][:6]), int(match[3]), int(match[4]), text)


def detect_order(samples: Iterable[object]) -> DateOrder:
    """Day or month first, as far as the samples prove it."""
    orders: set[DateOrder] = set()
    for sample in samples:
        match = _YEAR_LAST.fullmatch(str(sample).strip())
        if match and match[2] != ".":
            if int(match[1]) > 12:
                orders.add("dmy")
            elif int(match[3]) > 12:
                orders.add("mdy")
    return orders.pop() if len(orders) == 1 else "auto"


def _read_year_last(match: re.Match[str], text: str, order: DateOrder) -> dt.date:
    first, second, year = int(match[1]), int(match[3]), match[4]
    if len(year) < 4:
        raise Unreadable(SHORT_YEAR, text=shorten(text))
    # With points it is the continental day.month.year; a slash or a dash is written both ways.
    if order == "auto" and match[2] != "." and first != second and max(first, second) <= 12:
        raise Unreadable(WHICH_ORDER, text=shorten(text))
    is_month_first = order == "mdy" or (order == "auto" and match[2] != "." and second > 12)
    day, month = (second, first) if is_month_first else (first, second)
    return _checked(int(year[:6]), month, day, text)


def _checked(year: int, month: int, day: int, text: object) -> dt.date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unreadable(YEAR_RANGE, text=shorten(text), first=FIRST_YEAR, last=LAST_YEAR)
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise Unreadable(NO_SUCH_DAY, text=shorten(text)) from None
