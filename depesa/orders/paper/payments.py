"""What stands in the QR code of a payment: SPD of the Czech banks for CZK, EPC069-12 of Europe's for EUR."""

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from typing import Final

from stdnum import iban

from depesa.orders.paper.papers import OrderPaper

LEAST, MOST_CZK, MOST_EUR = Decimal("0.01"), Decimal("9999999.99"), Decimal("999999999.99")
EPC_NAME, EPC_TEXT, EPC_BYTES, SPD_TEXT = 70, 140, 331, 60
NATIONAL: Final = re.compile(r"(?:(\d{1,6})-)?(\d{2,10})/(\d{4})")  # prefix-number/bank, as Czech firms write it
SYMBOL: Final = re.compile(r"\d{1,10}")


def payment_text(paper: OrderPaper) -> str:
    """The text of the QR code with which this paper is paid; empty if there is nothing to pay or nowhere to."""
    account = account_of(paper.supplier.bank_account)
    if not paper.asks_payment or not account or paper.to_pay < LEAST:
        return ""
    if paper.currency == "CZK" and account[:2] == "CZ" and paper.to_pay <= MOST_CZK:
        return _spd(account, paper.to_pay, paper.variable_symbol, paper.due_on, paper.number)
    if paper.currency == "EUR" and paper.to_pay <= MOST_EUR:
        return _epc(account, paper.to_pay, paper.supplier.name, paper.variable_symbol, paper.number)
    return ""


def account_of(written: str) -> str:
    """The international account number, also of a Czech account written as 19-2000145399/0800; empty if wrong."""
    compact = "".join(written.split()).upper()
    if national := NATIONAL.fullmatch(compact):
        prefix, number, bank = national.groups(default="0")
        rest = f"{bank}{prefix:0>6}{number:0>10}"
        compact = f"CZ{iban.calc_check_digits(f'CZ00{rest}')}{rest}"
    return compact if iban.is_valid(compact) else ""


def _spd(account: str, amount: Decimal, symbol: str, due_on: dt.date | None, number: str) -> str:
    """Short Payment Descriptor 1.0: capitals without accents, so that the code stays small."""
    fields = {
        "ACC": account,
        "AM": f"{amount:.2f}",
        "CC": "CZK",
        "DT": f"{due_on:%Y%m%d}" if due_on else "",
        "X-VS": symbol if SYMBOL.fullmatch(symbol) else "",
        "MSG": _spayd_text(number)[:SPD_TEXT],
    }
    return "*".join(["SPD", "1.0", *(f"{name}:{value}" for name, value in fields.items() if value)])


def _epc(account: str, amount: Decimal, name: str, symbol: str, number: str) -> str:
    """EPC069-12, version 002: one field a line, UTF-8, at most 331 bytes."""
    text = " ".join(filter(None, [number, f"VS{symbol}" if symbol and symbol != number else ""]))
    lines = ["BCD", "002", "1", "SCT", "", _epc_line(name, EPC_NAME), account, f"EUR{amount:.2f}", "", ""]
    room = EPC_BYTES - len("\n".join([*lines, ""]).encode())
    return "\n".join([*lines, _epc_line(text, EPC_TEXT).encode()[:room].decode(errors="ignore")])


def _epc_line(text: str, most: int) -> str:
    return " ".join(text.split())[:most]


def _spayd_text(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().upper()
    return "".join(letter if letter.isalnum() or letter in " $+-./:" else " " for letter in letters).strip()
