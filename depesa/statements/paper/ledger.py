"""What stands in a statement: rows of documents and their sums, as whole ten-thousandths."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from depesa.core.money import from_stored, to_stored
from depesa.core.periods import Period
from depesa.documents.rules import TAKES_BACK


class Row(NamedTuple):
    """One sales document; amounts are signed by its type."""

    day: str  # ISO 8601
    type: str
    number: str
    currency: str
    net: int
    vat: int
    gross: int


class RateSum(NamedTuple):
    """Sums of one VAT rate in one currency; an empty rate is what no rate was stated for."""

    currency: str
    rate: str
    net: int
    vat: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """The rows of one customer in order, with their sums per currency and per VAT rate."""

    rows: Sequence[Row]
    rates: Sequence[RateSum]
    totals: dict[str, tuple[int, int, int]]  # net, VAT, gross of each currency, most used currency first

    @property
    def main_currency(self) -> str:
        """The currency of most documents; of equals the first in the alphabet."""
        return next(iter(self.totals))

    @property
    def gross(self) -> dict[str, str]:
        """Gross totals by currency, as plain amounts."""
        return {currency: str(money(total[2])) for currency, total in self.totals.items()}


def money(stored: int) -> Decimal:
    """The exact amount, with two decimals unless it has more."""
    amount = from_stored(stored)
    return amount.quantize(Decimal("0.01")) if stored % 100 == 0 else amount


def ledger(documents: Iterable[tuple[Row, Sequence[Sequence[str]]]]) -> Ledger:
    """Put rows in order and sum them; each comes with the rates as entered, which carry no sign of the type."""
    pairs = sorted(documents, key=lambda item: (item[0].day, item[0].number, item[0].type))
    used: Counter[str] = Counter(row.currency for row, _rates in pairs)
    totals = {currency: [0, 0, 0] for currency in sorted(used, key=lambda c: (-used[c], c))}
    rates: dict[tuple[str, str], list[int]] = {}
    for row, stated in pairs:
        total = totals[row.currency]
        total[0] += row.net
        total[1] += row.vat
        total[2] += row.gross
        for rate, net, vat in _shares(row, stated):
            sums = rates.setdefault((row.currency, rate), [0, 0])
            sums[0] += net
            sums[1] += vat
    return Ledger(
        [row for row, _rates in pairs],
        [RateSum(currency, rate, net, vat) for (currency, rate), (net, vat) in sorted(rates.items(), key=_rate_order)],
        {currency: (net, vat, gross) for currency, (net, vat, gross) in totals.items()},
    )


def _shares(row: Row, stated: Sequence[Sequence[str]]) -> list[tuple[str, int, int]]:
    """The document's sums by rate; they always add up to its net and VAT, the rest has no rate."""
    if len(stated) == 1:
        return [(_rate(stated[0][0]), row.net, row.vat)]
    sign = -1 if row.type in TAKES_BACK else 1
    shares = [
        (_rate(rate), sign * to_stored(Decimal(net)), sign * to_stored(Decimal(vat))) for rate, net, vat in stated
    ]
    rest_net = row.net - sum(share[1] for share in shares)
    rest_vat = row.vat - sum(share[2] for share in shares)
    if rest_net or rest_vat:
        shares.append(("", rest_net, rest_vat))
    return shares


def _rate(rate: str) -> str:
    return rate.rstrip("0").rstrip(".") if "." in rate else rate


def _rate_order(item: tuple[tuple[str, str], list[int]]) -> tuple[str, bool, Decimal]:
    (currency, rate), _sums = item
    return currency, not rate, -Decimal(rate or 0)


def freeze(
    found: Ledger,
    *,
    period: Period,
    dated: str,
    sender: Sequence[str],
    logo: int | None,
    customer: Sequence[str],
    note: str,
) -> dict[str, Any]:
    """The sheet as it is kept with the statement: everything that its PDF and its copy for machines are made of."""
    return {
        "period": str(period),
        "dated": dated,
        "sender": sender,
        "logo": logo,
        "customer": customer,
        "note": note,
        "rows": found.rows,
        "rates": found.rates,
        "totals": [[currency, *total] for currency, total in found.totals.items()],
        "revision": None,
    }


def rows_of(sheet: Mapping[str, Any]) -> list[Row]:
    """The rows that stand in a kept sheet."""
    return [Row(*row) for row in sheet["rows"]]
