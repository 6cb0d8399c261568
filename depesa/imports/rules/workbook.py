"""A workbook as its reader sees it: opened in a process apart, its rows one at a time."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from depesa.files.sandbox import NotOpened, Open, open_apart
from depesa.imports.rules import limits, sheets
from depesa.imports.rules.cells import Coded, NoResult
from depesa.imports.rules.files import name_columns
from depesa.imports.rules.refusals import Problem, Unreadable, gettext_noop
from depesa.imports.rules.sheets import Cell

Row = tuple[int, list[Cell], Problem | None]

NO_HEADER = gettext_noop("The first sheet is empty. Put the table there, its header in the first row.")
EXTRA_CELLS = gettext_noop("Row %(line)d: %(found)d columns instead of %(expected)d.")
ERROR_CELL = gettext_noop("Row %(line)d, column “%(column)s”: the cell shows the error %(error)s.")
BROKEN_CELL = gettext_noop("Row %(line)d, column “%(column)s”: a forbidden character.")
TOO_HEAVY = gettext_noop(
    "The workbook needs more time or memory than a workbook may take. Save its table as CSV and choose that file."
)

_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")
SECONDS = 10.0  # for a workbook of any size
BYTES_A_SECOND = 100_000  # of a big one


def read_header(path: Path) -> tuple[str, ...]:
    """The column names in the first row that is not blank."""
    if (cells := _open(sheets.head, path)["cells"]) is None:
        raise Unreadable(NO_HEADER)
    return name_columns(cells)


def read_rows(path: Path, header: tuple[str, ...], most: int | None = None) -> Iterator[Row]:
    """The rows under the header, at most so many; only values, never a formula, a link or a macro."""
    with NamedTemporaryFile(dir=path.parent, prefix=".rows-") as spooled:
        _open(sheets.spool, path, spooled.name, None if most is None else most + 1, limits.MAX_CELLS)
        width = len(header)
        with Path(spooled.name).open(encoding="utf-8", errors="surrogatepass") as rows:
            next(rows, None)
            for text in rows:
                line, packed = json.loads(text)
                yield _cells_of(line, [_unpacked(cell) for cell in packed], header, width)


def _open(function: Open, path: Path, *options: str | int | None) -> dict[str, Any]:
    seconds = SECONDS + path.stat().st_size / BYTES_A_SECOND
    try:
        found: dict[str, Any] = open_apart(function, str(path), *options, seconds=seconds).facts
    except NotOpened:
        raise Unreadable(TOO_HEAVY) from None
    if problem := found.get("unreadable"):
        sentence, values, _field = problem
        raise Unreadable(sentence, **values)
    return found


def _unpacked(cell: str | list[str]) -> Cell:
    if isinstance(cell, str):
        return cell
    kind, text = cell[:2]
    if kind == "c":
        return Coded.of(text, Decimal(cell[2]))
    if kind == "f":
        return NoResult(text)
    if kind == "n":
        return Decimal(text)
    return dt.datetime.fromisoformat(text) if kind == "t" else dt.date.fromisoformat(text)


def _cells_of(line: int, cells: list[Cell], header: tuple[str, ...], width: int) -> Row:
    if len(cells) < width:
        cells.extend([""] * (width - len(cells)))
    elif len(cells) > width:
        return line, cells, Problem(EXTRA_CELLS, {"line": line, "found": len(cells), "expected": width})
    return line, cells, _find_problem(line, cells, header)


def _find_problem(line: int, cells: list[Cell], header: tuple[str, ...]) -> Problem | None:
    for column, cell in zip(header, cells, strict=True):
        if isinstance(cell, str) and cell:
            if isinstance(cell, NoResult):
                return Problem(sheets.NO_RESULT, {"cell": str(cell)})
            if cell in _ERRORS:
                return Problem(ERROR_CELL, {"line": line, "column": column, "error": cell})
            if _FORBIDDEN.search(cell) or len(cell) > limits.MAX_CELL_LENGTH:
                return Problem(BROKEN_CELL, {"line": line, "column": column})
    return None
