"""What a file is, seen from its content: text (plain or packed), its encoding, or a workbook."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple, cast

from charset_normalizer import from_bytes

from depesa.imports.rules import limits
from depesa.imports.rules.refusals import Unreadable, gettext_noop

Kind = Literal["csv", "xlsx"]
SEPARATORS = ",;\t|"
ENCODINGS = ("utf-8", "cp1250", "cp1257", "cp1252", "iso8859_2", "utf-16")

_CHUNK = limits.MEGABYTE
_SAMPLE_LINES = 400
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEP_LINE = re.compile(r"sep=([,;\t|])\s*")  # what Excel writes, and reads, above a table
_SIGNS = "„“”‚‘’–—…°€£§²³×\u00a0"
_ALPHABETS = tuple(letters + _SIGNS for letters in ("áčďéěíĺľňóôŕřšťúůýžä", "ąčęėįšųūž", "ąćęłńóśźż", "äöüßéèà"))

EMPTY = gettext_noop("The file is empty.")
TOO_BIG = gettext_noop("%(size)d MB is over the limit of %(limit)d MB. Split the file by month.")
BOMB = gettext_noop("The file grows to more than %(limit)d MB when unpacked. Split it by month.")
RATIO = gettext_noop("The file grows more than %(limit)d times when unpacked; sales data never do. Send it unpacked.")
BROKEN_PACK = gettext_noop("The packed file is cut or damaged. Pack it again.")
OLD_EXCEL = gettext_noop("This is an old Excel file or one with a password. Save it as .xlsx without one.")
NOT_A_TABLE = gettext_noop("This is not a table. Choose a CSV file (also .gz) or an Excel workbook (.xlsx).")
LONG_LINE = gettext_noop("A line is longer than %(limit)d kB: this is not a table of one row a line.")
NO_SEPARATOR = gettext_noop("The header is one column: no separator was found. Choose the separator.")
UNREADABLE = gettext_noop("The file cannot be read as %(encoding)s. Choose another encoding.")


@dataclass(frozen=True)
class Shape:
    """How to read a file: found by `inspect`, corrected by a person where it was found wrongly."""

    kind: Kind
    header: tuple[str, ...] = ()
    encoding: str = "utf-8"
    separator: str = ","
    quote: str = '"'
    header_line: int = 1
    is_packed: bool = False
    lines: int = 0
    """Physical lines, for the progress bar; 0 where unknown."""


def inspect_bytes(path: Path, encoding: str = "", separator: str = "") -> Shape:
    """What the file is, from its bytes; a given encoding or separator wins over the found one."""
    size = path.stat().st_size
    if not size:
        raise Unreadable(EMPTY)
    if size > limits.MAX_FILE_BYTES:
        raise Unreadable(TOO_BIG, size=-(-size // limits.MEGABYTE), limit=limits.MAX_FILE_BYTES // limits.MEGABYTE)
    with path.open("rb") as file:
        magic = file.read(8)
    if magic.startswith(b"PK\x03\x04"):
        return Shape("xlsx")
    if magic.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(OLD_EXCEL)
    if magic.startswith((b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"MZ", b"\x7fELF", b"7z\xbc\xaf", b"Rar!")):
        raise Unreadable(NOT_A_TABLE)
    shape = Shape("csv", is_packed=magic.startswith(b"\x1f\x8b"))
    sample = _scan(path, shape)
    shape = replace(shape, encoding=encoding or sample.find_encoding(), lines=sample.lines)
    return _find_layout(path, shape, separator)


def open_text(path: Path, shape: Shape) -> io.TextIOWrapper:
    """The text of a file as a stream; bytes that the encoding does not know come as lone surrogates."""
    errors = "surrogatepass" if shape.encoding.startswith("utf-16") else "surrogateescape"
    return io.TextIOWrapper(open_bytes(path, shape), shape.encoding, errors, newline="")


def open_bytes(path: Path, shape: Shape) -> BinaryIO:
    """The bytes of a file as a stream, unpacked."""
    return cast("BinaryIO", gzip.open(path, "rb")) if shape.is_packed else path.open("rb")


@dataclass
class _Sample:
    """What one pass over all bytes showed."""

    start: bytes = b""
    lines: int = 0
    foreign_lines: list[bytes] = field(default_factory=list)

    def find_encoding(self) -> str:
        for mark, name in _BOMS:
            if self.start.startswith(mark):
                return name
        if not self.foreign_lines:
            return "utf-8"
        # One broken byte in a thousand good lines is a broken line, not another encoding.
        readable = sum(_is_utf8(line) for line in self.foreign_lines)
        if readable * 2 > len(self.foreign_lines):
            return "utf-8"
        text = b"\n".join(self.foreign_lines)
        if by_letters := _find_by_letters(text):
            return by_letters
        best = from_bytes(text, cp_isolation=list(ENCODINGS[1:5])).best()
        return best.encoding if best else "cp1250"


def _find_by_letters(sample: bytes) -> str:
    """The encoding under which nearly all foreign letters are those of one language; empty where none is."""
    shares: dict[str, float] = {}
    for encoding in ENCODINGS[1:5]:
        foreign = [sign for sign in sample.decode(encoding, "replace").casefold() if not sign.isascii()]
        known = max(sum(sign in letters for sign in foreign) for letters in _ALPHABETS)
        shares[encoding] = known / max(len(foreign), 1)
    best = max(shares, key=lambda encoding: shares[encoding])
    return best if shares[best] > 0.9 else ""


def _scan(path: Path, shape: Shape) -> _Sample:
    """One pass over the file: its size unpacked, its longest line, and lines with letters beyond ASCII."""
    sample, total, packed = _Sample(), 0, path.stat().st_size
    for chunk in _read_chunks(path, shape):
        if not sample.start:
            sample.start = chunk[:4096]
            _check_text(sample.start)
        total += len(chunk)
        sample.lines += chunk.count(b"\n")
        _check_growth(total, packed)
        if len(chunk) == _CHUNK and b"\n" not in chunk and b"\r" not in chunk:
            raise Unreadable(LONG_LINE, limit=_CHUNK // 1024)
        if not chunk.isascii():
            sample.foreign_lines.extend(islice(_find_foreign_lines(chunk), _SAMPLE_LINES - len(sample.foreign_lines)))
    if not total:
        raise Unreadable(EMPTY)
    return sample


def _check_text(start: bytes) -> None:
    """One NUL in a line is named with its line later; a file full of them is no text."""
    if start.count(b"\x00") > len(start) // 8 and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(NOT_A_TABLE)


def _find_foreign_lines(chunk: bytes) -> Iterator[bytes]:
    """Lines with bytes beyond ASCII; the search for the next such byte runs in C."""
    at = 0
    while True:
        try:
            chunk[at:].decode("ascii")
        except UnicodeDecodeError as error:
            found = at + error.start
        else:
            return
        end = chunk.find(b"\n", found)
        at = len(chunk) if end < 0 else end + 1
        yield chunk[max(chunk.rfind(b"\n", 0, found) + 1, found - 500) : min(at, found + 500)]


def _check_growth(total: int, packed: int) -> None:
    if total > limits.MAX_UNPACKED_BYTES:
        raise Unreadable(BOMB, limit=limits.MAX_UNPACKED_BYTES // limits.MEGABYTE)
    if total > limits.FREE_UNPACKED_BYTES and total > packed * limits.MAX_RATIO:
        raise Unreadable(RATIO, limit=limits.MAX_RATIO)


def _read_chunks(path: Path, shape: Shape) -> Iterator[bytes]:
    with open_bytes(path, shape) as stream:
        try:
            while chunk := stream.read(_CHUNK):
                yield chunk
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise Unreadable(BROKEN_PACK) from None


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _find_layout(path: Path, shape: Shape, separator: str) -> Shape:
    """The shape with its separator, quote and header, from the first lines."""
    try:
        with open_text(path, shape) as stream:
            lines = [line for line, _ in zip(stream, range(60), strict=False)]
    except (UnicodeError, LookupError):
        raise Unreadable(UNREADABLE, encoding=shape.encoding) from None
    first = next((at for at, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise Unreadable(EMPTY)
    if (told := _SEP_LINE.fullmatch(lines[first])) and first + 1 < len(lines):
        separator, first = separator or told[1], first + 1
    body = lines[first:]
    quote = "'" if _is_quoted_by("'", body) and not _is_quoted_by('"', body) else '"'
    try:
        found = [_Head.find(body, each, quote) for each in (separator or SEPARATORS)]
    except csv.Error:
        raise Unreadable(NOT_A_TABLE) from None
    head = max(filter(None, found), key=lambda each: (each.share, len(each.cells)), default=None)
    if head is None:
        raise Unreadable(NO_SEPARATOR)
    if len(head.cells) > limits.MAX_COLUMNS:
        raise Unreadable(NOT_A_TABLE)
    names = name_columns(head.cells)
    return replace(shape, separator=head.separator, quote=quote, header=names, header_line=first + head.last_line)


class _Head(NamedTuple):
    """A header under one separator, and how many of all rows have as many columns."""

    separator: str
    cells: list[str]
    last_line: int
    share: float

    @classmethod
    def find(cls, lines: list[str], separator: str, quote: str) -> _Head | None:
        """The first row of several columns: a title above the table is passed over."""
        reader = csv.reader(lines, delimiter=separator, quotechar=quote)
        rows = [(row, reader.line_num) for row in reader if row]
        start = next((at for at, (row, _) in enumerate(rows) if sum(map(bool, row)) > 1), None)
        if start is None:
            return None
        cells, last_line = rows[start]
        alike = sum(len(row) == len(cells) for row, _ in rows[start:])
        return cls(separator, cells, last_line, round(alike / len(rows), 1))


def _is_quoted_by(quote: str, lines: list[str]) -> bool:
    pattern = re.compile(rf"(?:^|[,;\t|]){quote}[^{quote}]*{quote}(?=[,;\t|]|\s*$)")
    return sum(bool(pattern.search(line)) for line in lines) * 2 > len(lines)


def name_columns(header: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Column names as they are chosen in a profile: trimmed, an unnamed or repeated one by its place."""
    names: list[str] = []
    for at, cell in enumerate(header, 1):
        name = " ".join(cell.split()).strip("\ufeff") or f"#{at}"
        names.append(name if name not in names else f"{name} #{at}")
    return tuple(names)
