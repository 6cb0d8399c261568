"""Excel workbooks: the values of the first sheet, row by row, behind limits. Runs in the process apart."""

import datetime as dt
import json
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final, override
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from depesa.imports.rules import limits
from depesa.imports.rules.cells import Coded, NoResult, Show, show_by, unescape
from depesa.imports.rules.files import BOMB, BROKEN_PACK, NOT_A_TABLE, RATIO
from depesa.imports.rules.refusals import Unreadable, gettext_noop

Cell = str | Decimal | dt.date

MACROS = gettext_noop("The workbook contains macros (.xlsm). Save it as a workbook without macros (.xlsx).")
ENTITIES = gettext_noop("The workbook contains XML that workbooks do not have (entities). It was not opened.")
DAMAGED = gettext_noop("The workbook is damaged or not an Excel workbook. Save it again as .xlsx.")
NO_RESULT = gettext_noop(
    "Cell %(cell)s holds a formula without its result. Open the workbook in Excel, save it and choose it again."
)
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

_LAST_MILLISECOND: Final = 86_399_999
_BOOK: Final = "xl/workbook.xml"
_UNRECKONED: Final = re.compile(rb"fullCalcOnLoad\s*=\s*[\"'](?:1|true)")
_STRING_TAG: Final = f"{{{SHEET_MAIN_NS}}}si"

type Found = tuple[dict[str, Any], list[bytes]]


def head(path: str) -> Found:
    """The `cells` of the first row that is not blank, as text; null for an empty sheet; or why it is `unreadable`."""
    try:
        cells = next((values for _line, values in _read_cells(Path(path))), None)
        return {"cells": cells and [_write(cell) for cell in cells]}, []
    except Unreadable as found:
        return {"unreadable": found.problem}, []


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
    """A cell as JSON carries it: text as it is, anything else with a letter before it."""
    cell = _convert(value)
    if isinstance(cell, Coded):
        return ["c", cell, str(cell.value)]
    if isinstance(cell, NoResult):
        return ["f", cell]
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
            reader = _Reader(file, read_only=True, data_only=True, keep_links=False)
            reader.read()
        book: Any = reader.wb
        is_unreckoned = bool(
            _UNRECKONED.search(reader.archive.read(_BOOK))
        )  # openpyxl takes it for said where it is not
        stack.callback(book.close)
        sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), book.worksheets[0])
        source = stack.enter_context(sheet._get_source())
        seen = 0
        for line, cells in _Parser(source, sheet._shared_strings, book, is_unreckoned=is_unreckoned).parse():
            filled = {cell["column"]: cell["value"] for cell in cells if cell["value"] not in (None, "")}
            width = max(filled, default=0)
            seen += width
            if width > limits.MAX_COLUMNS or seen > most:
                raise Unreadable(TOO_MANY_CELLS, limit=most)
            if width:
                yield line, [filled.get(column) for column in range(1, width + 1)]


class _Reader(ExcelReader):
    """A workbook with its strings as they are written, which openpyxl changes."""

    @override
    def read_strings(self) -> None:
        package: Any = self.package
        part = package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as source:
            for _event, element in iterparse(source):
                if element.tag == _STRING_TAG:
                    text: Any = Text.from_tree(element)
                    self.shared_strings.append(unescape(text.content or ""))
                    element.clear()


class _Parser(WorkSheetParser):
    """The cells of a sheet: days by the whole part of their number, formulas told from their results."""

    def __init__(self, source: Any, strings: list[str], book: Any, *, is_unreckoned: bool) -> None:
        super().__init__(source, strings, data_only=True, epoch=book.epoch)
        self._days, self._spans = book._date_formats, book._timedelta_formats
        self._formats = _formats_of(book)
        self._is_unreckoned = is_unreckoned

    @override
    def parse_cell(self, element: Element) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        value, kind = cell["value"], cell["data_type"]
        # Programs that do not reckon keep nothing or 0, and ask Excel to reckon when it opens the workbook.
        is_kept = value if self._is_unreckoned else value is not None
        if kind in {"n", "b"} and not is_kept and element.find(FORMULA_TAG) is not None:
            cell["value"] = NoResult(element.get("r") or "?")
        elif isinstance(value, str) and element.get("t") != "s":  # shared ones are read already
            cell["value"] = unescape(value)
        elif kind == "n" and value is not None:
            cell["value"] = self._shown(value, cell["style_id"])
        return cell

    def _shown(self, value: float, style: int) -> object:
        if style in self._days:
            return _day_of(value, self.epoch, is_span=style in self._spans)
        number = Decimal(value) if isinstance(value, int) else Decimal(format(value, ".15g"))
        show = self._formats[style] if style < len(self._formats) else None
        shown = show(number) if show else None
        return number if shown is None else Coded.of(shown, number)


def _day_of(value: float, epoch: dt.datetime, *, is_span: bool) -> object:
    """The day and time of a serial; its whole part is the day, however late the time."""
    try:
        if is_span or value < 1:
            return from_excel(value, epoch, timedelta=is_span)
        day, fraction = divmod(value, 1)
        return from_excel(day, epoch) + dt.timedelta(milliseconds=min(round(fraction * 86_400_000), _LAST_MILLISECOND))
    except (OverflowError, ValueError):
        return "#VALUE!"


def _formats_of(book: Any) -> list[Show | None]:
    """By style, how its numbers are shown where that is not how they are written."""
    own = book._number_formats
    ids = [style.numFmtId for style in book._cell_styles]
    return [
        show_by(own[at - BUILTIN_FORMATS_MAX_SIZE] if at >= BUILTIN_FORMATS_MAX_SIZE else BUILTIN_FORMATS.get(at, ""))
        for at in ids
    ]


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
    if _BOOK not in parts:
        raise Unreadable(NOT_A_TABLE)
    total = sum(part.file_size for part in parts.values())
    strings = parts.get("xl/sharedStrings.xml")
    if total > limits.MAX_UNPACKED_BYTES or (strings and strings.file_size > limits.MAX_SHARED_STRINGS_BYTES):
        raise Unreadable(BOMB, limit=limits.MAX_SHARED_STRINGS_BYTES // limits.MEGABYTE)
    if total > limits.FREE_UNPACKED_BYTES and total > path.stat().st_size * limits.MAX_RATIO:
        raise Unreadable(RATIO, limit=limits.MAX_RATIO)


def _convert(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, str | dt.date | Decimal):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value)


def _write(value: object) -> str:
    cell = _convert(value)
    if isinstance(cell, NoResult):
        raise Unreadable(NO_RESULT, cell=cell)
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)
