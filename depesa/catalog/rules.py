"""Prices of lists and names of languages. Pure Python."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

HUNDRED = Decimal(100)


def in_language(texts: Mapping[str, str], languages: Sequence[str]) -> str:
    """The text in the first of these languages that has one, else any there is, else nothing."""
    for language in languages:
        if text := texts.get(language, ""):
            return text
    return next((text for _, text in sorted(texts.items()) if text), "")


def without_vat(price: Decimal, vat_rate: Decimal) -> Decimal:
    """The net price in a price that includes VAT; not rounded."""
    return price * HUNDRED / (HUNDRED + vat_rate)


def with_vat(price: Decimal, vat_rate: Decimal) -> Decimal:
    """The price including VAT of a net price; not rounded."""
    return price * (HUNDRED + vat_rate) / HUNDRED
