"""How a language writes amounts, days, months and rates: Babel's symbols, applied fast."""

import datetime as dt
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import get_decimal_symbol, get_group_symbol

from depesa.core.money import SCALE, digits_of
from depesa.core.month import Month

_LOCALES = {"en": "en_GB", "cs": "cs", "lt": "lt"}
_MINUS = "\N{MINUS SIGN}"
_NO_BREAK = "\N{NO-BREAK SPACE}"
_UNIT = 10**SCALE


@lru_cache(maxsize=16)
def hand(language: str) -> "Hand":
    """The hand of a language; one that is not ours writes English."""
    return Hand(language if language in _LOCALES else "en")


class Hand:
    """Writes figures in one language. Amounts come as whole ten-thousandths, as they are stored."""

    def __init__(self, language: str) -> None:
        self._locale = Locale.parse(_LOCALES[language])
        self._group = get_group_symbol(self._locale)
        self._decimal = get_decimal_symbol(self._locale)
        self._percent = "%" if language == "en" else f"{_NO_BREAK}%"
        self._days: dict[dt.date, str] = {}

    def amount(self, stored: int, currency: str) -> str:
        """The amount to the currency's decimals, or to as many as it needs: never rounded."""
        digits = digits_of(currency)
        whole, part = divmod(abs(stored), _UNIT)
        fraction = f"{part:0{SCALE}}".rstrip("0").ljust(digits, "0")
        written = f"{whole:,}".replace(",", self._group)
        if fraction:
            written = f"{written}{self._decimal}{fraction}"
        return f"{_MINUS}{written}" if stored < 0 else written

    def money(self, stored: int, currency: str) -> str:
        """The amount with its currency."""
        return f"{self.amount(stored, currency)}{_NO_BREAK}{currency}"

    def day(self, day: dt.date) -> str:
        """The date as it stands on papers, for example 1 Jun 2011."""
        written = self._days.get(day)
        if written is None:
            if len(self._days) > 2000:
                self._days.clear()
            written = self._days[day] = format_date(day, "medium", locale=self._locale)
        return written

    def month(self, month: Month) -> str:
        """The month in words, for example June 2011."""
        return format_skeleton("yMMMM", month.first, locale=self._locale)

    def rate(self, rate: str) -> str:
        """A VAT rate, for example 21%."""
        return f"{rate.replace('.', self._decimal)}{self._percent}"
