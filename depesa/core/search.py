"""Search by any part of a word: keys that ignore case and diacritics, and the look-up that uses their index.

A table that is searched has one index over all its folded fields (see search_index); the database keeps it true.
"""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any, Final, override

from django.db import connection, models
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from depesa.core.texts import fold, printable

SHORTEST: Final = 3  # letters of a part of a word that an index knows
LONGEST: Final = 200  # characters of a search that count; nobody types more
FEW: Final = 1000  # keys that are named one by one in a question to the database
_AFTER_ALL: Final = "\U0010ffff"


def typed(text: str) -> str:
    """What a person typed into a search, made harmless: no control characters, at most 200 characters."""
    return printable(text[:LONGEST], " ").strip()


def begins(field: str, text: str) -> Q:
    """Rows whose folded field begins with the text, in the form that the database answers from the index."""
    key = fold(text)
    if connection.vendor == "sqlite":  # LIKE ignores case there and so never uses the index
        return Q(**{f"{field}__gte": key, f"{field}__lt": key + _AFTER_ALL})
    return Q(**{f"{field}__startswith": key})


def has_words(model: type[models.Model], text: str, *fields: str) -> Q:
    """Rows of the model in whose folded fields every word of the text stands somewhere, also inside another word.

    All folded fields of the model are asked unless some are named. One or two letters are looked for at the
    beginning only where nothing longer was typed: an index of parts knows nothing shorter than three.
    """
    names = fields or folded_fields(model)
    words = fold(text).split()
    known = [word for word in words if len(word) >= SHORTEST]
    if not known:
        return reduce(or_, (begins(name, text) for name in names))
    if connection.vendor == "sqlite":
        found, beside = Q(pk__in=_matching(model, names, known)), [word for word in words if word not in known]
    else:
        found, beside = Q(), words
    for word in beside:
        found &= reduce(or_, (Q(**{f"{name}__contains": word}) for name in names))
    return found


def few_or_all(keys: QuerySet[Any, Any]) -> Sequence[Any] | QuerySet[Any, Any]:
    """The keys one by one if they are few, so that the database knows how few and starts from them; else the question.

    Beside an OR a subquery makes PostgreSQL read the whole table.
    """
    named = list(keys[: FEW + 1])
    return named if len(named) <= FEW else keys


def folded_fields(model: type[models.Model]) -> list[str]:
    """The names of the model's folded fields."""
    return [field.name for field in model._meta.get_fields() if isinstance(field, FoldedField)]


def index_name(table: str) -> str:
    """What the index of a table is called, in either database."""
    return f"{table}_search"


def _matching(model: type[models.Model], names: Sequence[str], words: Sequence[str]) -> RawSQL:
    index = connection.ops.quote_name(index_name(model._meta.db_table))
    quoted = " AND ".join('"{}"'.format(word.replace('"', '""')) for word in words)
    return RawSQL(f"SELECT rowid FROM {index} WHERE {index} MATCH %s", [f"{{{' '.join(names)}}} : ({quoted})"])  # noqa: S608, S611


class FoldedField(models.CharField):  # type: ignore[type-arg]
    """The folded copy of another field, indexed; written with every save and bulk_create.

    QuerySet.update does not know it: whoever updates the source by that way updates the copy too.
    """

    def __init__(self, source: str, **options: Any) -> None:
        self.source = source
        options |= {"editable": False, "blank": True, "db_index": True}
        super().__init__(**{"max_length": LONGEST, "default": "", **options})

    @override
    def deconstruct(self) -> Any:
        name, path, _arguments, options = super().deconstruct()
        for fixed in ("editable", "blank", "db_index"):
            options.pop(fixed, None)
        return name, path, [self.source], options

    @override
    def db_parameters(self, connection: Any) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":  # by code points: then one index serves beginnings and the order alike
            parameters = {**parameters, "collation": "C"}
        return parameters

    @override
    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = fold(str(getattr(model_instance, self.source) or ""))[: self.max_length]
        setattr(model_instance, self.attname, key)
        return key
