"""The rows of a file, one at a time: line number, cells, and what is wrong with the line."""

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from depesa.imports.rules import limits, workbook
from depesa.imports.rules.files import UNREADABLE, Shape, inspect_bytes, open_text
from depesa.imports.rules.refusals import Problem, Unreadable, gettext_noop
from depesa.imports.rules.workbook import Row

COLUMNS = gettext_noop("Row %(line)d: %(found)d columns instead of %(expected)d.")
QUOTE = gettext_noop("Row %(line)d: a quotation mark is not closed, or stands inside a quoted cell.")
NUL = gettext_noop("Row %(line)d, column %(column)d: a forbidden character (NUL).")
BROKEN = gettext_noop("Row %(line)d, column %(column)d: a character cannot be read as %(encoding)s.")
LONG_CELL = gettext_noop("Row %(line)d: a cell is longer than %(limit)d characters.")

_SURROGATE = re.compile("[\ud800-\udfff]")


def inspect(path: Path, encoding: str = "", separator: str = "") -> Shape:
    """What the file is, with its header; a given encoding or separator wins over the found one."""
    shape = inspect_bytes(path, encoding, separator)
    return replace(shape, header=workbook.read_header(path)) if shape.kind == "xlsx" else shape


def read_rows(path: Path, shape: Shape, most: int | None = None) -> Iterator[Row]:
    """Every row under the header, or so many, in constant memory; blank ones are left out, broken ones say why."""
    if shape.kind == "xlsx":
        return workbook.read_rows(path, shape.header, most)
    return islice(_read_csv(path, shape), most)


def read_sample(path: Path, shape: Shape, count: int = 20) -> list[Row]:
    """The first rows, for a preview and for guessing."""
    return list(read_rows(path, shape, count))


def _read_csv(path: Path, shape: Shape) -> Iterator[Row]:
    try:
        with open_text(path, shape) as stream:
            yield from _parse(stream, shape)
    except (UnicodeError, LookupError):
        raise Unreadable(UNREADABLE, encoding=shape.encoding) from None


class _Feed:
    """Physical lines for the CSV reader, kept until their row is whole: a broken quote costs one line."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines
        self.waiting: list[str] = []
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        # Written for speed: this runs once a line.
        lines, taken, waiting = self.lines, self.taken, self.waiting
        while True:
            if waiting:
                line = waiting.pop()
            else:
                try:
                    line = next(lines)
                except StopIteration:
                    return
            if len(taken) >= limits.MAX_ROW_LINES:
                waiting.append(line)
                raise csv.Error
            taken.append(line)
            yield line

    def give_back(self) -> int:
        """Put all but the first line back; say how many were spent (one)."""
        self.waiting.extend(reversed(self.taken[1:]))
        self.taken.clear()
        return 1


def _parse(stream: Iterator[str], shape: Shape) -> Iterator[Row]:
    feed, line, width = _Feed(stream), 1, len(shape.header)
    for _ in range(shape.header_line):
        line += next(stream, "") != ""
    taken = feed.taken
    rows = csv.reader(iter(feed), delimiter=shape.separator, quotechar=shape.quote, strict=True)
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error:
            if not taken:
                return
            cells = taken[0].rstrip("\r\n").split(shape.separator)
            yield line, list(cells), Problem(QUOTE, {"line": line})
            line += feed.give_back()
            rows = csv.reader(iter(feed), delimiter=shape.separator, quotechar=shape.quote, strict=True)
            continue
        if cells:
            problem = _find_problem(line, cells, taken, width, shape.encoding)
            if problem and problem.sentence == COLUMNS and len(taken) > 1:
                # A quote that was never closed swallowed the next lines: they are read again.
                yield line, [*cells], Problem(QUOTE, {"line": line})
                line += feed.give_back()
                continue
            if problem or any(cells):
                yield line, cells, problem  # type: ignore[misc]  # a list of texts is a list of cells
        line += len(taken)
        taken.clear()


def _find_problem(line: int, cells: list[str], taken: list[str], width: int, encoding: str) -> Problem | None:
    for offset, text in enumerate(taken):
        if "\x00" in text:
            return Problem(NUL, {"line": line + offset, "column": text.index("\x00") + 1})
        if not text.isascii() and (match := _SURROGATE.search(text)):
            return Problem(BROKEN, {"line": line + offset, "column": match.start() + 1, "encoding": encoding})
    if len(cells) != width:
        return Problem(COLUMNS, {"line": line, "found": len(cells), "expected": width})
    is_long = len(taken) > 1 or len(taken[0]) > limits.MAX_CELL_LENGTH
    if is_long and any(len(cell) > limits.MAX_CELL_LENGTH for cell in cells):
        return Problem(LONG_CELL, {"line": line, "limit": limits.MAX_CELL_LENGTH})
    return None
