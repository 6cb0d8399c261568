"""Numbers as people and programs write them, read without guessing."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from depesa.imports.rules.cells import Coded
from depesa.imports.rules.refusals import Unreadable, gettext_noop, shorten

DecimalSign = Literal[".", ","]
CENT = Decimal("0.01")
MAX_LENGTH = 40

_PLAIN = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?", re.ASCII)
_SHAPE = re.compile(r"(?P<sign>[-+−]?)(?P<body>[0-9](?:[0-9 .,']*[0-9])?)", re.ASCII)
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2019": "'"})
_SCIENTIFIC = re.compile(r"[-+]?[0-9.,]+[eE][-+]?[0-9]+", re.ASCII)

NOT_A_NUMBER = gettext_noop("“%(text)s” is not a number. Write it like %(example)s.")
OTHER_DIGITS = gettext_noop("“%(text)s” has digits other than 0 to 9. Write it like %(example)s.")
SCIENTIFIC = gettext_noop("“%(text)s” is in scientific notation. Write it out, like %(example)s.")
AMBIGUOUS = gettext_noop(
    "“%(text)s” can be read in two ways. Write %(example)s, or choose the decimal sign of the file."
)
GROUPS = gettext_noop("“%(text)s” has its thousands or decimals in an unexpected place. Write %(example)s.")
DECIMALS = gettext_noop("“%(text)s” has too many decimals (%(found)d); at most %(limit)d fit here.")
TOO_LONG = gettext_noop("“%(text)s” is too long for a number.")
EMPTY = gettext_noop("The number is missing. Write it like %(example)s.")


def parse_number(text: object, sign: DecimalSign | None = None, decimals: int | None = None) -> Decimal:
    """The number a text means, read with the file's decimal sign; refused where it could mean two."""
    if isinstance(text, Decimal | Coded):
        value = text.value if isinstance(text, Coded) else text
    elif isinstance(text, str):
        value = Decimal(text) if sign == "." and len(text) < 20 and _PLAIN.fullmatch(text) else _number_in(text, sign)
    else:
        raise Unreadable(NOT_A_NUMBER, text=shorten(text), example=_example(sign))
    if not value.is_finite():
        raise Unreadable(NOT_A_NUMBER, text=shorten(text), example=_example(sign))
    if decimals is not None:
        _check_decimals(value, str(text), decimals)
    return value or Decimal(0)


def round_money(amount: Decimal, digits: int = 2) -> Decimal:
    """An amount rounded once, half up, to the digits of its currency."""
    return amount.quantize(CENT if digits == 2 else Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def detect_decimal_sign(samples: Iterable[object]) -> DecimalSign | None:
    """The decimal sign that the samples prove, None where they prove neither or contradict themselves."""
    found: set[DecimalSign] = set()
    for sample in samples:
        if isinstance(sample, str):
            found |= _proven_sign(sample.translate(_SPACES).strip())
    return found.pop() if len(found) == 1 else None


def _proven_sign(text: str) -> set[DecimalSign]:
    match = _SHAPE.fullmatch(text)
    if match is None:
        return set()
    body = match["body"]
    signs: tuple[DecimalSign, DecimalSign] = (".", ",")
    if all(sign in body for sign in signs):
        return {max(signs, key=body.rindex)}
    for sign, other in (signs, signs[::-1]):
        if body.count(sign) > 1:
            return {other}
        if sign in body:
            whole, _, fraction = body.partition(sign)
            if len(fraction) != 3 or len(whole) > 3 or whole == "0" or " " in whole:
                return {sign}
    return set()


def _number_in(text: str, sign: DecimalSign | None) -> Decimal:
    if len(text) > MAX_LENGTH:
        raise Unreadable(TOO_LONG, text=shorten(text))
    clean = text.translate(_SPACES).strip()
    match = _SHAPE.fullmatch(clean)
    if match is None:
        raise _explain(clean, sign)
    body = match["body"]
    decimal_sign = sign or _only_reading(text, body)
    whole, _, fraction = body.rpartition(decimal_sign) if decimal_sign in body else (body, "", "")
    if not (_is_grouped(whole, decimal_sign) and (fraction.isdigit() or not fraction)):
        raise Unreadable(GROUPS, text=shorten(text), example=_example(decimal_sign))
    digits = re.sub(r"[ .,']", "", whole)
    value = Decimal(f"{digits}.{fraction}" if fraction else digits)
    return -value if match["sign"] in {"-", "−"} else value


def _only_reading(text: str, body: str) -> DecimalSign:
    """The decimal sign of one number seen alone."""
    if "." not in body and "," not in body:
        return "."
    proven = _proven_sign(body)
    if len(proven) != 1:
        raise Unreadable(AMBIGUOUS, text=shorten(text), example="1234.50 / 1234,50")
    return proven.pop()


def _is_grouped(whole: str, decimal_sign: DecimalSign) -> bool:
    """Are the thousands either not parted, or parted by one sign into threes?"""
    if whole.isdigit():
        return True
    for sign in (" ", "'", "," if decimal_sign == "." else "."):
        parts = whole.split(sign)
        if len(parts) > 1 and all(part.isdigit() for part in parts):
            return len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:])
    return False


def _explain(text: str, sign: DecimalSign | None) -> Unreadable:
    example = _example(sign)
    if not text:
        return Unreadable(EMPTY, example=example)
    if _SCIENTIFIC.fullmatch(text):
        return Unreadable(SCIENTIFIC, text=shorten(text), example=example)
    if any(digit.isdigit() and not digit.isascii() for digit in text):
        return Unreadable(OTHER_DIGITS, text=shorten(text), example=example)
    return Unreadable(NOT_A_NUMBER, text=shorten(text), example=example)


def _example(sign: DecimalSign | None) -> str:
    return "1234,50" if sign == "," else "1234.50"


def _check_decimals(value: Decimal, text: str, limit: int) -> None:
    exponent = value.as_tuple().exponent
    found = -exponent if isinstance(exponent, int) else 0
    if found > limit and value != round_money(value, limit):
        raise Unreadable(DECIMALS, text=shorten(text), found=found, limit=limit)
