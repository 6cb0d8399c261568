"""VAT rates by country and day, and which of them an amount of tax shows.

Sources: European Commission, Taxes in Europe Database (rates of goods and services per member state), as of 2026-11-01;
Switzerland: MWSTG art. 25 with the rates since 2024-01-01; Norway: the yearly tax resolution of the Storting; United
Kingdom: VAT Act 1994, sections 2 and 29A. The standard rate of each country stands first.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

MOST: Final = Decimal(100)
FINEST: Final = Decimal("0.0001")
_SINCE: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "AT": (("", "20 13 10"),),
    "BE": (("", "21 12 6"),),
    "BG": (("", "20 9"),),
    "CH": (("", "7.7 3.7 2.5"), ("2024-01-01", "8.1 3.8 2.6")),
    "CY": (("", "19 9 5 3"),),
    "CZ": (("", "21 15 10"), ("2024-01-01", "21 12")),
    "DE": (("", "19 7"), ("2020-07-01", "16 5"), ("2021-01-01", "19 7")),
    "DK": (("", "25"),),
    "EE": (("", "20 9 5"), ("2024-01-01", "22 9 5"), ("2025-01-01", "22 13 9"), ("2025-07-01", "24 13 9")),
    "ES": (("", "21 10 4"),),
    "FI": (("", "24 14 10"), ("2024-09-01", "25.5 14 10"), ("2026-01-01", "25.5 13.5 10")),
    "FR": (("", "20 10 5.5 2.1"),),
    "GB": (("", "20 5"),),
    "GR": (("", "24 13 6"),),
    "HR": (("", "25 13 5"),),
    "HU": (("", "27 18 5"),),
    "IE": (("", "23 13.5 9 4.8"),),
    "IT": (("", "22 10 5 4"),),
    "LI": (("", "7.7 3.7 2.5"), ("2024-01-01", "8.1 3.8 2.6")),
    "LT": (("", "21 9 5"), ("2026-01-01", "21 12 5")),
    "LU": (("", "17 14 8 3"), ("2023-01-01", "16 13 7 3"), ("2024-01-01", "17 14 8 3")),
    "LV": (("", "21 12 5"),),
    "MT": (("", "18 7 5"), ("2024-01-01", "18 12 7 5")),
    "NL": (("", "21 9"),),
    "NO": (("", "25 15 12"),),
    "PL": (("", "23 8 5"),),
    "PT": (("", "23 13 6"),),
    "RO": (("", "19 9 5"), ("2025-08-01", "21 11")),
    "SE": (("", "25 12 6"),),
    "SI": (("", "22 9.5 5"),),
    "SK": (("", "20 10"), ("2023-01-01", "20 10 5"), ("2025-01-01", "23 19 5")),
}


def known_rates(country: str, on: dt.date) -> tuple[Decimal, ...]:
    """The rates in percent of a country (ISO 3166, two letters) on a day, the standard one first; none of others."""
    found = ""
    for since, rates in _SINCE.get(country.strip().upper(), ()):
        if on.isoformat() >= since:
            found = rates
    return tuple(map(Decimal, found.split()))


def rates_shown(net: Decimal, vat: Decimal, digits: int, groups: Iterable[Sequence[Decimal]]) -> tuple[Decimal, ...]:
    """The rates in percent that make this tax of this net, rounded to so many digits: of the first group with any.

    Where none fits, the exact quotient to four decimals; more than one means that the amounts do not tell.
    """
    if not net or not vat:
        return (Decimal(0),)
    for rates in groups:
        if fitting := tuple(dict.fromkeys(rate for rate in rates if _fits(net, vat, rate, digits))):
            return fitting
    return (min(abs(vat / net * 100).quantize(FINEST, ROUND_HALF_UP).normalize() + 0, MOST),)


def _fits(net: Decimal, vat: Decimal, rate: Decimal, digits: int) -> bool:
    unit = Decimal(1).scaleb(-digits)
    made = (net * rate / 100, (net + vat) * rate / (100 + rate))
    return vat.quantize(unit, ROUND_HALF_UP) in {each.quantize(unit, ROUND_HALF_UP) for each in made}
