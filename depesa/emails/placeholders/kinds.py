"""What a placeholder is: a named value of a kind, with its meaning, where it comes from and a sample."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Never

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from depesa.core.languages import Formatter, formatter, speaking, words
from depesa.core.plugs import Registry
from depesa.emails.placeholders.tables import Table

type Row = dict[str, str | None]
type Value = str | int | list[str] | list[Row] | Table | None
type Sample = str | int | list[str] | list[Row] | Table


class Kind(models.TextChoices):
    """What a value is; it decides how it is checked and written."""

    TEXT = "text", _("text")
    MONEY = "money", _("money")
    DATE = "date", _("date")
    LINK = "link", _("link")
    NUMBER = "number", pgettext_lazy("kind of value", "number")
    YES_NO = "yes-no", _("yes or no")
    BLOCK = "block", _("several lines")
    LIST = "list", _("list")
    ROWS = "rows", _("rows")
    TABLE = "table", _("finished table")


@dataclass(frozen=True, slots=True)
class Column:
    """A named value of every row of a list."""

    name: str
    meaning: str | Promise
    may_be_empty: bool = False


@dataclass(frozen=True, slots=True)
class Placeholder[T]:
    """A named value: dotted name, kind, meaning for people, how it is found in what a letter is about, a sample.

    The sample is a text of the catalogues or comes from what writes figures and days in a language. `usual` is what it
    is in most letters, where the sample shows a rare one.
    """

    name: str
    kind: Kind
    meaning: str | Promise
    value: Callable[[T], Value]
    example: Sample | Promise | Callable[[Formatter], Sample]
    may_be_empty: bool = False
    columns: tuple[Column, ...] = ()
    usual: Sample | None = None

    def sample(self, language: str) -> Sample:
        """A value as it could look in a letter of this language."""
        with speaking(language):
            found = self.example(formatter(language)) if callable(self.example) else self.example
            return str(found) if isinstance(found, Promise) else found

    def shown(self, language: str) -> str:
        """The sample in one line, for people."""
        match self.sample(language):
            case bool():
                return words("letter", language)["yes"]
            case list() as items:
                return "; ".join(item if isinstance(item, str) else " ".join(map(str, item.values())) for item in items)
            case Table() as table:
                return "; ".join(f"{row.text} {row.amount}" for row in table.rows)
            case str() | int() as plain:
                return str(plain).replace("\n", ", ")

    @property
    def written(self) -> str:
        """What is typed into the text to get it."""
        if self.kind is Kind.LIST:
            return f"{{% for item in {self.name} %}}{{{{ item }}}}{{% endfor %}}"
        if self.kind is Kind.ROWS:
            cells = " ".join(f"{{{{ item.{column.name} }}}}" for column in self.columns if not column.may_be_empty)
            return f"{{% for item in {self.name} %}}{cells}{{% endfor %}}"
        if self.kind is Kind.YES_NO:
            return f"{{% if {self.name} %}} {{% endif %}}"
        return f"{{{{ {self.name} }}}}"

    @property
    def cautious(self) -> str:
        """The same, with what keeps a letter from failing where the value may be empty."""
        if self.may_be_empty and self.kind not in (Kind.LIST, Kind.ROWS, Kind.YES_NO):
            return f"{{% if {self.name} %}}{self.written}{{% endif %}}"
        return self.written


def maybe[T](
    name: str,
    kind: Kind,
    meaning: str | Promise,
    value: Callable[[T], Value],
    example: Sample | Promise | Callable[[Formatter], Sample],
) -> Placeholder[T]:
    """A value that may be empty."""
    return Placeholder(name, kind, meaning, value, example, may_be_empty=True)


@dataclass(frozen=True, slots=True)
class Context[T]:
    """An occasion on which letters are written, and the placeholders that it has; T is what such a letter is about."""

    code: str
    name: str | Promise
    placeholders: tuple[Placeholder[T], ...]
    by_name: Mapping[str, Placeholder[T]] = field(init=False, repr=False, compare=False)
    places: tuple[tuple[Placeholder[T], tuple[str, ...], str], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = {placeholder.name: placeholder for placeholder in self.placeholders}
        object.__setattr__(self, "by_name", MappingProxyType(names))
        split = ((each, each.name.split(".")) for each in self.placeholders)
        object.__setattr__(self, "places", tuple((each, tuple(names[:-1]), names[-1]) for each, names in split))

    def claim(self, by: str) -> None:
        """Let letters be written on this occasion."""
        CONTEXTS.claim(self.code, self, by)

    def values(self, about: T) -> dict[str, Any]:
        """The value of every placeholder, nested as a text names them."""
        return self._nested(lambda placeholder: placeholder.value(about))

    def samples(self, language: str, *, is_sparse: bool = False, is_usual: bool = False) -> dict[str, Any]:
        """Samples of every placeholder; `is_sparse`: what may be empty is; `is_usual`: as in most letters."""

        def sample(placeholder: Placeholder[T]) -> Value:
            if is_sparse and placeholder.may_be_empty:
                return None
            is_rare = is_usual and placeholder.usual is not None
            return placeholder.usual if is_rare else placeholder.sample(language)

        return self._nested(sample)

    def _nested(self, value: Callable[[Placeholder[T]], Value]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for placeholder, folders, last in self.places:
            place = values
            for folder in folders:
                place = place.setdefault(folder, {})
            place[last] = value(placeholder)
        return values


type AnyContext = Context[Never]
type AnyPlaceholder = Placeholder[Never]

CONTEXTS: Final = Registry[AnyContext]("occasion of letters")
