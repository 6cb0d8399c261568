"""Check digits of company codes, VAT codes and bank accounts."""

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from stdnum import get_cc_module, iban
from stdnum.cz import bankaccount, dic
from stdnum.ee import registrikood
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.lt import asmens, pvm


class _Numbers(Protocol):
    """A module of stdnum."""

    def validate(self, number: str) -> str: ...


class CodeFault(StrEnum):
    """What is wrong with a code."""

    CHECK_DIGIT = "check digit"
    SHAPE = "shape"


def compact(code: str) -> str:
    """The code as it is kept: without blanks and dashes, in capital letters."""
    return "".join(code.split()).replace("-", "").upper()


def company_code_fault(code: str, country: str) -> CodeFault | None:
    """What is wrong with a company code; of countries without a known check digit, nothing."""
    digits = compact(code)
    match country:
        case "CZ" | "SK":
            return _fault_in(digits, 8, lambda: bool(dic.calc_check_digit_legal(digits[:7]) == digits[7]))
        case "LT" if len(digits) == 7:
            return None if digits.isdecimal() else CodeFault.SHAPE  # codes given before 2004 have no check digit
        case "LT" if len(digits) == 11:
            return _fault(asmens, digits)  # a person in business
        case "LT":
            return _fault_in(digits, 9, lambda: bool(pvm.calc_check_digit(digits[:8]) == digits[8]))
        case "EE":
            return _fault(registrikood, digits)
    return None


def vat_code_fault(code: str, country: str) -> CodeFault | None:
    """What is wrong with a VAT code; its own letters name the country, else `country` does."""
    number = compact(code)
    prefix = number[:2] if number[:2].isalpha() else country
    module = get_cc_module("GR" if prefix == "EL" else prefix, "vat") if prefix else None
    return _fault(module, number) if module else None


def account_fault(account: str, country: str) -> CodeFault | None:
    """What is wrong with a bank account number: an international one, or a Czech one as 19-2000145399/0800."""
    if is_czech_account(account) and country in ("", "CZ"):
        return _fault(bankaccount, account)
    return _fault(iban, compact(account))


def is_czech_account(account: str) -> bool:
    """Whether it is written as Czech firms write theirs, with or without a prefix: its dash means something."""
    return "/" in account


def _fault_in(digits: str, length: int, fits: Callable[[], bool]) -> CodeFault | None:
    if len(digits) != length or not (digits.isascii() and digits.isdecimal()):
        return CodeFault.SHAPE
    return None if fits() else CodeFault.CHECK_DIGIT


def _fault(module: _Numbers, number: str) -> CodeFault | None:
    try:
        module.validate(number)
    except InvalidChecksum:
        return CodeFault.CHECK_DIGIT
    except ValidationError:
        return CodeFault.SHAPE
    return None
