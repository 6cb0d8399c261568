"""Excel workbooks: the values of the first sheet, row by row, behind limits. Runs in the process apart."""

import datetime as dt
import json
import warnings
import zipfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook

from depesa.imports.rules import limits
from depesa.imports.rules.files import BOMB, BROKEN_PACK, NOT_A_TABLE, RATIO
from depesa.imports.rules.refusals import Unreadable, gettext_noop

Cell = str | Decimal | dt.date

MACROS = gettext_noop("The workbook contains macros (.xlsm). Save it as a workbook without macros (.xlsx).")
ENTITIES = gettext_noop("The workbook contains XML that workbooks do not have (entities). It was not opened.")
DAMAGED = gettext_noop("The workbook is damaged or not an Excel workbook. Save it again as .xlsx.")
TOO_MANY_CELLS = gettext_noop("The sheet has more than %(limit)d cells. Split the file by month.")

_DAMAGES = (
    ParseError,
    zipfile.BadZipFile,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
)


type Found = tuple[dict[str, Any], list[bytes]]


def head(path: str) -> Found:
    """The `cells` of the first row that is not blank, as text; null for an empty sheet; or why it is `unreadable`."""
    try:
        cells = next((values for _line, values in _read_cells(Path(path))), None)
    except Unreadable as found:
        return {"unreadable": found.problem}, []
    return {"cells": cells and [_write(cell) for cell in cells]}, []


def spool(path: str, target: str, most: int | None, most_cells: int) -> Found:
    """Write at most so many rows that are not blank, a JSON line each: its number and its cells, see `workbook`."""
    try:
        with Path(target).open("w", encoding="utf-8", errors="surrogatepass") as rows:
            rows.writelines(
                json.dumps([line, [_packed(value) for value in values]], ensure_ascii=False) + "\n"
                for line, values in islice(_read_cells(Path(path), most_cells), most)
            )
    except Unreadable as found:
        return {"unreadable": found.problem}, []
    return {}, []


def _packed(value: object) -> str | list[str]:
    """A cell as JSON carries it: text as it is, a number or a day with a letter before it."""
    cell = _convert(value)
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Decimal):
        return ["n", str(cell)]
    return ["t" if isinstance(cell, dt.datetime) else "d", cell.isoformat()]


def _read_cells(path: Path, most: int = limits.MAX_CELLS) -> Iterator[tuple[int, list[object]]]:
    """Row number and values up to the last filled cell; blank rows are left out."""
    _check_package(path)
    try:
        yield from _walk(path, most)
    except Unreadable:
        raise
    except _DAMAGES as damage:
        # openpyxl wraps what the guard against entities raises.
        causes = (damage, damage.__cause__, damage.__context__)
        is_bomb = any(isinstance(cause, DefusedXmlException) for cause in causes)
        raise Unreadable(ENTITIES if is_bomb else DAMAGED) from None


def _walk(path: Path, most: int) -> Iterator[tuple[int, list[object]]]:
    with ExitStack() as stack:
        # Opened here, because a workbook that cannot be loaded leaves its file open.
        file = stack.enter_context(path.open("rb"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that do not matter for values
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        stack.callback(book.close)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # the declared size may lie in both directions
        rows: Generator[tuple[object, ...]] = sheet.iter_rows(values_only=True)
        stack.callback(rows.close)
        seen = 0
        for line, values in enumerate(rows, 1):
            width = len(values)
            while width and values[width - 1] in (None, ""):
                width -= 1
            seen += width
            if width > limits.MAX_COLUMNS or seen > most:
                raise Unreadable(TOO_MANY_CELLS, limit=most)
            if width:
                yield line, list(values[:width])


def _check_package(path: Path) -> None:
    """Macros, bombs and other packages are refused before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = {part.filename: part for part in package.infolist()}
            types = package.read("[Content_Types].xml") if "[Content_Types].xml" in parts else b""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        raise Unreadable(BROKEN_PACK) from None
    if "xl/vbaProject.bin" in parts or b"macroEnabled" in types or path.suffix.lower() == ".xlsm":
        raise Unreadable(MACROS)
    if "xl/workbook.xml" not in parts:
        raise Unreadable(NOT_A_TABLE)
    total = sum(part.file_size for part in parts.values())
    strings = parts.get("xl/sharedStrings.xml")
    if total > limits.MAX_UNPACKED_BYTES or (strings and strings.file_size > limits.MAX_SHARED_STRINGS_BYTES):
        raise Unreadable(BOMB, limit=limits.MAX_SHARED_STRINGS_BYTES // limits.MEGABYTE)
    if total > limits.FREE_UNPACKED_BYTES and total > path.stat().st_size * limits.MAX_RATIO:
        raise Unreadable(RATIO, limit=limits.MAX_RATIO)


def _convert(value: object) -> Cell:
    """A value without its binary noise: 0.1 + 0.2 is 0.3, as the sheet shows it (15 digits)."""
    if value is None:
        return ""
    if isinstance(value, str | dt.date):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(format(value, ".15g"))
    return str(value)


def _write(value: object) -> str:
    cell = _convert(value)
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)
