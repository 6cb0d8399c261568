"""The QR codes of payment: what banks read in them."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from depesa.orders.paper import account_of, data_of, payment_text
from depesa.orders.tests.papers import SUPPLIER, order_paper

CZECH = replace(SUPPLIER, bank_account="19-2000145399/0800")


def test_spd_for_crowns():
    assert payment_text(order_paper(currency="CZK", supplier=CZECH)) == (
        "SPD*1.0*ACC:CZ6508000000192000145399*AM:100.81*CC:CZK*DT:20110629*X-VS:1024*MSG:INV000042"
    )


def test_spd_leaves_out_what_is_not_there_and_what_no_bank_takes():
    paper = order_paper(currency="CZK", supplier=CZECH, variable_symbol="A-1", due_on=None, number="Fa*kt/ůra č. 1")
    assert payment_text(paper) == "SPD*1.0*ACC:CZ6508000000192000145399*AM:100.81*CC:CZK*MSG:FA KT/URA C. 1"


def test_epc_for_euros():
    assert payment_text(order_paper()).split("\n") == [
        *("BCD", "002", "1", "SCT", "", "Vaivorykštė UAB", "LT121000011101001000", "EUR100.81", "", ""),
        "INV000042 VS1024",
    ]


def test_epc_stays_within_331_bytes():
    paper = order_paper(supplier=replace(SUPPLIER, name="Ž" * 200), number="Ę" * 60, variable_symbol="ė" * 200)
    text = payment_text(paper)
    assert len(text.encode()) <= 331
    assert text.split("\n")[5] == "Ž" * 70


@pytest.mark.parametrize(
    "changes",
    [
        {"is_paid": True},
        {"takes_back": True},
        {"asks_payment": False},
        {"gross": Decimal(0)},
        {"supplier": replace(SUPPLIER, bank_account="")},
        {"supplier": replace(SUPPLIER, bank_account="LT121000011101001001")},
        {"currency": "GBP"},
        {"currency": "CZK"},
        {"paid_on": dt.date(2011, 6, 14), "is_paid": True},
    ],
)
def test_no_code_where_nothing_is_to_be_paid_or_no_bank_reads_it(changes):
    paper = order_paper(**changes)
    assert payment_text(paper) == ""
    payment = data_of(paper)["payment"]
    assert payment is None or payment["qr"] is None


@pytest.mark.parametrize(
    ("written", "account"),
    [
        ("LT12 1000 0111 0100 1000", "LT121000011101001000"),
        ("lt121000011101001000", "LT121000011101001000"),
        ("2000145399/0800", "CZ7908000000002000145399"),
        ("19-2000145399/0800", "CZ6508000000192000145399"),
        ("LT13 1000 0111 0100 1000", ""),
        ("see contract", ""),
        ("", ""),
    ],
)
def test_an_account_is_read_as_firms_write_it(written, account):
    assert account_of(written) == account


def test_rounding_is_paid_too():
    assert "*AM:101.00*" in payment_text(order_paper(currency="CZK", supplier=CZECH, rounding=Decimal("0.19")))


def test_the_drawing_has_its_text_for_who_cannot_see_it():
    code = data_of(order_paper())["payment"]["qr"]
    assert code["text"] == "QR code for paying 100.81\xa0EUR to the account LT12\xa01000\xa00111\xa00100\xa01000"
    assert code["drawing"].startswith("<svg ")
