"""Texts whose every version is kept: written over as somebody saw them, compared, and made what they were before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any, ClassVar, Final, cast

from django.conf import settings
from django.db import IntegrityError, models
from django.db.models import QuerySet, UniqueConstraint

from depesa.core.edits import Editable, Overtaken, Snapshot, edited, put
from depesa.core.reasons import gettext as _

MOST: Final = 200  # former versions that a page names
_SEEN: Final = ("version", "changed_by", "changed_at")
MOST_LINES: Final = 1000  # of a text that are compared one by one: it takes the square of their number
WHOLE: Final = 10**6  # lines around a change: all of them


class VersionedText(Editable):
    """A text with its number of version; what it said before stands in its `versions`.

    `says` are the fields of both that make what it says. One that is not stored yet has the version 0.
    """

    says: ClassVar[tuple[str, ...]]

    class Meta:
        abstract = True

    def words_of(self, row: VersionedText | FormerText) -> dict[str, Any]:
        """What the row, this one or a former one of it, says, by field."""
        return {name: getattr(row, name) for name in self.says}

    @property
    def past(self) -> QuerySet[Any]:
        """The rows that keep what it said before."""
        raise NotImplementedError

    @property
    def former(self) -> Sequence[FormerText]:
        """What it said before, newest first."""
        return list(self.past.select_related("changed_by").order_by("-version")[:MOST])

    def former_in(self, version: int) -> FormerText | None:
        """What it said in this version, if it ever had it."""
        return self.past.select_related("changed_by").filter(version=version).first()

    def words_in(self, version: int) -> dict[str, Any]:
        """The same by field."""
        return self.words_of(self.past.get(version=version))


class FormerText(models.Model):
    """What a text said before it was changed."""

    version = models.PositiveIntegerField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        abstract = True


class Changed(Overtaken):
    """Somebody else changed this text. Your text is kept below; compare."""

    now: VersionedText

    def __init__(self, now: VersionedText) -> None:
        super().__init__(now)
        if now.changed_by is not None:
            sentence = _("Changed by %(name)s on %(when)s. Your text is kept below; compare.")
            self.args = (sentence % {"name": now.changed_by, "when": now.changed_at},)


def write[Text: VersionedText](
    text: Text,
    said: Mapping[str, Any],
    *,
    by: models.Model | None,
    version: int,
    tell: Callable[[Text, Snapshot | None, Snapshot], None],
) -> Text:
    """Make this what the text says and keep what it said before; the row as it is then.

    `version` is the one that the person saw. Changed carries what somebody else has made of it since; `tell` is that
    of `core.edits.edited`.
    """
    row = text if text.pk else copy(text)
    row.version = row.version or 1
    former: dict[str, Any] = {}

    def save(fresh: Text) -> None:
        fresh.save()
        if former:
            fresh.versions.create(**former)  # type: ignore[attr-defined]

    try:
        with edited(row, version, by=by, told=lambda each: each.words_of(each), tell=tell, save=save) as fresh:
            if fresh.pk:
                former = fresh.words_of(fresh) | {name: getattr(fresh, name) for name in _SEEN}
            put(fresh, said, said)
    except Overtaken as problem:
        raise Changed(cast("VersionedText", problem.now)) from None
    except IntegrityError:
        if text.pk:
            raise
        raise Changed(_twin(text)) from None
    return fresh


def _twin(text: VersionedText) -> VersionedText:
    """The row that somebody else has stored in the place of this new one."""
    (unique,) = [each for each in text._meta.constraints if isinstance(each, UniqueConstraint)]
    return type(text)._default_manager.get(**{name: getattr(text, name) for name in unique.fields})


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a comparison: "same", "gone", "new", or the "place" where lines were passed over."""

    change: str
    text: str


type Comparison = dict[str, list[Line]]
"""Lines by field of a text; nothing where both say the same."""

_CHANGES: Final = {" ": "same", "-": "gone", "+": "new", "@": "place"}


def compare(before: Mapping[str, Any], after: Mapping[str, Any], *, around: int = WHOLE) -> Comparison:
    """What changed between two texts, with so many lines around each change."""
    found = {name: _compared(str(before[name]).splitlines(), str(after[name]).splitlines(), around) for name in before}
    return found if any(found.values()) else {}


def _compared(before: list[str], after: list[str], around: int) -> list[Line]:
    if max(len(before), len(after)) > MOST_LINES and before != after:
        return [*(Line("gone", line) for line in before), *(Line("new", line) for line in after)]
    lines = list(unified_diff(before, after, lineterm="", n=around))[2 if around < WHOLE else 3 :]
    return [Line(_CHANGES[line[0]], "…" if line[0] == "@" else line[1:]) for line in lines]
