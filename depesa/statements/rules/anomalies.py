"""What makes a statement odd against the period before: the few that a person should look at. Pure Python."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import IntFlag


class Anomaly(IntFlag):
    """Reasons to look, the weightiest highest: lists are ordered by the sum of them."""

    ADDRESS_CHANGED = 1
    SUM_DIFFERS = 2
    CURRENCY_CHANGED = 4
    NEW = 8
    NEGATIVE = 16
    NO_ADDRESS = 32
    NO_GLYPH = 64


@dataclass(frozen=True, slots=True)
class Before:
    """The same customer's statement of the period before."""

    totals: Mapping[str, str]
    addresses: str


def find_anomalies(
    totals: Mapping[str, str],
    addresses: str,
    before: Before | None,
    *,
    is_first: bool,
    percent: int,
    is_printed: bool = True,
) -> Anomaly:
    """Why this statement should be looked at; nothing is new in the very first period.

    `percent` is by how much a sum may differ from the period before; `is_printed`, whether a font has every character.
    """
    reasons = [] if is_printed else [Anomaly.NO_GLYPH]
    if not addresses.strip():
        reasons.append(Anomaly.NO_ADDRESS)
    if any(amount.startswith("-") for amount in totals.values()):
        reasons.append(Anomaly.NEGATIVE)
    if before is None:
        reasons += [] if is_first else [Anomaly.NEW]
    else:
        reasons += _against(totals, addresses, before, percent)
    return Anomaly(sum(reason.value for reason in reasons))


def _against(totals: Mapping[str, str], addresses: str, before: Before, percent: int) -> Iterator[Anomaly]:
    if totals.keys() != before.totals.keys():
        yield Anomaly.CURRENCY_CHANGED
    elif any(differs(Decimal(totals[c]), Decimal(before.totals[c]), percent) for c in totals):
        yield Anomaly.SUM_DIFFERS
    if _addresses(addresses) != _addresses(before.addresses):
        yield Anomaly.ADDRESS_CHANGED


def differs(now: Decimal, before: Decimal, percent: int) -> bool:
    """Whether the sum moved by more than the percentage of what it was."""
    return abs(now - before) * 100 > abs(before) * percent


def _addresses(text: str) -> set[str]:
    return {part.strip().lower() for part in text.replace(",", ";").split(";") if part.strip()}
