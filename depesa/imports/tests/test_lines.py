"""Lines of files: what names a document, a customer and an item; rates, discounts, texts, amounts by currency."""

import datetime as dt
from decimal import Decimal

import pytest
from openpyxl import Workbook

from depesa.imports.tests.conftest import take_file
from depesa.imports.tests.test_sales import LINES, only, reason


@pytest.mark.parametrize(("cell", "rate"), [("21", "21"), ("21 %", "21"), ("0", "0"), ("1", "1"), ("0.9%", "0.9")])
def test_a_vat_rate_is_in_per_cent(take, cell, rate):
    document = only(take(f"{LINES}\n1,2026-03-01,7,1,100,{cell},EUR\n", decimal_sign="."))
    assert document.taxes[0].rate == Decimal(rate)


@pytest.mark.parametrize("cell", ["0.21", "0.210", "0.055", "0.99"])
def test_a_vat_rate_below_one_is_asked_about(take, cell):
    percent = f"{(Decimal(cell) * 100).normalize():f}"
    assert f"“{cell}” can mean {percent} per cent or less than one." in reason(
        take(f"{LINES}\n1,2026-03-01,7,1,100,{cell},EUR\n", decimal_sign=".")
    )


def test_a_workbook_says_percent_and_codes_by_their_formats(tmp_path):
    book = Workbook()
    book.active.append(LINES.split(","))
    for row, code in enumerate((123, 4567), 2):
        book.active.append([row, dt.datetime(2026, 3, 31), code, 1, 100, 0.21, "EUR"])
        book.active.cell(row, 3).number_format = "00000"
        book.active.cell(row, 6).number_format = "0%"
    book.save(tmp_path / "sales.xlsx")
    documents, refusals, _loose = take_file(tmp_path / "sales.xlsx", tmp_path / "stage")
    assert not refusals
    assert [(one.customer_code, one.vat) for one in documents] == [("00123", Decimal(21)), ("04567", Decimal(21))]


SHORTENED = "%s: “%s”: a spreadsheet has shortened this number."


@pytest.mark.parametrize("text", ["1.23E+11", "1.23e+11", "1E+15", "5.00E-10", "-1.2E+100"])
@pytest.mark.parametrize(
    ("column", "field"), [("number", "number"), ("customer", "customer code"), ("sku", "item code")]
)
def test_a_number_that_a_spreadsheet_has_shortened_names_nothing(take, text, column, field):
    row = {"number": "A1", "customer": "7", "sku": "P1"} | {column: text}
    rows = f"{','.join(row.values())},2026-03-01,1,100,21,EUR\n" * 2
    documents, refusals, loose = take(
        f"{','.join(row)},date,quantity,price,vat rate,currency\n{rows}", decimal_sign="."
    )
    assert not documents
    assert not loose
    assert all(sentence.startswith(SHORTENED % (field, text)) for _line, _number, sentence in refusals)


def test_codes_that_only_look_shortened_stay(take):
    text = "number,customer,sku,date,quantity,price,vat rate,currency\n12E4,5E-10,1E5,2026-03-01,1,100,21,EUR\n"
    document = only(take(text))
    assert (document.number, document.customer_code, document.items[0].code) == ("12E4", "5E-10", "1E5")


def test_a_workbook_that_kept_fifteen_of_more_digits_names_nothing(tmp_path):
    book = Workbook()
    book.active.append(LINES.split(","))
    book.active.append([1.23456789012346e18, dt.datetime(2026, 3, 31), 7, 1, 100, 21, "EUR"])
    book.active.append([123000000001, dt.datetime(2026, 3, 31), 7, 1, 100, 21, "EUR"])
    book.save(tmp_path / "sales.xlsx")
    (document,), ((_line, _number, sentence),), _loose = take_file(tmp_path / "sales.xlsx", tmp_path / "stage")
    assert document.number == "123000000001"
    assert sentence.startswith("number: “1.23456789012346E+18”: a spreadsheet has shortened this number.")


@pytest.mark.parametrize(
    "other",
    ["É7\u200b", "\ufeffÉ7", "E\u03017", "É\u00ad7", " É7\u00a0", "É7\u2060", "É7\ufe0f", "\u200eÉ7\u200f", "É7\u3164"],
)
def test_keys_that_look_alike_are_one(take, other):
    line = "%s,2026-03-01,%s,1,100,21,EUR\n"
    document = only(take(f"{LINES}\n{line % ('É7', 'É7')}{line % (other, other)}"))
    assert (document.number, document.customer_code, document.lines) == ("É7", "É7", 2)


def test_letter_case_counts_in_keys(take):
    documents, _, _ = take(f"{LINES}\nab1,2026-03-01,7,1,100,21,EUR\nAB1,2026-03-01,7,1,100,21,EUR\n")
    assert [document.number for document in documents] == ["ab1", "AB1"]


@pytest.mark.parametrize(
    ("currency", "net", "rate", "vat"),
    [
        ("JPY", "105", "10", "11"),  # 10.5; ISO 4217: no minor unit
        ("JPY", "105", "10", "10"),
        ("HUF", "105.50", "27", "28.49"),
        ("RWF", "1005", "18", "181"),
        ("KWD", "10.005", "5", "0.500"),  # three digits
        ("CLF", "1.0001", "19", "0.1900"),  # four
    ],
)
def test_vat_is_held_against_the_digits_of_its_currency(take, currency, net, rate, vat):
    gross = Decimal(net) + Decimal(vat)
    text = (
        f"number,date,customer,currency,net,vat rate,vat,gross\n1,2026-03-01,7,{currency},{net},{rate},{vat},{gross}\n"
    )
    document = only(take(text, decimal_sign="."))
    assert (document.net, document.vat) == (Decimal(net), Decimal(vat))


@pytest.mark.parametrize(("currency", "net", "vat"), [("JPY", "105", "12"), ("KWD", "10.005", "0.502")])
def test_vat_that_is_wrong_in_its_currency_is_refused(take, currency, net, vat):
    rate = {"JPY": 10, "KWD": 5}[currency]
    text = f"number,date,customer,currency,net,vat rate,vat\n1,2026-03-01,7,{currency},{net},{rate},{vat}\n"
    assert reason(take(text, decimal_sign=".")).startswith(f"VAT: The file says {vat} {currency}")


ITEMS = "number,date,customer,currency,type,description,quantity,price,vat rate"


def items_of(document):
    return [(item.description, item.quantity, item.unit_price, item.net) for item in document.items]


def test_discounts_and_texts_are_lines(take):
    head = "1,2026-03-01,7,EUR"
    document = only(
        take(
            f"{ITEMS}\n{head},invoice,pen,1,100.00,21\n{head},,discount,1,-10.00,21\n{head},,rebate,-1,5.00,21\n"
            f"{head},,Thank you for your order,,,\n{head},,see our terms,0,0.00,0\n{head},,gift,1,0.00,21\n"
        )
    )
    assert items_of(document) == [
        ("pen", 1, 100, 100),
        ("discount", 1, -10, -10),
        ("rebate", -1, 5, -5),
        ("Thank you for your order", 1, 0, 0),
        ("see our terms", 1, 0, 0),
        ("gift", 1, 0, 0),
    ]
    assert document.taxes == ((21, Decimal("85.00"), Decimal("17.85")),)


def test_a_return_may_write_its_sign_at_quantity_or_price(take):
    for quantity, price in (("-2", "5"), ("2", "-5")):
        document = only(take(f"{ITEMS}\n1,2026-03-01,7,EUR,return,pen,{quantity},{price},21\n"))
        assert items_of(document) == [("pen", 2, 5, 10)]


def test_a_text_alone_is_no_document(take):
    assert "Row 2: the amount is missing." in reason(take(f"{ITEMS}\n1,2026-03-01,7,EUR,invoice,hello,,,\n"))


@pytest.mark.parametrize("price", ["82.644628099174", "8.26446280991736", "0.0826446280991736"])
def test_a_price_that_a_division_left_comes_in_whole(take, price):
    document = only(take(f"{LINES}\n1,2026-03-01,7,1000,{price},21,EUR\n", decimal_sign="."))
    assert document.items[0].unit_price == Decimal(price)
    assert document.gross == (Decimal(price) * 1210).quantize(Decimal("0.01"), "ROUND_HALF_UP")
