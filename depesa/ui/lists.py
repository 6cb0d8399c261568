"""Lists as every page shows them: declared once, then filtered, searched, paged, marked and written to files.

A view declares a `List` and answers with `lists.answer`; see docs/reference/lists.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from depesa.core.languages import formatter, spoken
from depesa.core.money import SCALE
from depesa.core.search import typed
from depesa.ui import columns, marks
from depesa.ui.filters import Filter
from depesa.ui.pager import Page, read_page

type Words = str | Promise

MOST_COUNTED: Final = 10_000
PAGE_SIZE: Final = 50
_SEARCH: Final[Words] = _("Search")


@dataclass(frozen=True, kw_only=True)
class Column[M: Model]:
    """One column: `value` is what files get; `draw`, `template` or `unit` say how the page shows it.

    `width` is a class of the table: "tight", "long", "wide" (hidden on narrow screens), "number".
    """

    key: str
    label: Words
    value: Callable[[M], Any]
    unit: Callable[[M], str] | None = None
    draw: Callable[[M], SafeString] | None = None  # of the row; faster than a template
    template: str = ""
    width: str = ""
    is_link: bool = False
    is_only_in_files: bool = False
    is_extra: bool = False  # shown to those who choose it, where columns can be chosen


@dataclass(frozen=True, kw_only=True)
class Sort:
    """An order that can be chosen under a column; the last field is unique. Needs an index to stay fast."""

    column: str
    order: Sequence[str]

    @property
    def reversed_order(self) -> list[str]:
        """The same order from its end."""
        return [name[1:] if name.startswith("-") else f"-{name}" for name in self.order]


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something to do with the marked rows: where the button leads after the marks are kept."""

    key: str
    label: Words
    url: str  # name or address of the page that asks and does
    icon: str = "right"
    shortcut: str = ""
    right: str = ""  # staff.rules.Right; empty for everybody who sees the list
    is_primary: bool = False


@dataclass(frozen=True, kw_only=True)
class List[M: Model]:
    """What a list is: its columns, questions, orders and acts. The first sort is the usual one."""

    name: str  # of its marks and files
    title: Words
    columns: Sequence[Column[M]]
    sorts: Sequence[Sort]
    filters: Sequence[Filter] = ()
    acts: Sequence[Act] = ()
    search: Callable[[QuerySet[M], str], QuerySet[M]] | None = None
    search_label: Words = _SEARCH
    search_sort: Callable[[str], str] | None = None  # the order in which the search is fast; usual while it is on
    page_size: int = PAGE_SIZE
    has_marks: bool = True
    has_choice: bool = False  # whether each person chooses the columns


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is on, as a sentence, and the address without it."""

    text: str
    remove_url: str


@dataclass(frozen=True)
class Heading:
    """The head of a column; `url` sorts by it, `sorted` is ascending, descending or empty."""

    column: Column[Any]
    url: str = ""
    sorted: str = ""


@dataclass(frozen=True)
class Control:
    """One filter as a field of the filter form."""

    filter: Filter
    value: str


@dataclass(frozen=True)
class Listing[M: Model]:
    """A list as one person asked for it; everything is read when it is looked at."""

    declared: List[M]
    all_rows: QuerySet[M]
    asked: Mapping[str, str]  # what the query string says, cleaned
    user_id: int
    path: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def rows(self) -> QuerySet[M]:
        """Every row that matches the filters and the search, not ordered."""
        found = self.all_rows
        for each in self.declared.filters:
            if each.key in self.values:
                found = each.narrow(found, self.values[each.key])
        if self.declared.search and (text := self.asked.get("q")):
            found = self.declared.search(found, text)
        if self.asked.get("marked"):
            found = found.filter(pk__in=marks.marked(self.user_id, self.declared.name))
        return found

    @cached_property
    def sort(self) -> tuple[Sort, bool]:
        """The order and whether it is reversed."""
        name = self.asked.get("sort", "") or self._fast_sort
        for each in self.declared.sorts:
            if each.column == name.removeprefix("-"):
                return each, name.startswith("-")
        return self.declared.sorts[0], False

    @property
    def _fast_sort(self) -> str:
        if self.declared.search_sort and (text := self.asked.get("q")):
            return self.declared.search_sort(text)
        return next((each.sort for each in self.declared.filters if each.sort and each.key in self.values), "")

    @property
    def order(self) -> Sequence[str]:
        """The fields of the order."""
        chosen, is_reversed = self.sort
        return chosen.reversed_order if is_reversed else chosen.order

    @cached_property
    def page(self) -> Page[M]:
        """The rows on this page."""
        size, token = self.declared.page_size, self.asked.get("at", "")
        return read_page(self.rows, self.order, size=size, token=token, whole=self.all_rows)

    @cached_property
    def matching(self) -> int:
        """How many rows match; 10,001 means more than 10,000."""
        if not self.page.has_newer and not self.page.has_older:
            return len(self.page.rows)
        # By key alone: what else a row brings along would be worked out for every row that is counted.
        return self.rows.order_by().values("pk")[: MOST_COUNTED + 1].count()

    @property
    def count_text(self) -> str:
        """How many rows match, in words: "1,051 rows", "more than 10,000 rows"."""
        number = write_value(min(self.matching, MOST_COUNTED))
        if self.matching > MOST_COUNTED:
            return str(_("more than %(number)s")) % {"number": number}
        return ngettext("%(number)s row", "%(number)s rows", self.matching) % {"number": number}

    @cached_property
    def marked_count(self) -> int:
        """How many rows of the list this person has marked, on every page."""
        return marks.count(self.user_id, self.declared.name) if self.declared.has_marks else 0

    @cached_property
    def marked_here(self) -> frozenset[int]:
        """The marked rows of this page."""
        if not self.declared.has_marks:
            return frozenset()
        return marks.among(self.user_id, self.declared.name, [row.pk for row in self.page.rows])

    @property
    def is_page_marked(self) -> bool:
        """Whether every row of this page is marked."""
        return bool(self.page.rows) and len(self.marked_here) == len(self.page.rows)

    @property
    def has_search(self) -> bool:
        """Whether the list can be searched; a template would call the function instead of asking for it."""
        return self.declared.search is not None

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter or a search is on: an empty list then says so."""
        return bool(self.values or self.asked.get("q") or self.asked.get("marked"))

    @property
    def columns(self) -> list[Column[M]]:
        """The columns of the page: the usual ones, or those that the person chose."""
        wanted = self.chosen_columns
        return [
            column
            for column in self.choosable
            if column.is_link or (column.key in wanted if wanted is not None else not column.is_extra)
        ]

    @property
    def choosable(self) -> list[Column[M]]:
        """The columns that a page can have."""
        return [column for column in self.declared.columns if not column.is_only_in_files]

    @cached_property
    def chosen_columns(self) -> frozenset[str] | None:
        """What the person chose; None: the usual columns."""
        return columns.chosen(self.user_id, self.declared.name) if self.declared.has_choice else None

    @property
    def choices(self) -> list[tuple[Column[M], bool]]:
        """The columns that can be chosen, and whether each is shown; the one that leads to the row always is."""
        shown = {column.key for column in self.columns}
        return [(column, column.key in shown) for column in self.choosable if not column.is_link]

    @property
    def headings(self) -> Iterator[Heading]:
        """The heads of the columns; the one the list is sorted by turns the order around."""
        chosen, is_reversed = self.sort
        sortable = {each.column: each for each in self.declared.sorts}
        for column in self.columns:
            if column.key not in sortable:
                yield Heading(column)
            elif column.key == chosen.column:
                is_down = chosen.order[0].startswith("-") != is_reversed
                turned = column.key if is_reversed else f"-{column.key}"
                yield Heading(column, self.address(sort=turned), "descending" if is_down else "ascending")
            else:
                yield Heading(column, self.address(sort=column.key))

    @property
    def here(self) -> str:
        """The ids of the rows on this page, for the form of marks."""
        return ",".join(str(row.pk) for row in self.page.rows)

    @property
    def controls(self) -> list[Control]:
        """The filters as fields of the filter form."""
        return [Control(each, self.asked.get(each.key, "")) for each in self.declared.filters]

    @property
    def chips(self) -> list[Chip]:
        """The filters that are on, as sentences."""
        found = [
            Chip(each.says(self.values[each.key]), self.address(**{each.key: ""}))
            for each in self.declared.filters
            if each.key in self.values
        ]
        if text := self.asked.get("q"):
            found.append(Chip(str(_("found by “%(text)s”")) % {"text": text}, self.address(q="")))
        if self.asked.get("marked"):
            found.append(Chip(str(_("marked")), self.address(marked="")))
        return found

    def address(self, **changes: str) -> str:
        """This list with other words in the query string; it starts at the first page again."""
        words = {**self.asked, "at": "", **changes}
        return f"{self.path}?{urlencode({key: word for key, word in words.items() if word})}"

    @property
    def other_words(self) -> list[tuple[str, str]]:
        """What the search form carries along: everything but the search and the page."""
        return [(key, word) for key, word in self.asked.items() if key not in {"q", "at"}]

    @property
    def kept_words(self) -> list[tuple[str, str]]:
        """What the filter form carries along: the search and the order."""
        return [(key, word) for key, word in self.asked.items() if key in {"q", "sort"}]

    @property
    def own_url(self) -> str:
        """This very page."""
        return self.address(at=self.asked.get("at", ""))

    @property
    def all_url(self) -> str:
        """The list without any filter."""
        return f"{self.path}?"

    @property
    def marked_url(self) -> str:
        """The marked rows only."""
        return f"{self.path}?marked=yes"

    @property
    def newer_url(self) -> str:
        """The page before."""
        return self.address(at=self.page.newer) if self.page.newer else ""

    @property
    def older_url(self) -> str:
        """The page after."""
        return self.address(at=self.page.older) if self.page.older else ""

    @property
    def csv_url(self) -> str:
        """Everything that matches, as CSV."""
        return self.address(file="csv")

    @property
    def xlsx_url(self) -> str:
        """Everything that matches, as XLSX."""
        return self.address(file="xlsx")


def read[M: Model](
    declared: List[M], rows: QuerySet[M], query: QueryDict, *, user_id: int, path: str = ""
) -> Listing[M]:
    """The list as the query string asks for it; words that mean nothing here are left out."""
    values: dict[str, Any] = {}
    asked: dict[str, str] = {}
    for each in declared.filters:
        value = each.read(str(query[each.key])) if each.key in query else None
        if value is not None:
            values[each.key] = value
            asked[each.key] = each.written(value)
    if declared.search and (text := typed(query.get("q", ""))):
        asked["q"] = text
    if declared.has_marks and query.get("marked") == "yes":
        asked["marked"] = "yes"
    if query.get("sort", "").removeprefix("-") in {each.column for each in declared.sorts}:
        asked["sort"] = str(query["sort"])
    if at := query.get("at", ""):
        asked["at"] = at[:2000]
    return Listing(declared, rows, asked, user_id, path, values)


def write_value(value: Any) -> str:
    """A value as the page shows it, in the reader's language."""
    match value:
        case bool():
            return str(_("yes")) if value else ""
        case Decimal() | int():
            return formatter(spoken()).number(value, _decimals(Decimal(value)), minus="-")
        case dt.datetime():
            return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
        case dt.date():
            return date_format(value, "SHORT_DATE_FORMAT")
        case _:
            return str(value)


def _decimals(value: Decimal) -> int:
    """As many as the value has; an amount as the database gives it (four) loses zeros down to two."""
    decimals = max(-int(value.as_tuple().exponent), 0)
    return decimals if decimals < SCALE else 2
