"""Orders and customers as other shops tell them, read into one shape."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field
from decimal import Decimal
from typing import Any, Final

from depesa.api.rules.figures import ForeignItem
from depesa.core.inputs import NotRead, read_amount
from depesa.core.languages import codes
from depesa.core.reasons import gettext as _
from depesa.core.texts import fold, some_lines
from depesa.core.vat_rates import known_rates

_LONGEST_CODE: Final = 32
_MOST_MORE: Final = 50
_CODES: Final = {
    "company_code": (
        "companycode", "companynumber", "companyid", "companyregistrationnumber", "registrationnumber", "ico", "ic",
        "imoneskodas", "regcode", "regnumber", "crn", "kodas",
    ),
    "vat_code": (
        "vatnumber", "vatcode", "vatid", "vat", "vatin", "euvatnumber", "euvat", "icdph", "icodph", "dicdph",
        "pvmkodas", "pvmmoketojokodas", "pvm", "dic", "taxid", "taxnumber", "ustid", "ustidnr", "tva", "nip",
    ),
}  # fmt: skip
"""Names that shops, and plugins for our countries, give to the codes: the surest first."""


class Unreadable(ValueError):
    """What was told has not the shape that this shop system sends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Our firm as far as the reading of orders needs it: country (ISO 3166) and clock."""

    country: str
    zone: dt.tzinfo


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
    first_total: Decimal = Decimal(0)  # before anything went back or was taken out
    includes_vat: bool = False
    placed: dt.datetime | None = None
    paid: dt.datetime | None = None
    person: str = ""
    more: Mapping[str, str] = field(default_factory=dict)  # what else was told, by the shop's own names
    differs: str = ""  # a sentence where the lines do not make what the shop says
    is_real: bool = True  # an order, and not a draft of one or a test

    def mark(self) -> str:
        """Tells this notice from another one of the same second."""
        said = [self.content(), self.state, self.is_paid, str(self.returned)]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

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
            "person": self.person,
            "more": dict(self.more),
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


def language_of(locale: Any) -> str:
    """Our language for a locale like cs-CZ or lt_LT; empty when we do not speak it."""
    found = text_of(locale)[:2].lower()
    return found if found in codes() else ""


def moment_of(value: Any, zone: dt.tzinfo = dt.UTC) -> dt.datetime | None:
    """The instant that is told; a time without an offset is on the clock of the zone. None where nobody says so."""
    try:
        at = dt.datetime.fromisoformat(text_of(value, 40))
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def day_of(value: Any) -> str:
    """When something was changed, in UTC, as a text that sorts by time; empty when nobody said so."""
    at = moment_of(value)
    return at.isoformat(timespec="seconds") if at else ""


def known_groups(home: Home, country: str, at: dt.datetime | None) -> list[tuple[Decimal, ...]]:
    """The VAT rates that an order may have, ours first, then those of the country that it goes to."""
    day = (at or dt.datetime.now(dt.UTC)).astimezone(home.zone).date()
    return [known_rates(home.country, day), known_rates(country, day)]


def codes_of(told: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """Company and VAT code among what was told by other names, and the rest of it, readable."""
    codes: dict[str, tuple[int, str]] = {}
    rest: dict[str, str] = {}
    for name, value in told.items():
        text = text_of(value, 500).strip()
        bare = re.sub("[^a-z]", "", fold(name)).removeprefix("billing").removeprefix("customer")
        field_name = next((each for each, names in _CODES.items() if bare in names), "")
        if not text:
            continue
        if not field_name or len(text) > _LONGEST_CODE:
            rest[name[:100]] = text
            continue
        rank = _CODES[field_name].index(bare)
        if field_name not in codes or rank < codes[field_name][0]:
            codes[field_name] = (rank, text)
    return {name: text for name, (_rank, text) in codes.items()}, dict(list(rest.items())[:_MOST_MORE])


def city_with(city: str, region: str, country: str) -> str:
    """The city with its state or county, so that a parcel arrives: San Francisco, CA."""
    bare = region.removeprefix(f"{country}-")
    return f"{city}, {bare}"[:100] if bare and fold(bare) != fold(city) else city


def identity(payload: Mapping[str, Any]) -> str:
    """The id that the shop gives; Unreadable without one."""
    found = text_of(payload.get("id"), 64)
    if not found:
        raise Unreadable(_("The id is missing."))
    return found
