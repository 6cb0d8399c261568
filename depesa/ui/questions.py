"""What a person asks of a list by its address: filters, search, order and page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from depesa.core.search import typed
from depesa.ui.filters import Filter
from depesa.ui.lists import List, Sort


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is on, as a sentence, and the address without it."""

    text: str
    remove_url: str


@dataclass(frozen=True)
class Control:
    """One filter as a field of the filter form."""

    filter: Filter
    value: str


@dataclass(frozen=True)
class Question[M: Model]:
    """What is asked, cleaned: `words` as they stand in the address, `values` of the filters as they are read."""

    declared: List[M]
    path: str
    words: Mapping[str, str]
    values: Mapping[str, Any]

    @property
    def is_narrowing(self) -> bool:
        """Whether a filter or a search is on: an empty list then says so."""
        return bool(self.values or self.words.get("q") or self.asks_for_marked)

    @property
    def asks_for_marked(self) -> bool:
        """Whether only marked rows are asked for."""
        return "marked" in self.words

    def narrow(self, rows: QuerySet[M]) -> QuerySet[M]:
        """The rows that match the filters and the search."""
        for each in self.declared.filters:
            if each.key in self.values:
                rows = each.narrow(rows, self.values[each.key])
        if self.declared.search and (text := self.words.get("q")):
            rows = self.declared.search(rows, text)
        return rows

    @cached_property
    def sort(self) -> tuple[Sort, bool]:
        """The order and whether it is reversed."""
        name = self.words.get("sort", "") or self._fast_sort
        for each in self.declared.sorts:
            if each.column == name.removeprefix("-"):
                return each, name.startswith("-")
        return self.declared.sorts[0], False

    @property
    def _fast_sort(self) -> str:
        if self.declared.search_sort and (text := self.words.get("q")):
            return self.declared.search_sort(text)
        return next((each.sort for each in self.declared.filters if each.sort and each.key in self.values), "")

    @property
    def order(self) -> Sequence[str]:
        chosen, is_reversed = self.sort
        return chosen.reversed_order if is_reversed else chosen.order

    @property
    def controls(self) -> list[Control]:
        """The filters as fields of the filter form."""
        return [Control(each, self.words.get(each.key, "")) for each in self.declared.filters]

    @property
    def chips(self) -> list[Chip]:
        """The filters that are on, as sentences."""
        found = [
            Chip(each.says(self.values[each.key]), self.address(**{each.key: ""}))
            for each in self.declared.filters
            if each.key in self.values
        ]
        if text := self.words.get("q"):
            found.append(Chip(_("found by “%(text)s”") % {"text": text}, self.address(q="")))
        if self.asks_for_marked:
            found.append(Chip(_("marked"), self.address(marked="")))
        return found

    def address(self, **changes: str) -> str:
        """This list with other words in the query string; it starts at the first page again."""
        words = {**self.words, "at": "", **changes}
        return f"{self.path}?{urlencode({key: word for key, word in words.items() if word})}"

    @property
    def other_words(self) -> list[tuple[str, str]]:
        """What the search form carries along: everything but the search and the page."""
        return [(key, word) for key, word in self.words.items() if key not in {"q", "at"}]

    @property
    def kept_words(self) -> list[tuple[str, str]]:
        """What the filter form carries along: the search and the order."""
        return [(key, word) for key, word in self.words.items() if key in {"q", "sort"}]

    @property
    def own_url(self) -> str:
        """This very page."""
        return self.address(at=self.words.get("at", ""))

    @property
    def all_url(self) -> str:
        """The list without any filter."""
        return f"{self.path}?"

    @property
    def marked_url(self) -> str:
        """The marked rows only."""
        return f"{self.path}?marked=yes"

    @property
    def csv_url(self) -> str:
        """Everything that matches, as CSV."""
        return self.address(file="csv")

    @property
    def xlsx_url(self) -> str:
        """Everything that matches, as XLSX."""
        return self.address(file="xlsx")


def read_question[M: Model](declared: List[M], query: QueryDict, path: str) -> Question[M]:
    """What the query string asks; words that mean nothing here are left out."""
    values: dict[str, Any] = {}
    words: dict[str, str] = {}
    for each in declared.filters:
        value = each.read(str(query[each.key])) if each.key in query else None
        if value is not None:
            values[each.key] = value
            words[each.key] = each.written(value)
    if declared.search and (text := typed(query.get("q", ""))):
        words["q"] = text
    if declared.has_marks and query.get("marked") == "yes":
        words["marked"] = "yes"
    if query.get("sort", "").removeprefix("-") in {each.column for each in declared.sorts}:
        words["sort"] = str(query["sort"])
    if at := query.get("at", ""):
        words["at"] = at[:2000]
    return Question(declared, path, words, values)
