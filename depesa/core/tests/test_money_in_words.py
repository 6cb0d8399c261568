"""Amounts in letters are written as Babel writes them, only faster, and with the decimals of ISO 4217."""

import re
from decimal import Decimal

from babel import Locale
from babel.numbers import parse_pattern
from hypothesis import given
from hypothesis import strategies as st

from depesa.core.languages import formatter, language_of
from depesa.core.money import digits_of, rounded

CURRENCIES = {"EUR": 2, "CZK": 2, "USD": 2, "GBP": 2, "JPY": 0, "KWD": 3, "HUF": 2, "ISK": 0, "PLN": 2, "XYZ": 2}
AMOUNTS = st.decimals(-(10**12), 10**12, places=4)


def test_decimals_of_currencies_are_those_of_the_norm():
    assert {currency: digits_of(currency) for currency in CURRENCIES} == CURRENCIES


@given(AMOUNTS, st.sampled_from(sorted(CURRENCIES)), st.sampled_from(["en", "cs", "lt"]))
def test_amounts_are_written_as_babel_writes_them(amount, currency, code):
    language = language_of(code)
    locale = Locale.parse(language.currency_locale or language.locale)
    digits = CURRENCIES[currency]
    pattern = parse_pattern(locale.currency_formats["standard"].pattern)
    pattern.frac_prec = (digits, digits)
    expected = pattern.apply(rounded(amount, currency) + 0, locale, currency=currency, currency_digits=False)
    expected = re.sub(r"(?<=[A-Za-z])(?=\d)", "\xa0", expected)  # currencySpacing of CLDR, which Babel leaves out
    assert formatter(code).money_with_sign(amount, currency) == expected.replace("-", "−")


def test_letters_of_a_currency_stand_apart_from_the_figures():
    write = formatter("en").money_with_sign
    assert write(Decimal("1234.5"), "CZK") == "CZK\xa01,234.50"
    assert write(Decimal("-1234.5"), "HUF") == "−HUF\xa01,234.50"
    assert (write(Decimal(1), "EUR"), write(Decimal(1), "CAD")) == ("€1.00", "CA$1.00")


def test_a_country_of_an_address_is_named_in_the_language():
    lines = ["Dlouhá 7", "110 00 Praha", "CZ"]
    assert [formatter(code).address(lines)[-1] for code in ("cs", "lt", "en")] == ["Česko", "Čekija", "Czechia"]
    assert formatter("cs").address(["Dlouhá 7", "Velká Británie"]) == ["Dlouhá 7", "Velká Británie"]
    assert formatter("cs").address([]) == []
