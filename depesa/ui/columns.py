"""Which columns of a list a person sees, and their heads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Model

from depesa.ui.lists import Column, List
from depesa.ui.models import ColumnChoice
from depesa.ui.questions import Question


@dataclass(frozen=True)
class Heading:
    """The head of a column; `url` sorts by it, `sorted` is ascending, descending or empty."""

    column: Column[Any]
    url: str = ""
    sorted: str = ""


@dataclass(frozen=True)
class ShownColumns[M: Model]:
    """The columns of a list for one person."""

    declared: List[M]
    user_id: int

    @property
    def shown(self) -> list[Column[M]]:
        """The columns of the page: the usual ones, or those that the person chose."""
        wanted = self.chosen
        return [
            column
            for column in self.choosable
            if column.is_link or (column.key in wanted if wanted is not None else not column.is_extra)
        ]

    @property
    def choosable(self) -> list[Column[M]]:
        return [column for column in self.declared.columns if not column.is_only_in_files]

    @cached_property
    def chosen(self) -> frozenset[str] | None:
        """What the person chose; None: the usual columns."""
        return chosen(self.user_id, self.declared.name) if self.declared.has_choice else None

    @property
    def choices(self) -> list[tuple[Column[M], bool]]:
        """The columns that can be chosen, and whether each is shown; the one that leads to the row always is."""
        shown = {column.key for column in self.shown}
        return [(column, column.key in shown) for column in self.choosable if not column.is_link]

    def headings(self, asked: Question[M]) -> Iterator[Heading]:
        """The heads of the columns; the one the list is sorted by turns the order around."""
        chosen, is_reversed = asked.sort
        sortable = {each.column: each for each in self.declared.sorts}
        for column in self.shown:
            if column.key not in sortable:
                yield Heading(column)
            elif column.key == chosen.column:
                is_down = chosen.order[0].startswith("-") != is_reversed
                turned = column.key if is_reversed else f"-{column.key}"
                yield Heading(column, asked.address(sort=turned), "descending" if is_down else "ascending")
            else:
                yield Heading(column, asked.address(sort=column.key))


def chosen(user_id: int, name: str) -> frozenset[str] | None:
    """The keys of the columns that the person chose for this list; None: the usual ones."""
    keys = ColumnChoice.objects.filter(user_id=user_id, name=name).values_list("columns", flat=True).first()
    return None if keys is None else frozenset(keys)


def choose(user_id: int, name: str, keys: Sequence[str]) -> None:
    """Show these columns of the list to this person from now on."""
    ColumnChoice.objects.update_or_create(user_id=user_id, name=name, defaults={"columns": list(keys)})


def forget(user_id: int, name: str) -> None:
    """Show the usual columns again."""
    ColumnChoice.objects.filter(user_id=user_id, name=name).delete()
