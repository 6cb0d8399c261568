"""Prices of lists. Pure Python."""

from decimal import Decimal

HUNDRED = Decimal(100)


def without_vat(price: Decimal, vat_rate: Decimal) -> Decimal:
    """The net price in a price that includes VAT; not rounded."""
    return price * HUNDRED / (HUNDRED + vat_rate)


def with_vat(price: Decimal, vat_rate: Decimal) -> Decimal:
    """The price including VAT of a net price; not rounded."""
    return price * (HUNDRED + vat_rate) / HUNDRED
