"""Filters of lists: each reads one word of the query string and says itself as a sentence ("state is posted")."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar, Final, override

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from depesa.core.inputs import read_day
from depesa.core.languages import period_in_words
from depesa.core.periods import NotAPeriod, Period, PeriodKind
from depesa.core.search import typed

type Words = str | Promise
type Choices = Iterable[tuple[str, Words]]

_IS: Final[Words] = _("%(label)s is %(value)s")
_BEGINS: Final[Words] = _("%(label)s begins with “%(value)s”")


@dataclass(frozen=True)
class Filter:
    """One question to a list; `where` is a look-up ("posting", "document_on__gte") or a function of rows and value."""

    key: str
    label: Words
    _: KW_ONLY
    where: str | Callable[[QuerySet[Any], Any], QuerySet[Any]]
    sentence: Words = _IS
    sort: str = ""  # the order in which the filter is fast; usual while it is on

    control: ClassVar[str] = "text"

    def read(self, text: str) -> Any:
        """The value that was typed, or None if it is none: an unknown value never filters and never fails."""
        return typed(text) or None

    def written(self, value: Any) -> str:
        """The value as it stands in the query string."""
        return str(value)

    def shown(self, value: Any) -> str:
        """The value as a person reads it."""
        return str(value)

    def says(self, value: Any) -> str:
        return str(self.sentence) % {"label": str(self.label), "value": self.shown(value)}

    def narrow(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """The rows that fit."""
        return self.where(rows, value) if callable(self.where) else rows.filter(**{self.where: value})

    def options(self) -> list[tuple[str, str]]:
        """What can be chosen, for a choice."""
        return []


@dataclass(frozen=True, kw_only=True)
class Text(Filter):
    """Free text, at most 200 characters."""

    sentence: Words = _BEGINS


@dataclass(frozen=True, kw_only=True)
class Choice(Filter):
    """One of known values: pairs of value and word, a function that reads them, or rows named by a field."""

    choices: Choices | Callable[[], Choices] | QuerySet[Any]
    named_by: str = "pk"

    control: ClassVar[str] = "choice"

    @override
    def read(self, text: str) -> str | None:
        return text if any(text == value for value, _word in self.options()) else None

    @override
    def shown(self, value: Any) -> str:
        return next((word for known, word in self.options() if known == value), str(value))

    @override
    def options(self) -> list[tuple[str, str]]:
        if isinstance(self.choices, QuerySet):
            return [(str(getattr(row, self.named_by)), str(row)) for row in self.choices.all()]
        pairs = self.choices() if callable(self.choices) else self.choices
        return [(str(value), str(word)) for value, word in pairs]


@dataclass(frozen=True, kw_only=True)
class Yes(Filter):
    """Yes or nothing: late, without e-mail; `where` takes True."""

    sentence: Words = "%(label)s"

    control: ClassVar[str] = "yes"

    @override
    def read(self, text: str) -> bool | None:
        return True if text == "yes" else None

    @override
    def written(self, value: Any) -> str:
        return "yes"


@dataclass(frozen=True, kw_only=True)
class Day(Filter):
    """A day, written 2011-06-30."""

    control: ClassVar[str] = "date"

    @override
    def read(self, text: str) -> dt.date | None:
        return read_day(text)

    @override
    def shown(self, value: Any) -> str:
        return date_format(value, "SHORT_DATE_FORMAT")


@dataclass(frozen=True, kw_only=True)
class InPeriod(Filter):
    """A month, written 2011-06, or any other period; `where` names a date field and becomes a half-open interval."""

    control: ClassVar[str] = "month"

    @override
    def read(self, text: str) -> Period | None:
        try:
            return Period.parse(text)
        except NotAPeriod:
            return None

    @override
    def shown(self, value: Any) -> str:
        return period_in_words(value)

    @override
    def says(self, value: Any) -> str:
        if value.kind == PeriodKind.MONTH:
            return super().says(value)
        return str(_("period is %(value)s")) % {"value": self.shown(value)}

    @override
    def narrow(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if callable(self.where):
            return self.where(rows, value)
        return rows.filter(**{f"{self.where}__gte": value.first, f"{self.where}__lt": value.end})
