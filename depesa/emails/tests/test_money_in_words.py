"""Amounts in letters are written as Babel writes them, only faster."""

from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from depesa.core.money import rounded
from depesa.emails.services import money_in_words

CURRENCIES = ["EUR", "CZK", "USD", "GBP", "JPY", "KWD", "HUF", "ISK", "PLN", "XYZ"]
AMOUNTS = st.decimals(-(10**12), 10**12, places=4)


@given(AMOUNTS, st.sampled_from(CURRENCIES), st.sampled_from(["en", "cs", "lt"]))
def test_amounts_are_written_as_babel_writes_them(amount, currency, language):
    expected = format_currency(rounded(amount, currency) + 0, currency, locale=language).replace("-", "−")
    assert money_in_words(amount, currency, language) == expected
