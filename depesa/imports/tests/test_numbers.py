"""Numbers out of files: every way of writing is read, every doubtful one is refused with an example."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depesa.imports.rules.numbers import detect_decimal_sign, parse_number, round_money
from depesa.imports.rules.refusals import Unreadable

NBSP, NARROW = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("text", "sign", "value"),
    [
        ("1 234,50", ",", "1234.50"),
        (f"1{NBSP}234,50", ",", "1234.50"),
        (f"1{NARROW}234,50", ",", "1234.50"),
        ("1,234.50", ".", "1234.50"),
        ("1.234,50", ",", "1234.50"),
        ("1'234.50", ".", "1234.50"),
        ("1.234.567", ",", "1234567"),
        ("1 234,50", None, "1234.50"),
        ("1,234.50", None, "1234.50"),
        ("1.234,50", None, "1234.50"),
        ("12,5", None, "12.5"),
        ("-0,00", ",", "0"),
        ("−12,5", ",", "-12.5"),
        ("+3", None, "3"),
        (" 7 ", ".", "7"),
        ("3.75", ".", "3.75"),
        ("0,125", None, "0.125"),
        ("1234", ",", "1234"),
    ],
)
def test_input_74_a_number_is_read_in_the_sign_of_the_file(text, sign, value):
    number = parse_number(text, sign)
    assert str(number) == value


@pytest.mark.parametrize(
    ("text", "sign", "sentence"),
    [
        ("1,234", None, "“1,234” can be read in two ways. Write 1234.50 / 1234,50"),
        ("1.234", None, "“1.234” can be read in two ways"),
        ("1,234.50", ",", "“1,234.50” has its thousands or decimals in an unexpected place. Write 1234,50."),
        ("12,34,5", ".", "unexpected place"),
        ("1 23", ".", "unexpected place"),
        ("1234.505", ".", "“1234.505” has too many decimals (3); at most 2 fit here."),
        ("1234,505", ",", "“1234,505” has too many decimals (3); at most 2 fit here."),
        ("١٢٣", ".", "“١٢٣” has digits other than 0 to 9. Write it like 1234.50."),
        ("1e5", ".", "“1e5” is in scientific notation. Write it out, like 1234.50."),
        ("NaN", ".", "“NaN” is not a number. Write it like 1234.50."),
        ("Infinity", ",", "“Infinity” is not a number. Write it like 1234,50."),
        ("1234.50 Kč", ".", "“1234.50 Kč” is not a number"),
        ("", ".", "The number is missing. Write it like 1234.50."),
        ("--1", ".", "is not a number"),
        ("1" * 41, ".", "is too long for a number"),
    ],
)
def test_input_74_a_doubtful_number_is_refused_with_an_example(text, sign, sentence):
    with pytest.raises(Unreadable) as caught:
        parse_number(text, sign, decimals=2)
    assert sentence in str(caught.value)


def test_input_74_a_number_of_a_sheet_is_taken_as_it_is_and_nan_is_not():
    assert parse_number(Decimal("3.5"), ",") == Decimal("3.5")
    with pytest.raises(Unreadable, match="not a number"):
        parse_number(Decimal("NaN"), ".")


@given(
    st.decimals(min_value=-(10**12), max_value=10**12, places=2),
    st.sampled_from([(".", ","), (".", " "), (",", "."), (",", NBSP), (".", ""), (",", "")]),
)
def test_what_is_written_is_read_back(value, signs):
    sign, group = signs
    text = f"{value:,.2f}".translate(str.maketrans({",": group, ".": sign}))
    assert parse_number(text, sign) == value
    assert detect_decimal_sign([text]) == sign


@given(st.text(max_size=50), st.sampled_from([".", ",", None]))
def test_no_text_breaks_the_reading(text, sign):
    try:
        value = parse_number(text, sign, 2)
    except Unreadable:
        return
    assert value.is_finite()
    assert any(digit in "0123456789" for digit in text)


@given(st.text("0123456789.,' -", max_size=12))
def test_a_number_read_without_a_sign_is_the_same_with_the_right_one(text):
    try:
        alone = parse_number(text)
    except Unreadable:
        return
    readings = set()
    for sign in ".,":
        try:
            readings.add(parse_number(text, sign))
        except Unreadable:
            continue
    assert alone in readings


def test_a_decimal_sign_is_found_where_it_is_proven_and_only_there():
    assert detect_decimal_sign(["1,234", "5", "12,50"]) == ","
    assert detect_decimal_sign(["1.234.567"]) == ","
    assert detect_decimal_sign(["3.75", "x"]) == "."
    assert detect_decimal_sign(["1,234", "1"]) is None
    assert detect_decimal_sign(["1,5", "1.5"]) is None


def test_money_is_rounded_half_up():
    assert [round_money(Decimal(text)) for text in ("0.005", "-0.005", "2.675")] == [
        Decimal("0.01"),
        Decimal("-0.01"),
        Decimal("2.68"),
    ]
