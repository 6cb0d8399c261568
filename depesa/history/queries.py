"""Reads of the history: timelines as the pages show them."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.db.models import DateField, Field, ForeignKey, QuerySet
from django.utils.formats import date_format, number_format

from depesa.core.money import AmountField
from depesa.core.reasons import gettext, said
from depesa.core.records import Ref, about
from depesa.history.contributions import EVENTS, LABELS, Names, app_of, names_of, today
from depesa.history.models import Entry, Head, Origin
from depesa.ui.parts import Change, Text
from depesa.ui.parts import Entry as Line

MOST_SHOWN: Final = 50
LONGEST_VALUE: Final = 120
UNTOLD: Final = frozenset({"posting", "customer", "series"})  # what the event itself says, and ids of other records


def timeline(
    ref: Ref, *, labels: Mapping[str, Text] | None = None, write: "Callable[[str, Any], str] | None" = None
) -> list[Line]:
    """What happened to a record, newest first, at most 50 lines.

    `labels` are the words for the names of changed fields, `write` says a value; see in_words.
    """
    return in_words(entries_of(ref)[:MOST_SHOWN], labels=labels, write=write)


def in_words(
    entries: Iterable[Entry],
    *,
    labels: Mapping[str, Text] | None = None,
    write: "Callable[[str, Any], str] | None" = None,
) -> list[Line]:
    """The entries as lines of a timeline; with `write`, which says a field's value, only labelled fields are shown."""
    rows = list(entries)
    names = names_of({app_of(entry.event) for entry in rows})
    return [_line_of(entry, labels or {}, write, names.get(app_of(entry.event), {})) for entry in rows]


def write_as(fields: "Iterable[Field[Any, Any]]") -> Callable[[str, Any], str]:
    """Says a value as its field is shown: the word of a choice, a day or an amount as the language writes it."""
    known = {field.name: field for field in fields}

    def write(name: str, value: Any) -> str:
        field = known[name]
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(field, DateField) and isinstance(value, str):
            return _day(value)
        if isinstance(field, AmountField):
            return number_format(value, force_grouping=True)
        return _value(value)

    return write


def entries_of(*refs: Ref) -> QuerySet[Entry]:
    """The entries of these records, newest first."""
    return Entry.objects.filter(about(*refs)).select_related("actor").order_by("-id")


def first_id_from(moment: dt.datetime) -> int:
    """The id of the first entry at this moment or later, beyond all when there is none: ids follow the time."""
    found = Entry.objects.filter(at__gte=moment).order_by("at", "id").values_list("pk", flat=True).first()
    return found or 2**62


def length() -> int:
    """How many entries there are."""
    return Head.objects.filter(pk=1).values_list("length", flat=True).first() or 0


def customer_of(ref: Ref) -> int | None:
    """Whose record it is, as the newest entry about it says."""
    found = Entry.objects.filter(about(ref), customer_id__isnull=False).order_by("-id")
    return found.values_list("customer_id", flat=True).first()


def _line_of(entry: Entry, labels: Mapping[str, Text], write: "Callable[[str, Any], str] | None", names: Names) -> Line:
    event = today(entry.event)
    what, icon = EVENTS.get(event, (event.replace(".", ": ").replace("-", " "), "history"))
    return Line(
        at=entry.at,
        what=what,
        by=str(entry.actor or ""),
        through="" if entry.origin == Origin.STAFF else origin_in_words(entry.origin),
        icon=icon,
        note=said(entry.note),
        changes=_changes(entry, labels, write, names),
    )


def origin_in_words(origin: str) -> str:
    """Through what something came, as the clerk reads it."""
    return str(dict(Origin.choices).get(origin, origin))


def _changes(
    entry: Entry, labels: Mapping[str, Text], write: "Callable[[str, Any], str] | None", told: Names
) -> list[Change]:
    before = entry.before if isinstance(entry.before, dict) else {}
    after = entry.after if isinstance(entry.after, dict) else {}
    names = [name for name in {**before, **after} if before.get(name) != after.get(name) and name not in UNTOLD]
    names = [name for name in names if before.get(name) or after.get(name)]
    if write:
        return [
            Change(labels[name], *(_value(side and write(name, side)) for side in (before.get(name), after.get(name))))
            for name in names
            if name in labels
        ]
    fields = _fields_of(app_of(entry.event))
    return [
        Change(
            labels.get(name) or _label(fields.get(name)) or LABELS.get(name) or name.replace("_", " "),
            told.get(name, {}).get(str(before.get(name))) or _value_text(before.get(name), fields.get(name)),
            told.get(name, {}).get(str(after.get(name))) or _value_text(after.get(name), fields.get(name)),
        )
        for name in names
        if not isinstance(before.get(name), list | dict) and not isinstance(after.get(name), list | dict)
        if not (isinstance(fields.get(name), ForeignKey) and isinstance(before.get(name) or after.get(name), int))
    ]


@cache
def _fields_of(app: str) -> Mapping[str, "Field[Any, Any]"]:
    """The fields of an app's tables by their names: what the app records is told in their words."""
    if not apps.is_installed(f"depesa.{app}"):
        return {}
    models = reversed(list(apps.get_app_config(app).get_models()))
    return {field.name: field for model in models for field in model._meta.concrete_fields if field.editable}


def _label(field: "Field[Any, Any] | None") -> Text:
    """The field's name in words, if it was given any (a name that Django made is not translated)."""
    return "" if field is None or field.verbose_name == field.name.replace("_", " ") else field.verbose_name


def _value_text(value: Any, field: "Field[Any, Any] | None") -> str:
    if value in (None, "") or field is None or isinstance(value, bool):
        return _value(value)
    return write_as([field])(field.name, value)


def _day(text: str) -> str:
    try:
        return date_format(dt.date.fromisoformat(text[:10]), "SHORT_DATE_FORMAT")
    except ValueError:
        return _value(text)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    text = said("" if value is None else str(value))
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"
