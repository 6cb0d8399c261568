"""How records are named across apps: a kind and a key, written as "order:12"; each app says which kinds it has."""

import re
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar, Final, Self

from django.db.models import CharField, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat
from django.urls import NoReverseMatch, register_converter, reverse
from django.utils.functional import Promise

from depesa.core.inputs import read_number, read_text
from depesa.core.plugs import Registry

_KIND: Final = re.compile(r"[a-z][a-z0-9-]*")
LONGEST: Final = 200  # characters of a name in an address


@dataclass(frozen=True, slots=True)
class Ref:
    """Which record is meant. The key may hold anything; a record that there is once has none."""

    kind: str
    key: str = ""

    def __post_init__(self) -> None:
        if not _KIND.fullmatch(self.kind):
            raise ValueError(f"“{self.kind}” is no kind of record")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The record that the text names; ValueError if it cannot be one."""
        kind, _colon, key = text.partition(":")
        return cls(kind, key)

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}" if self.key else self.kind

    def id_of(self, kind: str) -> int | None:
        """The primary key of the row, if the record is of this kind and its key can be one."""
        is_bare = self.kind == kind and self.key == self.key.strip()
        return read_number(self.key, most=10**18) if is_bare else None

    @property
    def url(self) -> str:
        """Where the record is looked at; empty if it has no page."""
        kind = KINDS.get(self.kind)
        try:
            return reverse(kind.page, args=None if kind.is_listed else [self.key]) if kind and kind.page else ""
        except NoReverseMatch:
            return ""

    @property
    def words(self) -> str:
        """The record as people read it where nothing more is known about it: "order 12"."""
        kind = KINDS.get(self.kind)
        return f"{kind.word if kind else self.kind} {self.key}".rstrip()


class Recorded:
    """What a table has whose rows are named by other apps: the history, letters, transitions."""

    record_kind: ClassVar[str]
    record_key: ClassVar[str] = "pk"

    @property
    def ref(self) -> Ref:
        """The name of this row for other apps."""
        return self.ref_of(getattr(self, self.record_key))

    @classmethod
    def ref_of(cls, key: int | str) -> Ref:
        """The name of the row with this key for other apps."""
        return Ref(cls.record_kind, str(key))

    @classmethod
    def ref_in(cls, key: Combinable) -> Combinable:
        """The same inside a query, of the row with the key that stands in this column."""
        return Concat(Value(f"{cls.record_kind}:"), Cast(key, CharField()))


@dataclass(frozen=True, slots=True)
class Former:
    """What a kind was called before, while another app called something else so.

    `told_by` are beginnings of the events (or kinds of letters) by which what was kept then is told apart.
    """

    kind: str
    told_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of records: its code in names, its word for people, and the URL name of the page of one of them.

    The page is one that everybody may open who sees the desk; `is_listed`: it is the page of all of them.
    """

    code: str
    word: str | Promise
    page: str = ""
    _: KW_ONLY
    is_listed: bool = False
    former: Former | None = None

    def claim(self, by: str) -> None:
        """Enter the kind; two apps cannot mean two things by one word."""
        KINDS.claim(self.code, self, by)


KINDS: Final = Registry[Kind]("kind of record")


def read(text: str, told_by: str) -> Ref:
    """The record that a row names, kept with this event: by the kind's word of today, whatever it was then."""
    ref = Ref.parse(text)
    for code, former in _heirs(ref.kind).items():
        if told_by.startswith(former.told_by):
            return Ref(code, ref.key)
    return ref


def about(*refs: Ref, field: str = "subject", told_by: str = "event") -> Q:
    """The condition for rows about these records, by the column of the name and that of the event."""
    by_kind: dict[str, list[Ref]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, []).append(ref)
    found = Q(**{f"{field}__in": []})
    for code, some in by_kind.items():
        named = Q(**{f"{field}__in": [str(ref) for ref in some]})
        for heir in _heirs(code).values():
            named &= ~_told_by(heir, told_by)
        found |= named
        if former := _former(code):
            names = [str(Ref(former.kind, ref.key)) for ref in some]
            found |= Q(**{f"{field}__in": names}) & _told_by(former, told_by)
    return found


def _heirs(code: str) -> dict[str, Former]:
    """The kinds that were called so before, by their codes of today."""
    return {kind.code: kind.former for kind in KINDS.values() if kind.former and kind.former.kind == code}


def _former(code: str) -> Former | None:
    return KINDS[code].former if code in KINDS else None


def _told_by(former: Former, column: str) -> Q:
    found = Q()
    for beginning in former.told_by:
        found |= Q(**{f"{column}__startswith": beginning})
    return found


class RefConverter:
    """A record in an address: /timeline/order:12/."""

    regex = "[^/]+"

    def to_python(self, value: str) -> Ref:
        """The record; an address that names none is not found."""
        if read_text(value, most=LONGEST) != value:
            raise ValueError(value)
        return Ref.parse(value)

    def to_url(self, value: Ref | str) -> str:
        """How the record stands in an address."""
        return str(value)


register_converter(RefConverter, "ref")
