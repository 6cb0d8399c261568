"""What comes from outside: numbers, keys, days and identities, or none."""

import datetime as dt
from decimal import Decimal

import pytest

from depesa.core.inputs import (
    LARGEST,
    NotRead,
    read_amount,
    read_day,
    read_json,
    read_key,
    read_keys,
    read_lines,
    read_number,
    read_text,
    read_uuid,
)

NO_NUMBERS = [
    "",
    " ",
    None,
    "-1",
    "+1",
    "1.0",
    "1e3",
    "0x1",
    "²",
    "١٢",
    "１２",
    "1_000",
    "1 000",
    "\0",
    "9" * 20,
    "9" * 9999,
]


@pytest.mark.parametrize("text", [*NO_NUMBERS, str(LARGEST + 1)])
def test_what_is_no_number_reads_as_none(text):
    assert read_number(text) is None
    assert read_key(text) == 0


def test_a_number_is_read_from_0_up_to_the_most():
    assert [read_number(text) for text in ("0", " 7 ", "007", str(LARGEST))] == [0, 7, 7, LARGEST]
    assert [read_number(text, most=9) for text in ("9", "10")] == [9, None]


def test_keys_are_read_in_their_order_each_once():
    assert read_keys(["3", "²", "1", "3", "0", "-2", "1"]) == [3, 1]


@pytest.mark.parametrize("text", ["", None, "0000-00-00", "2011-02-30", "99999-01-01", "1899-12-31", "2200-01-01",
                                  "2011-W26-4", "20110630", "２０１１-06-30", "2011-06-30T00:00", "\0"])  # fmt: skip
def test_what_is_no_day_reads_as_none(text):
    assert read_day(text) is None


def test_a_day_is_read_as_forms_send_it():
    assert read_day(" 2011-06-30 ") == dt.date(2011, 6, 30)


def test_a_text_keeps_its_lines_and_loses_what_no_database_keeps():
    assert read_lines("Dear\tAda,\r\n\0\x1b\ud800żuvėdra 👩‍👧\n") == "Dear\tAda,\r\nżuvėdra 👩‍👧\n"
    assert read_text(" a\0b\nc ", most=10) == "abc"
    assert [read_lines(None), read_text(None, most=5), read_lines("x" * 9, most=3)] == ["", "", "xxx"]


@pytest.mark.parametrize(
    "sent", ["NaN", "sNaN", "Infinity", "1e999999", "1e-999999", "", "x", True, None, [], {}, "9" * 50]
)
def test_what_is_no_amount_is_refused(sent):
    with pytest.raises(NotRead):
        read_amount(sent)


def test_an_amount_is_read_as_a_program_sends_it():
    assert [read_amount(sent) for sent in ("148.50", 148, "0", -3.5)] == [
        Decimal("148.50"), Decimal(148), Decimal(0), Decimal("-3.5"),
    ]  # fmt: skip


@pytest.mark.parametrize("sent", [b"", b"{", b"[" * 100_000, b"\xff"])
def test_what_is_no_json_is_refused(sent):
    with pytest.raises(NotRead):
        read_json(sent)


def test_an_identity_is_read_or_none():
    assert read_uuid("12345678-1234-5678-1234-567812345678") == read_uuid("12345678123456781234567812345678")
    assert [read_uuid(text) for text in ("", None, "7", "x" * 32, "\0" * 32)] == [None] * 5
