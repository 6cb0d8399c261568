"""A list as one person asked for it; everything is read when it is looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from depesa.ui import marks
from depesa.ui.columns import Heading, ShownColumns
from depesa.ui.lists import Column, List
from depesa.ui.pager import Page, read_page
from depesa.ui.questions import Question, read_question
from depesa.ui.values import write_value

MOST_COUNTED: Final = 10_000


@dataclass(frozen=True)
class Listing[M: Model]:
    """The rows that were asked for, their page, how many they are, and which of them are marked."""

    declared: List[M]
    all_rows: QuerySet[M]
    asked: Question[M]
    user_id: int

    @cached_property
    def rows(self) -> QuerySet[M]:
        """Every row that matches the filters and the search, not ordered."""
        found = self.asked.narrow(self.all_rows)
        if self.asked.asks_for_marked:
            found = found.filter(pk__in=marks.marked(self.user_id, self.declared.name))
        return found

    @cached_property
    def page(self) -> Page[M]:
        size, token = self.declared.page_size, self.asked.words.get("at", "")
        return read_page(self.rows, self.asked.order, size=size, token=token, whole=self.all_rows)

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
            return _("more than %(number)s") % {"number": number}
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

    @cached_property
    def shown_columns(self) -> ShownColumns[M]:
        """The columns as this person sees them."""
        return ShownColumns(self.declared, self.user_id)

    @property
    def columns(self) -> list[Column[M]]:
        return self.shown_columns.shown

    @property
    def headings(self) -> Iterator[Heading]:
        """The heads of the columns; the one the list is sorted by turns the order around."""
        return self.shown_columns.headings(self.asked)

    @property
    def here(self) -> str:
        """The ids of the rows on this page, for the form of marks."""
        return ",".join(str(row.pk) for row in self.page.rows)

    @property
    def newer_url(self) -> str:
        """The page before."""
        return self.asked.address(at=self.page.newer) if self.page.newer else ""

    @property
    def older_url(self) -> str:
        """The page after."""
        return self.asked.address(at=self.page.older) if self.page.older else ""


def read_list[M: Model](
    declared: List[M], rows: QuerySet[M], query: QueryDict, *, user_id: int, path: str = ""
) -> Listing[M]:
    """The list as the query string asks for it."""
    return Listing(declared, rows, read_question(declared, query, path), user_id)
