"""Sales documents: types, signs, posting."""

from dataclasses import dataclass
from decimal import Decimal
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
