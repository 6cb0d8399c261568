"""Reading Excel workbooks: only values, behind limits; what is no plain workbook is refused in words."""

import datetime as dt
import re
import zipfile
from decimal import Decimal

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from depesa.imports.rules import limits
from depesa.imports.rules.refusals import Unreadable
from depesa.imports.rules.rows import inspect, read_rows


@pytest.fixture
def save(tmp_path):
    def save_book(*rows, name="sales.xlsx"):
        book = Workbook()
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return save_book


def rewrite(path, **parts):
    """The same package with some parts changed; a part is given by the end of its name, without dots."""
    with zipfile.ZipFile(path) as package:
        contents = {name: package.read(name) for name in package.namelist()}
    for ending, change in parts.items():
        name = next((name for name in contents if name.replace(".", "_").endswith(ending)), ending)
        contents[name] = change(contents.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in contents.items():
            package.writestr(name, content)
    return path


def read(path):
    return [(line, cells, str(problem or "")) for line, cells, problem in read_rows(path, inspect(path))]


def refusal(path):
    with pytest.raises(Unreadable) as caught:
        read(path)
    return str(caught.value)


def test_values_come_as_the_sheet_shows_them(save):
    path = save(
        ["number", "date", "price", None, "paid"],
        [555156, dt.datetime(2011, 6, 1, 7, 37), 0.1 + 0.2, None, True],
        [],
        ["A1", dt.datetime(2011, 6, 2), 3],
    )
    assert inspect(path).header == ("number", "date", "price", "#4", "paid")
    assert read(path) == [
        (2, [Decimal(555156), dt.datetime(2011, 6, 1, 7, 37), Decimal("0.3"), "", "TRUE"], ""),
        (4, ["A1", dt.datetime(2011, 6, 2), Decimal(3), "", ""], ""),
    ]


def test_a_row_longer_than_its_header_and_an_error_cell_are_named(save):
    path = save(["a", "b"], [1, 2, 3], ["#N/A", 1])
    assert [problem for _, _, problem in read(path)] == [
        "Row 2: 3 columns instead of 2.",
        "Row 3, column “a”: the cell shows the error #N/A.",
    ]


def results(**values):
    """Give formulas the results that Excel would have kept, by cell."""

    def change(xml):
        for cell, value in values.items():
            kind = b' t="str"' if isinstance(value, str) else b""
            xml = re.sub(
                rf'<c r="{cell}"[^>]*>(<f>.*?</f>)<v ?/>'.encode(),
                rb'<c r="%b"%b>\1<v>%b</v>' % (cell.encode(), kind, str(value).encode()),
                xml.replace(b"<v></v>", b"<v/>"),
            )
        return xml

    return change


def test_input_91_only_the_value_of_a_formula_is_read(save):
    book = save(["a", "b"], ["=1+1", '=HYPERLINK("http://e","x")'], [7, "x"])
    path = rewrite(book, sheet1_xml=results(A2=2, B2="x"))
    assert read(path) == [(2, [Decimal(2), "x"], ""), (3, [Decimal(7), "x"], "")]


def test_a_formula_without_its_result_is_named_with_its_cell(save):
    path = save(["a", "b"], ["K19", '="pen "&"blue"'], ["=1-1", "x"])
    sentence = "Cell %s holds a formula without its result. Open the workbook in Excel, save it and choose it again."
    assert [problem for _, _, problem in read(path)] == [sentence % "B2", sentence % "A3"]
    # An empty text is a result, and so is 0 unless its program asked Excel to reckon when the workbook is opened.
    assert read(rewrite(path, sheet1_xml=results(B2="", A3=1)))[0] == (2, ["K19", ""], "")
    path = rewrite(save(["a", "b"], ["=1-1", "x"]), sheet1_xml=results(A2=0))
    assert sentence % "A2" in str(read(path))
    reckoned = rewrite(path, workbook_xml=lambda xml: xml.replace(b'fullCalcOnLoad="1"', b""))
    assert read(reckoned) == [(2, [Decimal(0), "x"], "")]
    assert refusal(save(["a", '="b"'], [1, 2])) == sentence % "B1"


def shown(tmp_path, value, code):
    book = Workbook()
    book.active.append(["number", "a"])
    book.active.append(["X", value])
    book.active["B2"].number_format = code
    book.save(tmp_path / "shown.xlsx")
    ((_line, (_number, cell), problem),) = read(tmp_path / "shown.xlsx")
    assert not problem
    return cell


# What a format shows: ECMA-376-1, 18.8.31 (numFmts).
@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (0.21, "0%", "21%"),
        (0.21, "0.00%", "21%"),
        (0.055, "0.0 %", "5.5%"),
        (0.29, "[Red]0%;-0%", "29%"),
        (0, "0%", "0%"),
        (123, "00000", "00123"),
        (0, "000", "000"),
        (1234567, "00000", "1234567"),
        (11000, "000 00", "110 00"),
        (1234567, "000-00", "12345-67"),
        (26000012, '"FV"00000000', "FV26000012"),
        (5, "\\K0", "K5"),
    ],
)
def test_a_number_comes_as_its_format_shows_it(tmp_path, value, code, text):
    cell = shown(tmp_path, value, code)
    assert (str(cell), float(cell.value)) == (text, value)


@pytest.mark.parametrize(
    ("value", "code"),
    [(21, '0"%"'), (21, "0\\%"), (1234.5, "#,##0.00"), (5, "0"), (5, "General"), (12.5, '0.00" Kč"'), (1.5, "00")],
)
def test_a_number_that_its_format_only_decorates_stays_a_number(tmp_path, value, code):
    cell = shown(tmp_path, value, code)
    assert getattr(cell, "value", cell) == Decimal(str(value))


@pytest.mark.parametrize("date1904", [False, True])
@pytest.mark.parametrize("time", [0.999999999994, 0.9999999, 0.5])
def test_the_whole_part_of_a_serial_is_the_day(save, date1904, time):
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904 if date1904 else CALENDAR_WINDOWS_1900
    serial = 44650 if date1904 else 46112
    book.active.append(["number", "date"])
    book.active.append(["K20", serial + time])
    book.active["B2"].number_format = "yyyy-mm-dd h:mm:ss"
    path = save()
    book.save(path)
    ((_line, (_number, day), _problem),) = read(path)
    assert day.date() == dt.date(2026, 3, 31)


@pytest.mark.parametrize("inline", [False, True])
@pytest.mark.parametrize(
    ("kept", "text"),
    [
        ("first_x000D_\nsecond", "first\r\nsecond"),
        ("_x005F_x000D_", "_x000D_"),
        ("a_x0009_b_x000a_c", "a\tb\nc"),
        ("_xD83D__xDE00_", "\N{GRINNING FACE}"),
        ("_x00_ max_x y_", "_x00_ max_x y_"),
    ],
)
def test_escaped_signs_are_read(save, inline, kept, text):
    """ECMA-376-1, 22.9.2.19: _xHHHH_ stands for a sign, _x005F_ for the line under it."""
    text_of = f"<t>{kept}</t>".encode()  # in the cell, as openpyxl writes texts, or shared, as Excel does
    cell = b'<c r="B2" t="inlineStr"><is>%b</is></c>' % text_of if inline else b'<c r="B2" t="s"><v>0</v></c>'
    shared = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%b"/></Types>' % SHARED_STRINGS.encode()
    path = rewrite(
        save(["a", "b"], ["x", "y"]),
        sheet1_xml=lambda xml: re.sub(rb'<c r="B2".*?</c>', cell, xml),
        **{
            "xl/sharedStrings.xml": lambda _: b'<sst xmlns="%b"><si>%b</si></sst>' % (SHEET_MAIN_NS.encode(), text_of),
            "Content_Types]_xml": lambda xml: xml.replace(b"</Types>", shared),
        },
    )
    assert read(path) == [(2, ["x", text], "")]


def test_hidden_sheets_are_not_taken(save):
    book = Workbook()
    book.active.append(["old", "table"])
    book.active.sheet_state = "hidden"
    book.create_sheet().append(["a", "b"])
    path = save()
    book.save(path)
    assert inspect(path).header == ("a", "b")


@pytest.mark.parametrize("name", ["sales.xlsm", "sales.xlsx"])
def test_input_91_macros_are_refused(save, name):
    path = save(["a", "b"], [1, 2], name=name)
    if name.endswith("x"):
        path = rewrite(path, **{"xl/vbaProject.bin": lambda _: b"macro"})
    assert refusal(path) == "The workbook contains macros (.xlsm). Save it as a workbook without macros (.xlsx)."


def test_input_91_xml_entities_are_refused(save):
    bomb = b'<!DOCTYPE x [<!ENTITY a "1"><!ENTITY b "&a;&a;&a;">]>'
    path = rewrite(
        save(["a", "b"], [1, 2]),
        sheet1_xml=lambda xml: xml.replace(b"<worksheet", bomb + b"<worksheet", 1).replace(b"<v>1</v>", b"<v>&b;</v>"),
    )
    assert refusal(path).startswith("The workbook contains XML that workbooks do not have (entities).")


def test_input_91_external_links_are_not_followed(save):
    path = rewrite(
        save(["a", "b"], [1, 2]),
        **{"xl/externalLinks/externalLink1.xml": lambda _: b"<externalLink/>"},
    )
    assert read(path) == [(2, [Decimal(1), Decimal(2)], "")]


def test_input_72_a_bomb_is_refused_before_it_is_unpacked(save):
    path = rewrite(save(["a", "b"], [1, 2]), **{"xl/media/image1.png": lambda _: b"\x00" * 30_000_000})
    assert "grows more than 200 times" in refusal(path)


def test_input_72_a_sheet_with_too_many_cells_is_refused(save, monkeypatch):
    monkeypatch.setattr(limits, "MAX_CELLS", 10)
    assert refusal(save(*[["a", "b"]] * 6)) == "The sheet has more than 10 cells. Split the file by month."


def test_input_72_a_cell_far_to_the_right_is_refused(save):
    path = save(["a", "b"], [1, 2], [*[None] * 300, "x"])
    assert "The sheet has more than" in refusal(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04 no package", "The packed file is cut or damaged."),
        (b"", "The file is empty."),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path, content, sentence):
    (tmp_path / "x.xlsx").write_bytes(content)
    assert sentence in refusal(tmp_path / "x.xlsx")


def test_another_package_and_a_damaged_sheet_are_refused(save, tmp_path):
    with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as package:
        package.writestr("word/document.xml", "<w/>")
    assert "This is not a table." in refusal(tmp_path / "other.xlsx")
    damaged = rewrite(save(["a", "b"], [1, 2]), sheet1_xml=lambda xml: xml[: len(xml) // 2])
    assert "The workbook is damaged" in refusal(damaged)
    empty = save(name="empty.xlsx")
    assert "The first sheet is empty." in refusal(empty)
