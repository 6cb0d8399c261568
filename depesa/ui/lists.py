"""Lists as every page shows them, declared: columns, filters, orders and acts.

A view declares a `List` and answers with `answers.answer_list`; see docs/reference/lists.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, Final

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from depesa.ui.filters import Filter

type Words = str | Promise

PAGE_SIZE: Final = 50
_SEARCH: Final[Words] = _("Search")


@dataclass(frozen=True)
class Column[M: Model]:
    """One column: `value` is what files get; `draw`, `template` or `unit` say how the page shows it.

    `width` is a class of the table: "tight", "long", "wide" (hidden on narrow screens), "number".
    """

    key: str
    label: Words
    value: Callable[[M], Any]
    _: KW_ONLY
    unit: Callable[[M], str] | None = None
    draw: Callable[[M], SafeString] | None = None  # of the row; faster than a template
    template: str = ""
    width: str = ""
    is_link: bool = False
    is_only_in_files: bool = False
    is_extra: bool = False  # shown to those who choose it, where columns can be chosen


@dataclass(frozen=True)
class Sort:
    """An order that can be chosen under a column; the last field is unique. Needs an index to stay fast."""

    column: str
    order: Sequence[str]

    @property
    def reversed_order(self) -> list[str]:
        """The same order from its end."""
        return [name[1:] if name.startswith("-") else f"-{name}" for name in self.order]


@dataclass(frozen=True)
class Act:
    """Something to do with the marked rows: where the button leads after the marks are kept."""

    key: str
    label: Words
    url: str  # name or address of the page that asks and does
    _: KW_ONLY
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
