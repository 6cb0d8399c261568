"""What an order adds up to, from prices with or without VAT."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple, Protocol

from depesa.documents.rules import Sums

PERCENT = Decimal(100)


class Rate(NamedTuple):
    """The base and the tax of one VAT rate, in whole minor units of the currency."""

    rate: Decimal
    net: Decimal
    vat: Decimal

    @property
    def gross(self) -> Decimal:
        """Base and tax."""
        return self.net + self.vat


class Priced(Protocol):
    """A line with its quantity, price per unit and VAT rate in percent."""

    @property
    def quantity(self) -> Decimal:
        """How many; never negative."""

    @property
    def price(self) -> Decimal:
        """Of one unit, with or without VAT as the order says; negative for a discount."""

    @property
    def vat_rate(self) -> Decimal:
        """In percent."""


def sums_of(lines: Iterable[Priced], digits: int, *, includes_vat: bool) -> Sums:
    """Net and VAT per rate: added up exactly, rounded once, half up.

    From prices with VAT the tax is taken out of the rounded gross sum of the rate, so that the customer pays exactly
    what the shop showed.
    """
    totals: dict[Decimal, Decimal] = {}
    for line in lines:
        totals[line.vat_rate] = totals.get(line.vat_rate, Decimal(0)) + line.quantity * line.price
    unit = Decimal(1).scaleb(-digits)
    return Sums(tuple((rate, *_split(total, rate, unit, includes_vat)) for rate, total in sorted(totals.items())))


def _split(total: Decimal, rate: Decimal, unit: Decimal, includes_vat: bool) -> tuple[Decimal, Decimal]:
    if includes_vat:
        gross = total.quantize(unit, ROUND_HALF_UP)
        vat = (gross * rate / (PERCENT + rate)).quantize(unit, ROUND_HALF_UP)
        return gross - vat, vat
    return total.quantize(unit, ROUND_HALF_UP), (total * rate / PERCENT).quantize(unit, ROUND_HALF_UP)


def net_price(price: Decimal, rate: Decimal, *, includes_vat: bool) -> Decimal:
    """The price of one unit without VAT, not rounded."""
    return price * PERCENT / (PERCENT + rate) if includes_vat else price
