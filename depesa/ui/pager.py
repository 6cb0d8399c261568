"""Keyset paging: a page is found by the values of its border row, never by counting the rows before it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.core import signing
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

_SIGNER: Final = signing.Signer(salt="core.paging")


@dataclass(frozen=True, slots=True)
class Page[M: Model]:
    """Rows in order; `newer` and `older` are the tokens of the pages before and after, empty when there is none."""

    rows: Sequence[M]
    newer: str = ""
    older: str = ""

    @property
    def has_newer(self) -> bool:
        """Whether rows stand before this page."""
        return bool(self.newer)

    @property
    def has_older(self) -> bool:
        """Whether rows stand after this page."""
        return bool(self.older)


@dataclass(frozen=True, slots=True)
class _Key:
    """One field of the order."""

    name: str
    is_down: bool
    is_nullable: bool

    def order(self, *, is_back: bool) -> OrderBy | str:
        """The term of ORDER BY; rows without a value come last."""
        is_down = self.is_down != is_back
        if not self.is_nullable:
            return f"-{self.name}" if is_down else self.name
        options = {"nulls_first": True} if is_back else {"nulls_last": True}
        return F(self.name).desc(**options) if is_down else F(self.name).asc(**options)


def read_page[M: Model](
    rows: QuerySet[M], order: Sequence[str], *, size: int, token: str = "", whole: QuerySet[M] | None = None
) -> Page[M]:
    """One page of the rows in this order, whose last field is unique; a token that is not ours means the first page.

    `order` names fields as `order_by` does ("-document_on", "-id"), over relations too. `whole` are the same rows
    without filters, from which those of the page are read: only keys are searched and sorted.
    """
    keys = [_key(rows.model, name) for name in order]
    is_back, border = _read_token(token, order)
    ids = list(_beyond(rows, keys, border, is_back=is_back).values_list("pk", flat=True)[: size + 1])
    if not ids:
        return read_page(rows, order, size=size, whole=whole) if border is not None else Page([])
    has_more = len(ids) > size
    has_newer = has_more if is_back else border is not None
    has_older = border is not None if is_back else has_more
    found = _rows_by_id(rows if whole is None else whole, ids[:size])
    if is_back:
        found.reverse()
    return Page(
        found,
        newer=_token(found[0], order, is_back=True) if found and has_newer else "",
        older=_token(found[-1], order, is_back=False) if found and has_older else "",
    )


def _rows_by_id[M: Model](rows: QuerySet[M], ids: Sequence[Any]) -> list[M]:
    """The rows with these ids, in their order; one that was removed meanwhile is missing."""
    by_id = {row.pk: row for row in rows.filter(pk__in=ids).order_by()}
    return [by_id[pk] for pk in ids if pk in by_id]


def read_on[M: Model](rows: QuerySet[M], order: Sequence[str], *, after: M | None, size: int) -> list[M]:
    """The next rows after one, in order; how a long file is written without holding the database."""
    keys = [_key(rows.model, name) for name in order]
    border = None if after is None else [_value(after, key.name) for key in keys]
    return list(_beyond(rows, keys, border, is_back=False)[:size])


def _beyond[M: Model](
    rows: QuerySet[M], keys: Sequence[_Key], border: Sequence[Any] | None, *, is_back: bool
) -> QuerySet[M]:
    ordered = rows.order_by(*(key.order(is_back=is_back) for key in keys))
    if border is None:
        return ordered
    directions = {key.is_down != is_back for key in keys}
    if len(directions) == 1 and not any(key.is_nullable for key in keys):
        comparison = TupleLessThan if directions.pop() else TupleGreaterThan
        return ordered.filter(comparison(Tuple(*(F(key.name) for key in keys)), tuple(border)))
    return ordered.filter(_further(list(keys), list(border), is_back=is_back))


def _further(keys: list[_Key], border: list[Any], *, is_back: bool) -> Q:
    key, value = keys[0], border[0]
    here = Q(**{f"{key.name}__isnull": True}) if value is None else Q(**{key.name: value})
    if value is None:
        further = Q(**{f"{key.name}__isnull": False}) if is_back else Q(pk__in=[])
    else:
        further = Q(**{f"{key.name}__{'lt' if key.is_down != is_back else 'gt'}": value})
        if key.is_nullable and not is_back:
            further |= Q(**{f"{key.name}__isnull": True})
    return further | (here & _further(keys[1:], border[1:], is_back=is_back)) if keys[1:] else further


def _key(model: type[Model], name: str) -> _Key:
    bare = name.removeprefix("-")
    is_nullable, owner = False, model
    for part in bare.split("__"):
        field: Any = owner._meta.get_field(part)
        is_nullable = is_nullable or field.null
        owner = field.related_model or owner
    return _Key(bare, name.startswith("-"), is_nullable)


def _value(row: Model, name: str) -> Any:
    found: Any = row
    for part in name.split("__"):
        found = getattr(found, part) if found is not None else None
    return found.pk if isinstance(found, Model) else found


def _token(row: Model, order: Sequence[str], *, is_back: bool) -> str:
    values = [_pack(_value(row, name.removeprefix("-"))) for name in order]
    return _SIGNER.sign_object(["<" if is_back else ">", list(order), values])


def _read_token(token: str, order: Sequence[str]) -> tuple[bool, list[Any] | None]:
    try:
        direction, of_order, values = _SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return False, None
    if of_order != list(order):
        return False, None
    return direction == "<", [_unpack(value) for value in values]


def _pack(value: Any) -> Any:
    match value:
        case dt.datetime():
            return ["t", value.isoformat()]
        case dt.date():
            return ["d", value.isoformat()]
        case Decimal():
            return ["n", str(value)]
        case _:
            return value


def _unpack(value: Any) -> Any:
    match value:
        case ["t", text]:
            return dt.datetime.fromisoformat(text)
        case ["d", text]:
            return dt.date.fromisoformat(text)
        case ["n", text]:
            return Decimal(text)
        case _:
            return value
