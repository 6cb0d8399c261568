"""What lines add up to, from prices with or without VAT."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple, Protocol

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


@dataclass(frozen=True, slots=True)
class Sums:
    """What the lines of a document add up to."""

    rates: tuple[tuple[Decimal, Decimal, Decimal], ...]  # rate, net, VAT

    @property
    def net(self) -> Decimal:
        return sum((net for _rate, net, _vat in self.rates), Decimal(0))

    @property
    def vat(self) -> Decimal:
        return sum((vat for _rate, _net, vat in self.rates), Decimal(0))

    @property
    def gross(self) -> Decimal:
        """Net and VAT."""
        return self.net + self.vat

    def less(self, others: Iterable["Sums"]) -> "Sums":
        """What is left of each rate without those others."""
        left = {rate: (net, vat) for rate, net, vat in self.rates}
        for rate, net, vat in (each for other in others for each in other.rates):
            left[rate] = (left[rate][0] - net, left[rate][1] - vat)
        return Sums(tuple((rate, net, vat) for rate, (net, vat) in left.items() if net or vat))

    def kept(self) -> list[list[str]]:
        """The sums per rate as they are kept on the document."""
        return [[f"{rate.normalize():f}", f"{net:f}", f"{vat:f}"] for rate, net, vat in self.rates]


class Priced(Protocol):
    """A line with its quantity, price per unit and VAT rate in percent.

    It may have `told`: its net and VAT as somebody else has fixed them, in whole minor units.
    """

    @property
    def quantity(self) -> Decimal:
        """How many; never negative."""

    @property
    def price(self) -> Decimal:
        """Of one unit, with or without VAT; negative for a discount."""

    @property
    def vat_rate(self) -> Decimal:
        """In percent."""


def sum_up(lines: Iterable[Priced], digits: int, *, includes_vat: bool = False) -> Sums:
    """Net and VAT per rate: lines added up exactly, rounded once, half up, to the digits of the currency.

    From prices with VAT the tax is taken out of the rounded gross sum of the rate, so that the customer pays exactly
    what the shop showed. What a line was told to make is taken as it is, never computed again.
    """
    totals: dict[Decimal, Decimal] = {}
    fixed: dict[Decimal, tuple[Decimal, Decimal]] = {}
    for line in lines:
        net, vat = fixed.get(line.vat_rate, (Decimal(0), Decimal(0)))
        if told := getattr(line, "told", None):
            net, vat = net + told[0], vat + told[1]
        else:
            totals[line.vat_rate] = totals.get(line.vat_rate, Decimal(0)) + line.quantity * line.price
        fixed[line.vat_rate] = net, vat
    unit = Decimal(1).scaleb(-digits)
    rates = []
    for rate, (net, vat) in sorted(fixed.items()):
        more_net, more_vat = _split(totals.get(rate, Decimal(0)), rate, unit, includes_vat)
        rates.append((rate, net + more_net, vat + more_vat))
    return Sums(tuple(rates))


def _split(total: Decimal, rate: Decimal, unit: Decimal, includes_vat: bool) -> tuple[Decimal, Decimal]:
    if includes_vat:
        gross = total.quantize(unit, ROUND_HALF_UP)
        vat = (gross * rate / (PERCENT + rate)).quantize(unit, ROUND_HALF_UP)
        return gross - vat, vat
    return total.quantize(unit, ROUND_HALF_UP), (total * rate / PERCENT).quantize(unit, ROUND_HALF_UP)


def net_price(price: Decimal, rate: Decimal, *, includes_vat: bool) -> Decimal:
    """The price of one unit without VAT, not rounded."""
    return price * PERCENT / (PERCENT + rate) if includes_vat else price
