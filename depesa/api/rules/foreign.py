"""Orders and customers as other shops tell them, read into one shape."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from depesa.core.inputs import NotRead, read_amount
from depesa.core.languages import codes
from depesa.core.reasons import gettext as _
from depesa.core.texts import some_lines

FINEST: Final = Decimal("0.0001")


class Unreadable(ValueError):
    """What was told has not the shape that this shop system sends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignItem:
    """One line; the price of one unit without VAT."""

    text: str
    quantity: Decimal
    price: Decimal
    vat_rate: Decimal
    code: str = ""
    kind: str = "product"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignOrder:
    """An order elsewhere. `state` is the shop's own word; `changed` orders what is told about it."""

    id: str
    number: str
    state: str
    changed: str
    currency: str
    is_paid: bool
    total: Decimal
    party: Mapping[str, str]
    items: Sequence[ForeignItem]
    delivery: Mapping[str, str] = field(default_factory=dict)
    payment: str = ""
    payment_kind: str = "other"
    shipping: str = ""
    note: str = ""
    language: str = ""
    has_account: bool = False
    returned: Decimal = Decimal(0)

    def content(self) -> dict[str, Any]:
        """What was ordered, by whom and where to, as JSON keeps it: what is not money or state."""
        return {
            "currency": self.currency,
            "party": dict(self.party),
            "delivery": dict(self.delivery),
            "note": self.note,
            "shipping": self.shipping,
            "payment": self.payment,
            "items": [[str(value) for value in astuple(item)] for item in self.items],
            "total": str(self.total),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignCustomer:
    """A customer elsewhere."""

    id: str
    changed: str
    card: Mapping[str, str]


def text_of(value: Any, most: int = 200) -> str:
    """A text of at most so many characters, without what no database keeps; empty for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return ""
    return some_lines(value)[:most]


def amount_of(value: Any) -> Decimal:
    """An amount; Unreadable for what is none."""
    try:
        return read_amount("0" if value == "" else value)
    except NotRead as problem:
        raise Unreadable(str(problem)) from None


def part(value: Any, name: str) -> Mapping[str, Any]:
    """The object of this name; empty when there is none."""
    found = value.get(name)
    if found is not None and not isinstance(found, dict):
        raise Unreadable(_("%(name)s is no object.") % {"name": name})
    return found or {}


def lines(value: Any, name: str) -> list[Mapping[str, Any]]:
    """The list of objects of this name; empty when there is none."""
    found = value.get(name) or []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Unreadable(_("%(name)s is no list of objects.") % {"name": name})
    return found


def rate_of(net: Decimal, vat: Decimal) -> Decimal:
    """The VAT rate in percent that makes this VAT of this net: a whole number, where rounding allows one."""
    if not net or not vat:
        return Decimal(0)
    rate = abs(vat / net) * 100
    whole = rate.quantize(Decimal(1), ROUND_HALF_UP)
    cent = Decimal("0.01")
    found = whole if abs(net) * abs(rate - whole) / 100 <= cent else rate.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return min(found, Decimal(100))


def each(net: Decimal, quantity: Decimal) -> Decimal:
    """The price of one."""
    return (net / quantity).quantize(FINEST, ROUND_HALF_UP)


def language_of(locale: Any) -> str:
    """Our language for a locale like cs-CZ or lt_LT; empty when we do not speak it."""
    found = text_of(locale)[:2].lower()
    return found if found in codes() else ""


def day_of(value: Any) -> str:
    """When something was changed, in UTC, as a text that sorts by time; empty when nobody said so."""
    try:
        at = dt.datetime.fromisoformat(text_of(value, 40))
    except ValueError:
        return ""
    at = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
    try:
        return at.astimezone(dt.UTC).isoformat(timespec="seconds")
    except OverflowError:
        return ""


def identity(payload: Mapping[str, Any]) -> str:
    """The id that the shop gives; Unreadable without one."""
    found = text_of(payload.get("id"), 64)
    if not found:
        raise Unreadable(_("The id is missing."))
    return found
