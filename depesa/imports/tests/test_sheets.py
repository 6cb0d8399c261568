"""Reading Excel workbooks: only values, behind limits; what is no plain workbook is refused in words."""

import datetime as dt
import zipfile
from decimal import Decimal

import pytest
from openpyxl import Workbook

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


def test_input_91_only_the_value_of_a_formula_is_read(save):
    path = save(["a", "b"], ["=1+1", '=HYPERLINK("http://e","x")'], [7, "x"])
    assert read(path) == [(3, [Decimal(7), "x"], "")]


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
