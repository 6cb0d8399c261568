"""Files of tables: CSV and XLSX in which no cell can become a formula."""

import csv
import datetime as dt
import io
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import IO, Final

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

type Cell = str | int | Decimal | dt.date | dt.datetime | None

CELL_TYPES: Final = (str, int, Decimal, dt.date, dt.datetime, type(None))
_DANGEROUS: Final = frozenset("=+-@")
_AT_THE_BEGINNING: Final = frozenset("\t\r\n\0")
LONGEST_CELL: Final = 32_767  # characters, the limit of spreadsheets
BYTE_ORDER_MARK: Final = "\ufeff"  # without it spreadsheets read UTF-8 as the machine's own code page


def harmless(text: str) -> str:
    """The text as a spreadsheet must not execute it: a leading ' before =, +, -, @, in any width and behind blanks.

    What is blank or not to be seen does not count as a beginning: spreadsheets pass over it, or drop it.
    """
    begins = next((c for c in text if c.isprintable() and not c.isspace()), "")
    is_formula = unicodedata.normalize("NFKC", begins)[:1] in _DANGEROUS or text[:1] in _AT_THE_BEGINNING
    safe = f"'{text}" if begins and is_formula else text
    return ILLEGAL_CHARACTERS_RE.sub("", safe)[:LONGEST_CELL]


def csv_lines(rows: Iterable[Sequence[Cell]]) -> str:
    """The rows as CSV after RFC 4180: comma, quotes doubled, CRLF; dates as 2011-06-30, numbers with a point."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerows([_cell_text(cell) for cell in row] for row in rows)
    return stream.getvalue()


def _cell_text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Decimal():
            return f"{cell:f}"
        case dt.datetime():
            return cell.isoformat(sep=" ", timespec="seconds")
        case dt.date():
            return cell.isoformat()
        case int():
            return str(cell)
        case _:
            return harmless(str(cell))


def workbook(title: str, rows: Iterable[Sequence[Cell]]) -> IO[bytes]:
    """The rows as an XLSX file of one sheet, open at its beginning; the first row stays in sight."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("".join(c for c in title if c not in "[]:*?/\\")[:31] or "1")
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_cell(sheet, cell) for cell in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    book.save(file)
    file.seek(0)
    return file


def _cell(sheet: WriteOnlyWorksheet, cell: Cell) -> object:
    match cell:
        case str():
            text = WriteOnlyCell(sheet, harmless(cell))
            text.data_type = "s"  # whatever it begins with, openpyxl guesses nothing
            return text
        case dt.datetime():
            return cell.replace(tzinfo=None)  # a cell knows no time zone; it holds the time that the page shows
        case _:
            return cell
