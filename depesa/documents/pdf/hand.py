"""How a language writes the figures and days of a paper."""

import datetime as dt
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import get_decimal_symbol, get_group_symbol

from depesa.core.money import digits_of, rounded

LOCALES = {"en": "en_GB", "cs": "cs", "lt": "lt"}
MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"


@lru_cache(maxsize=16)
def hand(language: str) -> "Hand":
    """The hand of a language; one that is not ours writes English."""
    return Hand(language if language in LOCALES else "en")


class Hand:
    """Writes figures and days in one language."""

    def __init__(self, language: str) -> None:
        self._locale = Locale.parse(LOCALES[language])
        self._group = get_group_symbol(self._locale)
        self._decimal = get_decimal_symbol(self._locale)
        self._percent = "%" if language == "en" else f"{NO_BREAK}%"

    def number(self, value: Decimal, least: int = 0) -> str:
        """The number to as many decimals as it needs, at least that many."""
        whole, _point, fraction = f"{abs(value):f}".partition(".")
        fraction = fraction.rstrip("0").ljust(least, "0")
        written = f"{int(whole):,}".replace(",", self._group) + (f"{self._decimal}{fraction}" if fraction else "")
        return f"{MINUS}{written}" if value < 0 else written

    def price(self, value: Decimal, currency: str) -> str:
        """A price for one unit, which may be finer than the currency."""
        return self.number(value, digits_of(currency))

    def amount(self, value: Decimal, currency: str) -> str:
        """The amount in whole minor units of the currency."""
        return self.number(rounded(value, currency), digits_of(currency))

    def money(self, value: Decimal, currency: str) -> str:
        """The amount with its currency."""
        return f"{self.amount(value, currency)}{NO_BREAK}{currency}"

    def rate(self, rate: Decimal) -> str:
        """A VAT rate, for example 21%."""
        return f"{self.number(rate)}{self._percent}"

    def country(self, code: str) -> str:
        """The country of an ISO 3166 code by its name."""
        return str(self._locale.territories.get(code, code))

    def day(self, day: dt.date) -> str:
        """The day as it stands on papers, for example 1 Jun 2011."""
        return format_date(day, "medium", locale=self._locale)
