"""Reasons: why something was refused, stopped or left out, as a code with values, worded for whoever reads.

The code is the sentence in English, the key of the catalogues. A sentence of this gettext remembers its reason on its
way through errors, reports and tables: what one person was refused in Czech, another reads in Lithuanian. Free text of
people and answers of servers are plain strings and stay. See docs/decisions/0016-reasons-are-worded-when-read.md.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Self, override

from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise, lazy

from depesa.core.languages import formatter, spoken, text_in

_KEPT: Final = '{"code":'  # how a kept reason begins
_PLAIN_HOLES: Final = re.compile(r"(?:[^%]|%%|%\(\w+\)[sd])*")  # a sentence whose values stand as they are, no wider
_LONGEST: Final = 20_000  # characters of a sentence, and of what it is kept as
_AS_IT_IS: Final = "%(text)s"
_LARGEST: Final = 60  # places of an amount


@dataclass(frozen=True, slots=True)
class Size:
    """How large a file is, as a value of a reason."""

    bytes: int


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence of the catalogue with its values; `plural` and `number` where it has both forms.

    Values are plain ones, days, amounts, sizes, texts by language, other reasons, and lists of these.
    """

    code: str
    values: Mapping[str, Any] | None = None
    plural: str = ""
    number: int = 0
    context: str = ""

    def words(self) -> str:
        """The sentence in the language that is spoken here and now."""
        found = self._translated()
        if self.values is None:
            return found
        values = {name: _worded(value) for name, value in self.values.items()}
        longest = max((len(str(value)) for value in values.values()), default=0)
        if len(found) + found.count("%(") * longest > _LONGEST * 10:
            raise ValueError("a sentence without end")
        return found % values

    def kept(self) -> dict[str, Any]:
        """The reason as JSON."""
        kept: dict[str, Any] = {"code": self.code}
        if self.values is not None:
            kept["values"] = {name: _kept_value(value) for name, value in self.values.items()}
        more = {"plural": self.plural, "number": self.number, "context": self.context}
        return kept | {name: value for name, value in more.items() if value}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """The reason that was kept."""
        values = kept.get("values")
        holes = [kept["code"], kept.get("plural", "")] if values is not None else []
        if not all(map(_PLAIN_HOLES.fullmatch, holes)):
            raise ValueError("a code whose values do not stand as they are")
        read = None if values is None else {name: _value_of(value) for name, value in values.items()}
        return cls(kept["code"], read, kept.get("plural", ""), kept.get("number", 0), kept.get("context", ""))

    def _translated(self) -> str:
        if self.plural:
            return translation.ngettext(self.code, self.plural, self.number)
        return translation.pgettext(self.context, self.code) if self.context else translation.gettext(self.code)


class Sentence(str):
    """A reason in words; `str` of it, and so a template, says it anew in the language of the moment."""

    reason: Reason

    def __new__(cls, reason: Reason) -> Self:
        """The reason in the language that is spoken here and now."""
        found = super().__new__(cls, reason.words())
        found.reason = reason
        return found

    def __getnewargs__(self) -> tuple[Reason]:  # type: ignore[override]
        return (self.reason,)

    @override
    def __str__(self) -> str:
        return Sentence(self.reason)

    @override
    def __mod__(self, values: Any) -> str:
        if not isinstance(values, Mapping):
            return super().__mod__(values)
        reason = self.reason
        known = {name: _value(value) for name, value in values.items()}
        return Sentence(Reason(reason.code, known, reason.plural, reason.number, reason.context))

    @override
    def __add__(self, more: str) -> str:
        return joined([self, more], "")


if TYPE_CHECKING:
    _Text = models.TextField[str, str]
else:
    _Text = models.TextField


class ReasonField(_Text):
    """A reason, kept as its code and values, or a plain text; read as a sentence in the reader's language."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        """What was kept, in words."""
        return None if value is None else said(value)

    @override
    def get_prep_value(self, value: Any) -> Any:
        return kept(value) if isinstance(value, str) else super().get_prep_value(value)


def gettext(message: str) -> str:
    """The translated sentence, which remembers what it says."""
    return Sentence(Reason(message))


def pgettext(context: str, message: str) -> str:
    """The same for a sentence that means something else elsewhere."""
    return Sentence(Reason(message, context=context))


def ngettext(single: str, plural: str, number: int) -> str:
    """The same with the form that the number needs."""
    return Sentence(Reason(single, plural=plural, number=number))


gettext_lazy = lazy(gettext, str)


def joined(sentences: Iterable[str], between: str = " ") -> str:
    """Sentences one after the other, as one that remembers all of them."""
    parts = list(sentences)
    if not any(isinstance(part, Sentence) for part in parts):
        return between.join(parts)
    code = between.replace("%", "%%").join(f"%({place})s" for place in range(len(parts)))
    return Sentence(Reason(code, {str(place): _value(part) for place, part in enumerate(parts)}))


def kept(sentence: str) -> str:
    """A sentence as it is stored: code and values; a plain text as it is, unless it looks like what we store."""
    if not isinstance(sentence, Sentence):
        if not sentence.startswith(_KEPT):
            return sentence
        sentence = Sentence(Reason(_AS_IT_IS, {"text": str(sentence)}))  # somebody's words, and never ours
    return json.dumps(sentence.reason.kept(), ensure_ascii=False, separators=(",", ":"))


def said(text: str) -> str:
    """What was stored, in words; a plain text, and so what older versions stored, as it is.

    Whatever stands there is read: nothing in it raises, and nothing takes more room or time than a long text.
    """
    if not text.startswith(_KEPT) or len(text) > _LONGEST:
        return text
    try:
        return Sentence(Reason.of(json.loads(text)))
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
        return text  # it only looks like one


def kept_within(value: Any) -> Any:
    """Data for JSON in which every sentence is as it is stored."""
    match value:
        case str():
            return kept(value)
        case dict():
            return {name: kept_within(part) for name, part in value.items()}
        case list() | tuple():
            return [kept_within(part) for part in value]
        case _:
            return value


def _value(value: Any) -> Any:
    """A value as a reason holds it: no records, no words in somebody's language where that can be helped."""
    match value:
        case Sentence():
            return value.reason
        case Promise():
            return _of_lazy(value)
        case list() | tuple():
            return [_value(part) for part in value]
        case None | bool() | int() | float() | str() | Decimal() | dt.date() | Reason() | Size():
            return value
    names = getattr(value, "names", None)  # of a state, a type of document: {"en": …}
    if isinstance(names, dict) and names:
        return {str(code): str(text) for code, text in names.items()}
    return _value(str(value))  # a record whose name is a sentence says it so


def _of_lazy(value: Promise) -> Any:
    """What a lazy translation will say, without saying it yet."""
    reduced: Any = value.__reduce__()
    function, arguments, *_rest = reduced[1]
    match function.__name__:
        case "gettext":
            return Reason(arguments[0])
        case "pgettext":
            return Reason(arguments[1], context=arguments[0])
    return _value(str(value))


def _worded(value: Any) -> Any:
    match value:
        case Reason():
            return value.words()
        case dt.datetime():
            return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
        case dt.date():
            return date_format(value, "SHORT_DATE_FORMAT")
        case Decimal():
            return formatter(spoken()).number(value, max(-int(value.as_tuple().exponent), 0))
        case Size():
            return filesizeformat(value.bytes)
        case dict():
            return text_in(value)
        case list():
            return ", ".join(str(_worded(part)) for part in value)
        case _:
            return value


def _kept_value(value: Any) -> Any:
    match value:
        case Reason():
            return value.kept()
        case dt.datetime():
            return {"moment": value.isoformat()}
        case dt.date():
            return {"day": value.isoformat()}
        case Decimal():
            return {"amount": str(value)}
        case Size():
            return {"bytes": value.bytes}
        case dict():
            return {"texts": value}
        case list():
            return [_kept_value(part) for part in value]
        case _:
            return value


def _value_of(value: Any) -> Any:
    match value:
        case {"code": str()}:
            return Reason.of(value)
        case {"moment": moment}:
            return dt.datetime.fromisoformat(moment)
        case {"day": day}:
            return dt.date.fromisoformat(day)
        case {"amount": amount}:
            number = Decimal(amount)
            if not number.is_finite() or abs(number.adjusted()) > _LARGEST:
                raise ValueError("an amount that nobody owes")
            return number
        case {"bytes": int(size)}:
            return Size(size)
        case {"texts": texts}:
            return texts
        case list():
            return [_value_of(part) for part in value]
        case _:
            return value
