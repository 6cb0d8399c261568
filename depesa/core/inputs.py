"""What comes from outside, read strictly: whole numbers, keys of rows, days; whatever is none reads as none."""

import datetime as dt
import ipaddress
import json
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest

from depesa.core.reasons import gettext as _
from depesa.core.texts import NOT_KEPT, printable

LARGEST: Final = 2**63 - 1  # what a database takes as a key or a version
_DIGITS: Final = re.compile(r"[0-9]{1,19}", re.ASCII)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
YEARS: Final = range(1900, 2200)
FINEST: Final = 10  # digits after the point that an amount of another program may begin with


class NotRead(ValueError):
    """What another program sent is not what was asked for."""


def read_number(text: str | None, *, most: int = LARGEST) -> int | None:
    """The whole number from 0 that is written in ASCII digits; None for anything else, and for more than `most`."""
    bare = (text or "").strip()
    if not _DIGITS.fullmatch(bare):
        return None
    number = int(bare)
    return number if number <= most else None


def read_key(text: str | None) -> int:
    """The key of a row; 0, which no row has, if it is none."""
    return read_number(text) or 0


def read_keys(texts: Iterable[str]) -> list[int]:
    """The keys among the texts, in their order, each once."""
    return list(dict.fromkeys(key for text in texts if (key := read_key(text))))


def read_day(text: str | None) -> dt.date | None:
    """The day that is written like 2011-06-30; None for one that does not exist or lies outside 1900 to 2199."""
    bare = (text or "").strip()
    if not _DAY.fullmatch(bare):
        return None
    try:
        day = dt.date.fromisoformat(bare)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def read_uuid(text: str | None) -> UUID | None:
    """The identity that is written as 32 hexadecimal digits, with hyphens or without."""
    try:
        return UUID((text or "")[:64])
    except ValueError:
        return None


def read_text(text: str | None, *, most: int) -> str:
    """The letters of the text that print, at most so many; line ends and signs that steer are left out."""
    return printable((text or "")[:most], "").strip()


def read_lines(text: str | None, *, most: int = 1_000_000) -> str:
    """The text as it was typed, line by line, without the signs that no database keeps."""
    return NOT_KEPT.sub("", (text or "")[:most])


def read_amount(value: object, *, most: int = 10**10) -> Decimal:
    """The amount that another program sent as a number or a text; NotRead for none and for what no sum can be."""
    text = "" if isinstance(value, bool) else str(value).strip()[:40]
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise NotRead(_("%(value)s is no amount.") % {"value": f"{text:.20}"}) from None
    if not amount.is_finite() or abs(amount) > most or (amount and amount.adjusted() < -FINEST):
        raise NotRead(_("%(value)s is no amount.") % {"value": f"{text:.20}"})
    return amount


def read_json(body: bytes) -> Any:
    """What another program sent as JSON; NotRead for what is none or nests too deeply."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise NotRead(_("This is no JSON.")) from None


def machine_of(request: HttpRequest | None) -> str:
    """From where a request comes, for counting: an IPv4 address, of IPv6 the network of 64 bits that one owner has."""
    told = str(request.META.get("REMOTE_ADDR") or "") if request else ""
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return told[:45]
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))


_BROWSERS: Final = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
_SYSTEMS: Final = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


def device_of(request: HttpRequest) -> str:
    """With what somebody looks at the pages, as far as it says so itself: "Firefox, Windows"."""
    told = read_text(request.headers.get("User-Agent"), most=400)
    words = [next((word for sign, word in known.items() if sign in told), "") for known in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, words)) or told[:40]
