"""What the money that came in and went back says of an order. Pure Python."""

from decimal import Decimal
from enum import StrEnum


class Standing(StrEnum):
    """Why a person should look at the money of an order."""

    TO_RETURN = "to-return"  # it came in for an order that is cancelled or removed
    RETURNED = "returned"  # it went back of an order that counts as paid
    TOO_MUCH = "too-much"
    PARTLY = "partly"
    OPEN_PRICE = "open-price"  # it came in before the price of shipping was agreed


def standing_of(
    gross: Decimal, received: Decimal | None, returned: Decimal, *, is_paid: bool, is_over: bool, is_open: bool
) -> Standing | None:
    """What is odd about the money; nothing where no gateway told anything, or all of it fits."""
    if received is None and not returned:
        return None
    kept = (received or Decimal(0)) - returned
    if is_over:
        return Standing.TO_RETURN if kept > 0 else None
    if returned and is_paid and kept < gross:
        return Standing.RETURNED
    if kept > gross:
        return Standing.TOO_MUCH
    if 0 < kept < gross and not is_paid:
        return Standing.PARTLY
    return Standing.OPEN_PRICE if kept > 0 and is_open else None
