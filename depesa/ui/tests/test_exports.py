"""Files that spreadsheets open: nothing in them is executed, everything in them is whole."""

import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from depesa.ui.exports import csv_lines, harmless, workbook

FORMULAS = ['=HYPERLINK("http://e","x")', "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\0=1"]
HIDDEN = ["\x01=1", "\x1f\x02@x", " =1", "\u00a0=1", "\u200b=1", "\ufeff+1", "\u202e-1", "＝1", "\u2003＋1", "\x01 ＠x"]


@pytest.mark.parametrize("text", FORMULAS + HIDDEN)
def test_input_87_a_formula_gets_a_leading_apostrophe(text):
    assert harmless(text).startswith("'")


@pytest.mark.parametrize("text", FORMULAS + HIDDEN)
def test_no_cell_of_a_file_begins_a_formula_whatever_is_hidden_before_it(text):
    (cell,) = next(csv.reader(io.StringIO(csv_lines([[text]]), newline="")))
    assert cell.startswith("'")
    with workbook("Orders", [[text]]) as file, zipfile.ZipFile(file) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet


@pytest.mark.parametrize("text", ["Ąžuolas", "", " ", "\u200b", "a=b", "5-3", "(-1)"])
def test_other_texts_stay_as_they_are(text):
    assert harmless(text) == text


def test_input_87_real_numbers_stay_numbers():
    assert csv_lines([[Decimal("-1234.50"), -5]]) == "-1234.50,-5\r\n"


def test_input_87_csv_follows_rfc_4180():
    row = ['Ąžuolas, "UAB"', "two\r\nlines", dt.date(2011, 6, 30), None]
    text = csv_lines([row])
    assert text == '"Ąžuolas, ""UAB""","two\r\nlines",2011-06-30,\r\n'
    assert list(csv.reader(io.StringIO(text, newline=""))) == [[row[0], row[1], "2011-06-30", ""]]


def test_input_87_a_workbook_holds_texts_numbers_and_days_but_no_formula():
    with workbook("Sales: 2011/06", [["Number", "Sum"], ["=1+1", Decimal("12.50")], ["a\x01b", 7]]) as file:
        sheet = openpyxl.load_workbook(file).worksheets[0]
        assert [[cell.value for cell in row] for row in sheet] == [["Number", "Sum"], ["'=1+1", 12.5], ["ab", 7]]
        assert {cell.data_type for row in sheet for cell in row} == {"s", "n"}
