"""Sales documents: types, signs, posting."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class Type(StrEnum):
    """Documents that book a sale (+) or take it back (-)."""

    WAYBILL = "waybill"
    INVOICE = "invoice"
    RETURN = "return"
    CREDIT_NOTE = "credit-note"


TAKES_BACK = frozenset({Type.RETURN, Type.CREDIT_NOTE})


class Posting(StrEnum):
    """Whether a record is effective; corrected means edited after posting and not posted again."""

    NOT_POSTED = "not-posted"
    POSTED = "posted"
    CORRECTED = "corrected"


def signed(kind: str, amount: Decimal) -> Decimal:
    """The amount with the sign of the type; the stored sign is never relied on."""
    return -abs(amount) if kind in TAKES_BACK else abs(amount)


MOST_LINES = 5000
MOST_QUANTITY = Decimal(10_000_000)
MOST_PRICE = Decimal(1_000_000_000)
MOST_TOTAL = Decimal(1_000_000_000_000)
MOST_TEXT = 10_000  # characters of one line


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as entered; amounts carry no sign of the type."""

    text: str
    quantity: Decimal
    price: Decimal
    vat_rate: Decimal
    code: str = ""

    @property
    def net(self) -> Decimal:
        """Quantity times price, not rounded."""
        return self.quantity * self.price

    def kept(self) -> dict[str, str]:
        """The line as it is kept on the document: plain decimal texts."""
        return {
            "code": self.code,
            "text": self.text,
            "quantity": f"{self.quantity:f}",
            "price": f"{self.price:f}",
            "vat_rate": f"{self.vat_rate:f}",
            "net": f"{self.net:f}",
        }


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

    def kept(self) -> list[list[str]]:
        """The sums per rate as they are kept on the document."""
        return [[f"{rate.normalize():f}", f"{net:f}", f"{vat:f}"] for rate, net, vat in self.rates]


def sum_up(lines: Iterable[Line], digits: int) -> Sums:
    """Net and VAT per rate: lines added up exactly, rounded once, half up, to the digits of the currency."""
    nets: dict[Decimal, Decimal] = {}
    for line in lines:
        nets[line.vat_rate] = nets.get(line.vat_rate, Decimal(0)) + line.net
    unit = Decimal(1).scaleb(-digits)
    return Sums(
        tuple(
            (rate, net.quantize(unit, ROUND_HALF_UP), (net * rate / 100).quantize(unit, ROUND_HALF_UP))
            for rate, net in sorted(nets.items())
        )
    )
