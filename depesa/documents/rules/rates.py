"""Lists of exchange rates as the Czech National Bank and the European Central Bank publish them. Pure Python.

The ČNB's denni_kurz.txt and rok.txt in Czech and English
(https://www.cnb.cz/cs/faq/Format-kurzu-devizoveho-trhu/), the ECB's eurofxref as XML or CSV
(https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/).
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from depesa.core.errors import Refused
from depesa.core.money import SCALE
from depesa.core.reasons import gettext as _

CROWN, EURO = "CZK", "EUR"
_WRITTEN: Final = ("%d.%m.%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y")
_DAY: Final = re.compile(r"(\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2} [A-Za-z]{3,9} \d{4})(?: #\d+)?")
_CUBES: Final = re.compile(r"""time=["'](\d{4}-\d{2}-\d{2})["']|currency=["']([A-Z]{3})["'] rate=["']([\d.]+)["']""")
_FIGURE: Final = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?")
_COLUMN: Final = re.compile(r"(\d{1,9}) ([A-Z]{3})")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")


class Quote(NamedTuple):
    """On a day, so many units of a currency were worth so much in the currency of our country."""

    valid_on: dt.date
    currency: str
    units: Decimal
    value: Decimal


class NotAList(Refused):
    """It is no list of exchange rates. Take that of the Czech National Bank or the European Central Bank."""


def read_list(text: str, home: str) -> list[Quote]:
    """The rates in a list of the ČNB or the ECB, in the currency of our country; NotAList, or Refused with a reason."""
    if "|" in text:
        if home != CROWN:
            raise Refused(_("The list of the Czech National Bank is in crowns. Take the list of the ECB."))
        found = list(_czech(text))
    else:
        found = [quote for day, rates in _european(text).items() for quote in _in_home(day, rates, home)]
    if not found:
        raise NotAList
    return [_whole(quote) for quote in found]


def _czech(text: str) -> Iterator[Quote]:
    """The list of a day has a currency on each line, that of a year one in each column."""
    day: dt.date | None = None
    columns: list[tuple[str, str] | None] = []
    for line in text.splitlines():
        first, *rest = (cell.strip() for cell in line.split("|"))
        begins = _day(first)
        if begins and not rest:
            day = begins
        elif heads := [match.groups() if (match := _COLUMN.fullmatch(cell)) else None for cell in rest]:
            if any(heads):
                columns = heads  # type: ignore[assignment]
            elif begins:
                yield from _of_a_year(begins, columns, rest)
            elif day and len(rest) == 4 and _CURRENCY.fullmatch(rest[2]):
                yield Quote(day, rest[2], _figure(rest[1]), _figure(rest[3]))


def _of_a_year(day: dt.date, columns: list[tuple[str, str] | None], cells: list[str]) -> Iterator[Quote]:
    for column, cell in zip(columns, cells, strict=False):
        if column and cell:
            yield Quote(day, column[1], _figure(column[0]), _figure(cell))


def _european(text: str) -> Mapping[dt.date, dict[str, Decimal]]:
    """What one euro was worth in each currency, by day."""
    found: dict[dt.date, dict[str, Decimal]] = defaultdict(dict)
    if "<" in text:
        day = None
        for time, currency, rate in _CUBES.findall(text):
            day = _day(time) if time else day
            if day and currency:
                found[day][currency] = _figure(rate)
        return found
    head, *lines = [[cell.strip() for cell in line.split(",")] for line in text.splitlines() if line.strip()] or [[]]
    for first, *cells in lines:
        if (day := _day(first)) and head[0] == "Date":
            rates = zip(head[1:], cells, strict=False)
            found[day] = {name: _figure(cell) for name, cell in rates if _CURRENCY.fullmatch(name) and cell != "N/A"}
    return found


def _in_home(day: dt.date, rates: Mapping[str, Decimal], home: str) -> Iterator[Quote]:
    """By way of the euro, as Art. 91 (2) of Directive 2006/112/EC says, where that is not our own currency."""
    if not rates:
        return
    to_euro = {EURO: Decimal(1), **rates}
    if home not in to_euro:
        raise Refused(_("The list of the ECB has no %(currency)s. Enter the rates by hand.") % {"currency": home})
    for currency, units in to_euro.items():
        if currency != home:
            yield Quote(day, currency, units, to_euro[home])


def _whole(quote: Quote) -> Quote:
    """The same with no more decimals than are kept: 0.85943 to 1 is 8.5943 to 10."""
    finest = min(int(figure.normalize().as_tuple().exponent) for figure in (quote.units, quote.value))
    more = max(0, -finest - SCALE)
    return Quote(quote.valid_on, quote.currency, quote.units.scaleb(more), quote.value.scaleb(more))


def _day(text: str) -> dt.date | None:
    match = _DAY.fullmatch(text.strip())
    for written in _WRITTEN if match else ():
        try:
            return dt.datetime.strptime(match[1], written).date()  # type: ignore[index]  # noqa: DTZ007  a bare day
        except ValueError:
            continue
    return None


def _figure(text: str) -> Decimal:
    figure = Decimal(text.replace(",", ".")) if _FIGURE.fullmatch(text) else Decimal(0)
    if figure <= 0:
        raise Refused(_("In the list of exchange rates stands “%(text)s” for a figure.") % {"text": text[:40]})
    return figure
