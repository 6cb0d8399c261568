"""The money of an order as another shop fixed it: nothing is computed again, and the lines add up to its total."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from depesa.core.languages import words
from depesa.core.money import digits_of, rounded
from depesa.core.reasons import gettext as _
from depesa.core.reasons import joined
from depesa.core.vat_rates import rates_shown

FINEST: Final = Decimal("0.0001")
NOTHING: Final = Decimal(0)
OWN_KINDS: Final = frozenset({"product", "fee"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignItem:
    """One line: net and VAT of the whole of it as told."""

    text: str
    quantity: Decimal
    vat_rate: Decimal
    net: Decimal
    vat: Decimal
    code: str = ""
    kind: str = "product"

    def price(self, *, includes_vat: bool) -> Decimal:
        """The price of one unit, with VAT or without, to four decimals."""
        whole = self.net + self.vat if includes_vat else self.net
        return (whole / self.quantity).quantize(FINEST, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLine:
    """A line as told: its whole amount, its VAT, and the rate in percent if it was told; none is to be found."""

    text: str
    quantity: Decimal
    amount: Decimal
    vat: Decimal
    rate: Decimal | None
    code: str = ""
    kind: str = "product"
    is_taxed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What the shop says of the whole order. `total` and `vat` are none where it says nothing; `taxes` is by rate."""

    currency: str
    holds_vat: bool  # the amounts of the lines
    total: Decimal | None
    vat: Decimal | None
    taxes: Mapping[Decimal, Decimal] = field(default_factory=dict)
    known: Sequence[Sequence[Decimal]] = ()  # rates in percent, the likeliest group first
    language: str = "en"

    def round(self, amount: Decimal) -> Decimal:
        """In whole minor units of the currency."""
        return rounded(amount, self.currency)

    @property
    def unit(self) -> Decimal:
        """One minor unit of the currency."""
        return Decimal(1).scaleb(-digits_of(self.currency))

    def tax_of(self, amount: Decimal, rate: Decimal) -> Decimal:
        """The VAT at this rate of an amount of a line, not rounded."""
        return amount * rate / (100 + rate) if self.holds_vat else amount * rate / 100


@dataclass(frozen=True, slots=True)
class Settled:
    """The lines that make exactly what the shop says, and a sentence where they alone would make something else."""

    items: list[ForeignItem]
    differs: str


def settle(lines: Sequence[ToldLine], bill: Bill) -> Settled:
    """The lines with net and VAT as told; what rounding leaves, and what cannot be explained, is a line of its own."""
    doubts: list[str] = []
    items = [_item(line, bill, doubts) for line in _with_tax(lines, bill)]
    if not items:
        return Settled([], "")
    net, vat = sum((item.net for item in items), NOTHING), sum((item.vat for item in items), NOTHING)
    total = net + vat if bill.total is None else bill.round(bill.total)
    tax = vat if bill.vat is None else bill.round(bill.vat)
    room = bill.unit * (len(items) + 1)
    is_small = abs(tax - vat) <= room and abs(total - net - vat) <= room
    if not is_small:
        doubts.insert(0, _sums_differ(bill, (net, vat, net + vat), (total - tax, tax, total)))
    word = words("order", bill.language)["rounding" if is_small else "difference"]
    rest = _rest(items, bill, total - tax - net, tax - vat)
    items += [
        ForeignItem(text=word, quantity=Decimal(1), vat_rate=rate, net=more, vat=tax, kind="rounding")
        for rate, (more, tax) in rest.items()
        if more or tax
    ]
    return Settled(items, joined(doubts[:3]))


def _sums_differ(bill: Bill, made: Iterable[Decimal], told: Iterable[Decimal]) -> str:
    names = ("made_net", "made_vat", "made_gross", "net", "vat", "gross")
    return _(
        "The lines make %(made_net)s net, %(made_vat)s VAT, %(made_gross)s in all; the shop says %(net)s, %(vat)s, "
        "%(gross)s %(currency)s."
    ) % dict(zip(names, (*made, *told), strict=True), currency=bill.currency)


def _rest(
    items: Sequence[ForeignItem], bill: Bill, net: Decimal, vat: Decimal
) -> dict[Decimal, tuple[Decimal, Decimal]]:
    """What is left of net and VAT, by rate: VAT where the shop sums it up by rate, else at the main one."""
    made: dict[Decimal, tuple[Decimal, Decimal]] = {}
    for item in items:
        had = made.get(item.vat_rate, (NOTHING, NOTHING))
        made[item.vat_rate] = had[0] + item.net, had[1] + item.vat
    main = max(made, key=lambda rate: (made[rate][1] != 0, abs(made[rate][0])))
    taxes = {rate: bill.round(tax) for rate, tax in bill.taxes.items()}
    left = {rate: taxes.get(rate, NOTHING) - made[rate][1] for rate in made}
    if not taxes.keys() <= made.keys() or sum(left.values(), NOTHING) != vat:
        left = {main: vat}
    found = {rate: (-more if bill.holds_vat else NOTHING, more) for rate, more in left.items()}
    first = found.get(main, (NOTHING, NOTHING))
    found[main] = first[0] + net - sum((more for more, _vat in found.values()), NOTHING), first[1]
    return found


def _item(line: ToldLine, bill: Bill, doubts: list[str]) -> ForeignItem:
    vat = bill.round(line.vat)
    net = bill.round(line.amount) - vat if bill.holds_vat else bill.round(line.amount)
    rate = line.rate
    if rate is None:
        rates = rates_shown(net, vat, digits_of(bill.currency), bill.known)
        rate = rates[0]
        if len(rates) > 1:
            doubts.append(
                _("“%(text)s”: the shop does not tell the VAT rate, and %(rates)s fit. Look at it.")
                % {"text": line.text[:60], "rates": [each.normalize() for each in rates]}
            )
    return ForeignItem(
        text=line.text,
        code=line.code,
        quantity=line.quantity,
        vat_rate=min(rate, Decimal(100)),
        net=net,
        vat=vat,
        kind="discount" if net < 0 and line.kind != "rounding" else line.kind,
    )


def _with_tax(lines: Sequence[ToldLine], bill: Bill) -> Sequence[ToldLine]:
    """The lines with the VAT that the shop wrote on another line, or on the order alone, where the amounts prove it."""
    if bill.vat is None or not lines or _fits(lines, bill):
        return lines
    rates = [rate for rate in bill.taxes if rate] or list({line.rate for line in lines if line.rate})
    if len(rates) != 1 or rates[0] is None:
        return lines
    groups = (
        lambda line: True,
        lambda line: line.is_taxed,
        lambda line: line.kind in OWN_KINDS and line.is_taxed,
    )
    for belongs in groups:
        taxed = [line for line in lines if belongs(line)]
        made = sum((bill.tax_of(line.amount, rates[0]) for line in taxed), NOTHING)
        if made and abs(made - bill.vat) <= bill.unit * (len(taxed) + 1) / 2:
            return _spread(lines, taxed, bill, rates[0], bill.vat / made)
    return lines


def _fits(lines: Sequence[ToldLine], bill: Bill) -> bool:
    """Whether each line bears its own VAT, and together they bear that of the order, but for rounding."""
    together = sum((line.vat for line in lines), NOTHING)
    if bill.vat is None or abs(together - bill.vat) > bill.unit * (len(lines) + 1):
        return False
    return all(
        line.rate is None or abs(line.vat - bill.tax_of(line.amount, line.rate)) <= bill.unit * (2 + line.quantity)
        for line in lines
    )


def _spread(
    lines: Sequence[ToldLine], taxed: Sequence[ToldLine], bill: Bill, rate: Decimal, factor: Decimal
) -> list[ToldLine]:
    """The VAT of the order on these lines, by their amounts, so that all together bear exactly it."""
    found, exact, given = [], NOTHING, NOTHING
    for line in lines:
        if not any(line is one for one in taxed):
            found.append(replace(line, vat=NOTHING, rate=NOTHING))
            continue
        exact += bill.tax_of(line.amount, rate) * factor
        share = bill.round(exact) - given
        given += share
        found.append(replace(line, vat=share, rate=rate))
    return found
