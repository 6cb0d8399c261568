"""Reading CSV files: what they are is found out, what is broken is named by its line."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depesa.imports.rules import limits
from depesa.imports.rules.refusals import Unreadable
from depesa.imports.rules.rows import inspect, read_rows


@pytest.fixture
def write(tmp_path):
    def write_file(content, encoding="utf-8", name="sales.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write_file


def read(path, **found):
    shape = inspect(path, **found)
    return [(line, cells, str(problem or "")) for line, cells, problem in read_rows(path, shape)]


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("číslo;zákazník\n1;Příliš žluťoučký kůň\n", "cp1250", "cp1250"),
        ("numeris;klientas\n1;Žąsų ūkis, įmonė „Ėgliai“\n2;Šiaulių šviežūs gaminiai\n", "cp1257", "cp1257"),
        ("číslo;zákazník\n1;Novák\n", "utf-8", "utf-8"),
        ("číslo;zákazník\n1;Novák\n", "utf-8-sig", "utf-8-sig"),
        ("číslo;zákazník\n1;Novák\n", "utf-16", "utf-16"),
        ("number;customer\n1;Smith\n", "ascii", "utf-8"),
    ],
)
def test_input_88_the_encoding_is_found(write, text, encoding, found):
    path = write(text, encoding)
    assert inspect(path).encoding == found
    header, *rows = text.splitlines()
    assert inspect(path).header == tuple(header.split(";"))
    assert [cells for _, cells, _ in read(path)] == [row.split(";") for row in rows]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_input_88_the_separator_is_found(write, separator):
    rows = [["number", "note", "total"], ["1", "a, b; c", "1,50"], ["2", "d", "2,50"]]
    lines = [separator.join(f'"{cell}"' if any(s in cell for s in ",;") else cell for cell in row) for row in rows]
    assert [cells for _, cells, _ in read(write("\r\n".join(lines)))] == rows[1:]


def test_the_separator_that_excel_writes_first_is_followed(write):
    assert read(write("sep=|\na|b,c\n1|2,5\n")) == [(3, ["1", "2,5"], "")]


def test_a_title_above_the_table_is_passed_over(write):
    path = write("Sales of March\n\nnumber;total\n1;2,50\n")
    assert inspect(path).header == ("number", "total")
    assert read(path) == [(4, ["1", "2,50"], "")]


def test_a_header_over_two_lines_is_one_header(write):
    path = write('number,"total\nEUR"\n1,2.50\n')
    assert inspect(path).header == ("number", "total EUR")
    assert read(path) == [(3, ["1", "2.50"], "")]


def test_single_quotes_are_found(write):
    assert read(write("'a','b'\n'1','x, y'\n'2','z'\n")) == [(2, ["1", "x, y"], ""), (3, ["2", "z"], "")]


def test_input_88_a_row_with_a_column_too_many_is_named(write):
    good = ",".join("abcdefghijk")
    path = write("\n".join([good] * 216 + [good + ",l"] + [good]))
    problems = [problem for _, _, problem in read(path) if problem]
    assert problems == ["Row 217: 12 columns instead of 11."]


def test_input_88_a_broken_quote_costs_its_line_only(write):
    path = write('a,b\n1,"x\n2,y\n3,"z"\n4,"u"v"\n5,w\n6,"two\nlines"\n7,end\n')
    assert [(line, problem or cells) for line, cells, problem in read(path)] == [
        (2, "Row 2: a quotation mark is not closed, or stands inside a quoted cell."),
        (3, ["2", "y"]),
        (4, ["3", "z"]),
        (5, "Row 5: a quotation mark is not closed, or stands inside a quoted cell."),
        (6, ["5", "w"]),
        (7, ["6", "two\nlines"]),
        (9, ["7", "end"]),
    ]


def test_a_quote_that_swallows_whole_lines_gives_them_back(write):
    path = write('a,b\n1,"x\n2,y"\n3,"z\n4,u","v\n5,w\n')
    lines = [line for line, _, _ in read(path)]
    assert {4, 5, 6} <= set(lines)


def test_a_quote_open_to_the_end_costs_one_line(write):
    rows = [f"{number},x" for number in range(200)]
    rows[10] = '10,"x'
    found = read(write("a,b\n" + "\n".join(rows)))
    assert [line for line, _, problem in found if problem] == [12]
    assert len(found) == 200


def test_an_inch_sign_in_a_cell_is_no_quote(write):
    assert read(write('a,b\n1,board 5" wide\n')) == [(2, ["1", 'board 5" wide'], "")]


def test_a_character_that_cannot_be_read_late_in_the_file_is_named(write):
    rows = ["číslo,text"] + ["1,žluť"] * 5_000 + ["2,abc\xff"] + ["3,žluť"]
    content = "\n".join(rows[:-2]).encode() + b"\n2,abc\xff\n" + rows[-1].encode()
    found = read(write(content))
    assert [(line, problem) for line, _, problem in found if problem] == [
        (5002, "Row 5002, column 6: a character cannot be read as utf-8.")
    ]
    assert len(found) == 5_002


def test_a_first_foreign_letter_late_in_the_file_decides_the_encoding(write):
    content = ("number;name\n" + "1;Smith\n" * 20_000 + "2;Příliš žluťoučký kůň úpěl\n").encode("cp1250")
    path = write(content)
    assert inspect(path).encoding == "cp1250"
    assert read(path)[-1][1] == ["2", "Příliš žluťoučký kůň úpěl"]


def test_nul_and_lone_surrogates_are_refused_with_line_and_column(write):
    found = read(write(b"a,b\n1,x\x00y\n2,z\xed\xa0\x80\n3,\xc5\xbe\n4,\xc5\xbe\n"))
    assert [problem for _, _, problem in found if problem] == [
        "Row 2, column 4: a forbidden character (NUL).",
        "Row 3, column 4: a character cannot be read as utf-8.",
    ]


def test_a_long_cell_is_refused(write):
    found = read(write("a,b\n1," + "x" * (limits.MAX_CELL_LENGTH + 1) + "\n2,y\n"))
    assert found[0][2] == "Row 2: a cell is longer than 4000 characters."
    assert found[1][2] == ""


def test_blank_lines_and_rows_are_left_out(write):
    assert read(write("\n\na,b\n\n1,2\n,\n\n3,4\n\n")) == [(5, ["1", "2"], ""), (8, ["3", "4"], "")]


def test_repeated_and_empty_headers_get_names(write):
    assert inspect(write("a, a ,\n1,2,3\n")).header == ("a", "a #2", "#3")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\n\n", "The file is empty."),
        (b"%PDF-1.7 ...", "This is not a table."),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 100, "This is an old Excel file or one with a password."),
        (b"\x01\x00\x00\x00" * 2000, "This is not a table."),
        (b"one column\nonly\n", "The header is one column: no separator was found."),
        (b"a," + b"x" * 200_000 + b"\n1,2\n", "This is not a table."),
        (gzip.compress(b"a,b\n1,2\n" * 1000, mtime=0)[:40], "The packed file is cut or damaged."),
        (gzip.compress(b"", mtime=0), "The file is empty."),
    ],
)
def test_what_is_no_table_is_refused_in_words(write, content, sentence):
    with pytest.raises(Unreadable) as caught:
        inspect(write(content))
    assert sentence in str(caught.value)


def test_a_packed_file_is_known_by_its_content(write):
    path = write(gzip.compress("číslo;b\n1;ž\n".encode(), mtime=0), name="sales.csv")
    assert read(path) == [(2, ["1", "ž"], "")]


def test_input_72_a_packed_bomb_is_refused(write):
    path = write(gzip.compress(b"a,b\n" + b"1,2\n" * 6_000_000, 9, mtime=0))
    with pytest.raises(Unreadable, match="grows more than 200 times"):
        inspect(path)


def test_a_file_of_one_endless_line_is_refused(write):
    with pytest.raises(Unreadable, match="A line is longer than 1024 kB"):
        inspect(write(b"a,b\n" + b"x" * (3 * limits.MEGABYTE)))


def test_a_file_over_the_limit_is_refused_before_it_is_read(write, monkeypatch):
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", limits.MEGABYTE)
    with pytest.raises(Unreadable) as caught:
        inspect(write(b"x" * (2 * limits.MEGABYTE)))
    assert str(caught.value) == "2 MB is over the limit of 1 MB. Split the file by month."


def test_a_person_may_choose_the_encoding(write):
    path = write("number;name\n1;Ž\n", "cp1250")
    assert read(path, encoding="cp1250")[0][1] == ["1", "Ž"]
    assert "cannot be read as utf-8" in read(path, encoding="utf-8")[0][2]


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(b"a,b\n" + content)
    try:
        lines = [line for line, _, _ in read(path)]
    except Unreadable:
        return
    assert lines == sorted(set(lines))
