"""One row as the line of a document: the cells that the profile names, read and checked."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from depesa.core.texts import as_key
from depesa.imports.rules import limits
from depesa.imports.rules.cells import Coded
from depesa.imports.rules.countries import find_country
from depesa.imports.rules.dates import DateOrder, parse_date
from depesa.imports.rules.fields import LABELS, read_kind
from depesa.imports.rules.numbers import DecimalSign, parse_number
from depesa.imports.rules.profiles import NO_TYPE, Profile
from depesa.imports.rules.refusals import Problem, Unreadable, gettext_noop, shorten
from depesa.imports.rules.sheets import Cell
from depesa.imports.rules.workbook import Row

HEAD = ("type", "date", "customer_code", "customer_name", "email", "language", "country", "currency", "total")
ITEM = ("quantity", "unit_price", "net", "vat_rate", "vat", "gross")
DECIMALS = {"quantity": 18, "unit_price": 18, "vat_rate": 2, "net": 4, "vat": 4, "gross": 4, "total": 4}
"""Amounts have those of their currency, four at most (ISO 4217: CLF); prices are what a division left."""
LIMITS = {
    "quantity": limits.MAX_QUANTITY,
    "unit_price": limits.MAX_UNIT_PRICE,
    "vat_rate": Decimal(100),
}
_QUANTITY, _RATE = ITEM.index("quantity"), ITEM.index("vat_rate")
MAX_NUMBER_LENGTH = 60
MAX_CUSTOMER_CODE_LENGTH = 40
MAX_REMEMBERED = 20_000

_FORMULA_SIGNS = frozenset("=+-@")
_SHORTENED = re.compile(r"[+-]?[0-9](?:[.,][0-9]+)?E\+[0-9]+|[+-]?[0-9][.,][0-9]+E-[0-9]+", re.ASCII | re.IGNORECASE)

NO_NUMBER = gettext_noop("The document number is missing.")
LONG_TEXT = gettext_noop("“%(text)s” is longer than %(limit)d characters.")
OVER_LIMIT = gettext_noop("“%(text)s” is over the limit of %(limit)s.")
NO_QUANTITY = gettext_noop("A quantity of 0 moves nothing. Leave the line out or correct it.")
SHORTENED = gettext_noop(
    "“%(text)s”: a spreadsheet has shortened this number. Format its column as text, enter it again and save the file."
)
NEGATIVE = gettext_noop("“%(text)s” may not be negative.")
UNKNOWN_TYPE = gettext_noop("“%(text)s” is not known. Write invoice, waybill, return or credit note.")
UNKNOWN_CURRENCY = gettext_noop("“%(text)s” is not a currency. Write its three letters, like EUR.")
SMALL_RATE = gettext_noop(
    "“%(text)s” can mean %(rate)s per cent or less than one. Write %(rate)s, or the rate with its percent sign."
)
_MOVES_NOTHING = Problem(NO_QUANTITY, field=LABELS["quantity"]).to_json()
ADJUSTMENT = gettext_noop(
    "Numbers that start with %(prefix)s are corrections without a sale (bad debts); they are not taken."
)


class Line(NamedTuple):
    """A row as it is staged; numbers as plain decimal text, an empty text where nothing was given."""

    line: int
    key: str
    """What makes its document one: the number, with a tab and the type where the file has a column for it."""
    head: int
    problem: str | None
    item_code: str
    description: str
    quantity: str
    unit_price: str
    net: str
    vat_rate: str
    vat: str
    gross: str


class LineReader:
    """Turns rows into lines by one profile; what a document repeats on its lines (the head) is read once."""

    def __init__(self, profile: Profile, header: tuple[str, ...], keep_head: Callable[[int, str, str], None]) -> None:
        self.profile = profile
        self.keep_head = keep_head
        self.heads = 0
        self._sign: DecimalSign | None = None
        if profile.decimal_sign in {".", ","}:
            self._sign = "." if profile.decimal_sign == "." else ","
        places = {name: header.index(column) for name, column in profile.columns.items()}
        self._number = places.get("number", -1)
        self._code = places.get("item_code", -1)
        self._text = places.get("description", -1)
        self._has_type = "type" in places
        self._head_names = [name for name in HEAD if name in places]
        # Twice the first place, so that itemgetter returns a tuple for one column too.
        head_places = [places[name] for name in self._head_names] or [0]
        self._get_head = itemgetter(self._number, *head_places, head_places[0])
        self._last_head: tuple[Cell, ...] | None = None
        self._last: tuple[str, int, str | None] = ("", 0, None)
        self._codes = _CodeColumn()
        self._items = [
            (places.get(name, -1), _NumberColumn(name, profile.constants.get(name, ""), self._sign)) for name in ITEM
        ]

    def read(self, row: Row) -> tuple[object, ...]:
        """The fields of a `Line` out of a row; what is wrong with it stands in `problem`."""
        line, cells, problem = row
        if problem is not None:
            return self._refuse(line, cells, problem)
        raw = self._get_head(cells)
        if raw != self._last_head:
            self._last = self._read_head(raw)
            self._last_head = raw
        key, head, trouble = self._last
        values: list[str] = []
        for place, column in self._items:
            text, wrong = column[cells[place] if place >= 0 else ""]
            if wrong and not trouble:
                trouble = wrong
            values.append(text)
        code, wrong = self._codes[cells[self._code] if self._code >= 0 else ""]
        description = write_text(cells[self._text])[:500] if self._text >= 0 else ""
        if values[_QUANTITY] == "0" and not (description and all(value in {"", "0"} for value in values[:_RATE])):
            wrong = wrong or _MOVES_NOTHING
        trouble = trouble or wrong
        return (line, key, head, trouble, code, description, *values)

    def _refuse(self, line: int, cells: list[Cell], problem: Problem) -> tuple[object, ...]:
        """A broken row; where its number can be read, the whole document is refused with it."""
        number = write_text(cells[self._number]) if self._number < len(cells) else ""
        number = "" if len(number) > MAX_NUMBER_LENGTH or not number.isprintable() else number
        return (line, number, 0, problem.to_json(), "", "", "", "", "", "", "", "")

    def _read_head(self, raw: tuple[Cell, ...]) -> tuple[str, int, str | None]:
        number = write_text(raw[0])
        cells = dict(zip(self._head_names, raw[1:], strict=False))
        try:
            values = {"number": _check_number(raw[0]), **self._convert_head(number, cells)}
        except Unreadable as unreadable:
            problem: str | None = unreadable.problem.to_json()
            values = {"number": number[:MAX_NUMBER_LENGTH]}
        else:
            problem = None
        # Of a broken line nobody knows the type: its key is that of every document of this number.
        key = values["number"] if problem or not self._has_type else f"{values['number']}\t{values.get('type', '')}"
        self.heads += 1
        self.keep_head(self.heads, key, json.dumps(values, ensure_ascii=False))
        return key, self.heads, problem

    def _convert_head(self, number: str, cells: dict[str, Cell]) -> dict[str, str]:
        constants = self.profile.constants
        kind = cells.get("type", "")
        values = {"type": _read_type(kind)} if kind != "" else {"usual_type": self._usual_type(number)}
        for name in HEAD[1:]:
            cell = cells.get(name, "")
            if cell == "" and "{" not in constants.get(name, ""):
                cell = constants.get(name, "")
            if cell != "":
                values[name] = _read_head_cell(name, cell, self._sign, self.profile.date_order)
        return values

    def _usual_type(self, number: str) -> str:
        """The type of a document none of whose lines says one."""
        for prefix in sorted(self.profile.prefixes, key=len, reverse=True):
            if number.startswith(prefix):
                if self.profile.prefixes[prefix] == NO_TYPE:
                    raise Unreadable(ADJUSTMENT, field=LABELS["number"], prefix=prefix)
                return self.profile.prefixes[prefix]
        return self.profile.constants.get("type", "")


def _read_type(cell: Cell) -> str:
    kind = read_kind(write_text(cell))
    if kind is None:
        raise Unreadable(UNKNOWN_TYPE, field=LABELS["type"], text=shorten(cell))
    return kind


def write_text(cell: Cell) -> str:
    """A cell as text: a key (see `as_key`), a number without a needless fraction."""
    if isinstance(cell, str):
        text = as_key(cell)
        # Our own files put ' before what a spreadsheet would take for a formula.
        return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA_SIGNS else text
    if isinstance(cell, Decimal):
        return format(cell.to_integral_value() if cell == cell.to_integral_value() else cell, "f")
    return cell.isoformat()


def _read_key(cell: Cell) -> str:
    """What names something: none that a spreadsheet has shortened, in its text or to its 15 digits."""
    text = write_text(cell)
    exponent = cell.as_tuple().exponent if isinstance(cell, Decimal) else 0
    if _SHORTENED.fullmatch(text) or (isinstance(exponent, int) and exponent > 0):
        raise Unreadable(SHORTENED, text=shorten(cell))
    return text


def _check_number(cell: Cell) -> str:
    try:
        number = _read_key(cell)
    except Unreadable as unreadable:
        raise Unreadable(SHORTENED, field=LABELS["number"], **unreadable.problem.values) from None
    if not number:
        raise Unreadable(NO_NUMBER)
    if len(number) > MAX_NUMBER_LENGTH:
        raise Unreadable(LONG_TEXT, field=LABELS["number"], text=shorten(number), limit=MAX_NUMBER_LENGTH)
    return number


class _CodeColumn(dict[Cell, tuple[str, str | None]]):
    """The codes of items, each cell read once, and what is wrong with it."""

    def __missing__(self, cell: Cell) -> tuple[str, str | None]:
        if len(self) >= MAX_REMEMBERED:
            self.clear()
        found: tuple[str, str | None]
        try:
            found = _read_key(cell)[:64], None
        except Unreadable as unreadable:
            found = "", unreadable.problem.of(LABELS["item_code"]).to_json()
        self[cell] = found
        return found


class _NumberColumn(dict[Cell, tuple[str, str | None]]):
    """The numbers of a column, each text read once: as plain decimal text, and what is wrong with it."""

    def __init__(self, name: str, constant: str, sign: DecimalSign | None) -> None:
        super().__init__()
        self.name, self.constant, self.sign = name, constant, sign

    def __missing__(self, cell: Cell) -> tuple[str, str | None]:
        if len(self) >= MAX_REMEMBERED:
            self.clear()
        self[cell] = found = self._read(cell if cell != "" else self.constant)
        return found

    def _read(self, cell: Cell) -> tuple[str, str | None]:
        if cell == "":
            return "", None
        try:
            return format(_check_value(self.name, cell, self.sign).normalize(), "f"), None
        except Unreadable as unreadable:
            return "", unreadable.problem.of(LABELS[self.name]).to_json()


def _check_value(name: str, cell: Cell, sign: DecimalSign | None) -> Decimal:
    value = _check_rate(cell, sign) if name == "vat_rate" else parse_number(cell, sign, DECIMALS[name])
    limit = LIMITS.get(name, limits.MAX_AMOUNT)
    if abs(value) > limit:
        raise Unreadable(OVER_LIMIT, text=shorten(cell), limit=f"{limit:,}".replace(",", " "))
    if name == "vat_rate" and value < 0:
        raise Unreadable(NEGATIVE, text=shorten(cell))
    return value


def _check_rate(cell: Cell, sign: DecimalSign | None) -> Decimal:
    """A VAT rate in percent; one below 1 only where the cell says percent itself."""
    is_told = isinstance(cell, str) and cell.rstrip().endswith("%")
    held: object = cell
    if isinstance(cell, Coded):
        held = cell.value * 100 if is_told else cell.value
    elif isinstance(cell, str):
        held = cell.rstrip().removesuffix("%").rstrip()
    value = parse_number(held, sign)
    if 0 < value < 1 and not is_told:
        raise Unreadable(SMALL_RATE, text=shorten(cell), rate=f"{(value * 100).normalize():f}")
    return parse_number(held, sign, DECIMALS["vat_rate"])


@lru_cache(maxsize=MAX_REMEMBERED)
def _read_head_cell(name: str, cell: Cell, sign: DecimalSign | None, order: DateOrder) -> str:
    try:
        return _convert_head_cell(name, cell, sign, order)
    except Unreadable as unreadable:
        raise Unreadable(unreadable.problem.sentence, field=LABELS[name], **unreadable.problem.values) from None


def _convert_head_cell(name: str, cell: Cell, sign: DecimalSign | None, order: DateOrder) -> str:
    if name == "date":
        return parse_date(cell if isinstance(cell, dt.date) else write_text(cell), order).isoformat()
    if name == "total":
        return format(_check_value(name, cell, sign).normalize(), "f")
    text = _read_key(cell) if name == "customer_code" else write_text(cell)
    limit = {"customer_code": MAX_CUSTOMER_CODE_LENGTH, "email": 254}.get(name, 200)
    if len(text) > limit:
        raise Unreadable(LONG_TEXT, text=shorten(text), limit=limit)
    if name == "country":
        return find_country(text)
    if name == "currency":
        if not (len(text) == 3 and text.isascii() and text.isalpha()):
            raise Unreadable(UNKNOWN_CURRENCY, text=shorten(text))
        return text.upper()
    return text.lower()[:2] if name == "language" else text


class ShownLine(NamedTuple):
    """A line as it was understood, for a person to look at: its values by field, and what is wrong."""

    line: int
    values: dict[str, str]
    problem: Problem | None


def show_lines(rows: Iterable[Row], profile: Profile, header: tuple[str, ...]) -> list[ShownLine]:
    """The rows as the profile understands them."""
    heads: dict[int, dict[str, str]] = {}

    def keep_head(number: int, _key: str, value: str) -> None:
        heads[number] = json.loads(value)

    reader = LineReader(profile, header, keep_head)
    shown = []
    for row in rows:
        line = Line(*reader.read(row))  # type: ignore[arg-type]  # the fields in their order
        values = {name: getattr(line, name) for name in ("item_code", "description", *ITEM)}
        problem = Problem.from_json(line.problem) if line.problem else None
        head = heads.get(line.head, {})
        values |= {"number": line.key, "type": head.get("usual_type", "")} | head
        shown.append(ShownLine(line.line, values, problem))
    return shown
