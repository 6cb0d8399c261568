"""How a language writes figures, days and money: Babel's symbols, applied fast."""

import datetime as dt
import re
import zoneinfo
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.dates import format_date, format_interval
from babel.numbers import format_currency, get_decimal_symbol, get_group_symbol

from depesa.core.languages.language import NO_BREAK, Language
from depesa.core.money import SCALE, digits_of, rounded
from depesa.core.periods import Period, PeriodKind

MINUS: Final = "\N{MINUS SIGN}"
_STORED: Final = 10**SCALE
_ONE: Final = re.compile(r"1(?:[.,]0+)?")
_TWO_DAYS: Final = re.compile(r"^(\d+) – (\d+ )")  # CLDR 48 parts them, earlier ones do not
_ENOUGH: Final = 6  # decimals of a quantity
_CLOSING: Final = " ,!:;"  # what a card may put behind a salutation; the letter has a comma of its own


class Formatter:
    """Writes in one language."""

    def __init__(self, language: Language, fallback: Language) -> None:
        self._language = language
        self._fallback = fallback
        self._locale = Locale.parse(language.locale)
        self._currency_locale = Locale.parse(language.currency_locale or language.locale)
        self._group = get_group_symbol(self._locale)
        self._decimal = get_decimal_symbol(self._locale)

    @property
    def language(self) -> str:
        return self._language.code

    def number(self, value: Decimal | int, least: int = 0, minus: str = MINUS) -> str:
        """The number to as many decimals as it needs, at least that many."""
        whole, _point, fraction = f"{abs(value):f}".partition(".")
        written = self._written(int(whole), fraction.rstrip("0").ljust(least, "0"))
        return f"{minus}{written}" if value < 0 else written

    def price(self, value: Decimal, currency: str) -> str:
        """A price for one unit, which may be finer than the currency."""
        return self.number(value, digits_of(currency))

    def amount(self, value: Decimal, currency: str) -> str:
        """The amount in whole minor units of the currency."""
        return self.number(rounded(value, currency), digits_of(currency))

    def money(self, value: Decimal, currency: str) -> str:
        """The amount with the letters of its currency, as on papers: 1 234,50 CZK."""
        return f"{self.amount(value, currency)}{NO_BREAK}{currency}"

    def stored_amount(self, stored: int, currency: str) -> str:
        """An amount of whole ten-thousandths, to the currency's decimals or to as many as it needs: never rounded."""
        whole, part = divmod(abs(stored), _STORED)
        written = self._written(whole, f"{part:0{SCALE}}".rstrip("0").ljust(digits_of(currency), "0"))
        return f"{MINUS}{written}" if stored < 0 else written

    def stored_money(self, stored: int, currency: str) -> str:
        """The same with the letters of its currency."""
        return f"{self.stored_amount(stored, currency)}{NO_BREAK}{currency}"

    def money_with_sign(self, value: Decimal, currency: str) -> str:
        """The amount with the sign of its currency, as in letters and the shop: 1 234,50 Kč."""
        before, after = _around(self._currency_locale, currency)
        whole = rounded(value, currency)
        written = self.number(abs(whole), digits_of(currency))
        return f"{MINUS if whole < 0 else ''}{before}{written}{after}"

    def quantity(self, quantity: Decimal) -> str:
        """How many, without zeros that say nothing: 2, 1,5."""
        return self.number(round(quantity, _ENOUGH))

    def rate(self, rate: Decimal | str) -> str:
        """A VAT rate, for example 21%."""
        return f"{self.number(Decimal(rate))}{self._language.percent}"

    def count(self, number: int, what: str) -> str:
        """So many of them, the word in the right form: 5 documents, 5 dokladů."""
        language = self._language if what in self._language.counts else self._fallback
        forms = language.counts[what]
        form = Locale.parse(language.locale).plural_form(number)
        return f"{number} {forms.get(form, forms['other'])}"

    def short_day(self, day: dt.date) -> str:
        """The day as it stands on papers: 1 Jun 2011."""
        return _day(self._locale, "medium", day)

    def day(self, day: dt.date) -> str:
        """The day as it stands in letters: 5 July 2011, 5. července 2011, 2011 m. liepos 5 d."""
        return _day(self._locale, self._language.day, day)

    def moment(self, moment: dt.datetime, zone: str) -> str:
        """Day and time in the zone: 5 July 2011, 14:30."""
        local = moment.astimezone(zoneinfo.ZoneInfo(zone))
        return self._language.moment.format(day=self.day(local.date()), time=f"{local:%H:%M}")

    def period(self, period: Period) -> str:
        """The period as a title names it: June 2011, 2nd quarter of 2011, 2011, 5–20 Jun 2011."""
        if period.kind == PeriodKind.INTERVAL:
            days = format_interval(period.first, period.last, self._language.days, locale=self._locale)
            return _TWO_DAYS.sub(r"\1–\2", str(days).replace("\N{THIN SPACE}", " "))
        pattern: str = getattr(self._language, period.kind)
        return _day(self._locale, pattern, period.first)

    def period_in_sentence(self, period: Period) -> str:
        """The period in the case that a sentence needs: (for) the 2nd quarter of 2011, 2011 m. birželio mėn."""
        pattern: str = getattr(self._language, f"{period.kind}_in_sentence", "")
        return _day(self._locale, pattern, period.first) if pattern else self.period(period)

    def salutation(self, salutation: str = "", vocative: str = "") -> str:
        """How a letter begins, without the comma: what the card says, else the greeting, with the vocative if known.

        Dear Mr Novák; Dobrý den, pane Nováku; Laba diena, pone Novakai. Without any name the usual greeting.
        """
        if chosen := salutation.strip().rstrip(_CLOSING):
            return chosen
        name = vocative.strip().rstrip(_CLOSING)
        return self._language.address.format(name=name) if name else self._language.greeting

    def country(self, code: str) -> str:
        """The country of an ISO 3166 code by its name."""
        return str(self.territories.get(code, code))

    def address(self, lines: Sequence[str]) -> list[str]:
        """The lines of an address; a country that stands there by its code (ISO 3166) is named."""
        *others, last = lines or [""]
        return [*others, self.country(last) if len(last) == len("CZ") else last] if last else others

    @property
    def territories(self) -> Mapping[str, str]:
        """Countries, and what Unicode lists beside them, by code."""
        return self._locale.territories

    def _written(self, whole: int, fraction: str) -> str:
        grouped = f"{whole:,}".replace(",", self._group)
        return f"{grouped}{self._decimal}{fraction}" if fraction else grouped


@lru_cache(maxsize=8192)
def _day(locale: Locale, pattern: str, day: dt.date) -> str:
    """Documents of a month share its days."""
    return format_date(day, pattern, locale=locale)


@lru_cache(maxsize=256)
def _around(locale: Locale, currency: str) -> tuple[str, str]:
    """What stands before and after an amount; Babel itself is 40 times slower, and has decimals of its own."""
    before, after = _ONE.split(format_currency(1, currency, locale=locale), maxsplit=1)
    # Letters stand apart from figures, as currencySpacing of CLDR says and Babel does not: CZK 1, but €1.
    return before + NO_BREAK * before[-1:].isalpha(), NO_BREAK * after[:1].isalpha() + after
