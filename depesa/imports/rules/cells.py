"""What a number in a workbook shows by its format, and texts without their escapes."""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Final, Self

_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_PART: Final = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[[^\]]*\]|(?P<zeros>0+)|(?P<sign>.)', re.DOTALL
)
_LITERAL: Final = frozenset("-+/():! ")  # what a format shows as it is, without quotes (ECMA-376-1, 18.8.31)


class Coded(str):
    """A number that its format shows otherwise: the text is what the cell shows, the value what it holds."""

    __slots__ = ("value",)
    value: Decimal

    @classmethod
    def of(cls, shown: str, value: Decimal) -> Self:
        """The text with its value."""
        coded = cls(shown)
        coded.value = value
        return coded


class NoResult(str):
    """The place (B7) of a formula that was kept without its result."""

    __slots__ = ()


def unescape(text: str) -> str:
    """The text without the escapes of ECMA-376-1, 22.9.2.19 (ST_Xstring): "_x000D_" is a carriage return."""
    if "_x" not in text:
        return text
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")  # halves become one sign


type Show = Callable[[Decimal], str | None]


@cache
def show_by(code: str) -> Show | None:
    """How a format shows a number: as percent, or as digits in fixed places between letters; None for any other."""
    sections = [_parts_of(section) for section in re.findall(r'(?:"[^"]*"|\\.|[^;"\\])+', code)]
    if not any(map(_is_percent, sections)) and not any(map(_is_code, sections)):
        return None

    def show(number: Decimal) -> str | None:
        at = 1 if number < 0 and len(sections) > 1 else 2 if not number and len(sections) > 2 else 0
        parts = sections[at]
        if _is_percent(parts):
            return f"{(number * 100).normalize():f}%"
        return _filled(parts, number) if _is_code(parts) and number == abs(number).to_integral_value() else None

    return show


type _Parts = list[tuple[str, str]]


def _parts_of(section: str) -> _Parts:
    parts = []
    for found in _PART.finditer(section):
        if found["zeros"]:
            parts.append(("zeros", found["zeros"]))
        elif found["sign"] and found["sign"] not in _LITERAL:
            parts.append(("sign", found["sign"]))
        elif text := found["quoted"] or found["escaped"] or found["sign"]:
            parts.append(("text", text))
    return parts


def _is_percent(parts: _Parts) -> bool:
    return ("sign", "%") in parts


def _is_code(parts: _Parts) -> bool:
    """Whether nothing but zeros and letters is shown, and more than one plain digit."""
    kinds = [kind for kind, _text in parts]
    return "zeros" in kinds and "sign" not in kinds and parts != [("zeros", "0")]


def _filled(parts: _Parts, number: Decimal) -> str:
    places = sum(len(text) for kind, text in parts if kind == "zeros")
    digits = f"{number:f}".partition(".")[0].zfill(places)
    head, shown = len(digits) - places, []  # what is longer than its places stands before the first
    for kind, text in parts:
        if kind == "zeros":
            taken, digits = digits[: head + len(text)], digits[head + len(text) :]
            head, text = 0, taken
        shown.append(text)
    return "".join(shown)
