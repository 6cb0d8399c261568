"""Number series without gaps: a number is taken in the transaction that posts the document, or not at all."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from django.db import connection
from django.db.models import F, Max

from depesa.core.edits import edited, put, snapshot
from depesa.core.errors import DomainError, raise_faults
from depesa.core.reasons import gettext as _
from depesa.core.tables import lock_rows
from depesa.documents.models import Document, NumberSeries
from depesa.history.services import teller
from depesa.staff.models import User

FIELDS: Final = ("code", "type", "year", "prefix", "digits", "suffix", "last")


Taken = Callable[[Sequence[str]], Iterable[str]]  # of written numbers, those that are borne already


class SeriesEnded(DomainError):
    """The number series has no number left; open a new one."""


def reserve(
    series: NumberSeries, count: int, *, kind: str = "", taken: Taken | None = None, on: dt.date | None = None
) -> list[int]:
    """Take the next numbers of the series; SeriesEnded when there are not enough.

    Only inside the transaction that uses them: a rollback gives them back, and the row is locked until then.
    Numbers that are borne already (typed or imported) are passed over: by a sales document of type `kind`, and by
    whatever `taken` answers when it is shown written numbers. With `on`, a series of another year refuses.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("numbers are taken in the transaction that uses them")
    if on and (reason := wrong_year(series, on)):
        raise SeriesEnded(reason)
    found: list[int] = []
    while len(found) < count:
        wanted = count - len(found)
        NumberSeries.objects.filter(pk=series.pk).update(last=F("last") + wanted, is_begun=True)  # locks the row
        series.refresh_from_db()
        if series.last > series.end:
            raise SeriesEnded(
                _("Series %(code)s ends at %(end)s; open a new one.") % {"code": series.code, "end": series.end}
            )
        numbers = range(series.last - wanted + 1, series.last + 1)
        borne = _borne([series.written(number) for number in numbers], kind, taken)
        found += [number for number in numbers if series.written(number) not in borne]
    return found


def _borne(written: list[str], kind: str, taken: Taken | None) -> set[str]:
    """Those of the written numbers that a document has already."""
    borne = set(taken(written)) if taken else set()
    if kind:
        borne |= set(Document.objects.filter(type=kind, number__in=written).values_list("number", flat=True))
    return borne


def give_back(series: NumberSeries, serial: int, *, kind: str = "") -> bool:
    """Give the last number of the series back, so that the next document takes it; False if it is not the last.

    Only inside the transaction that deletes the document which bore it. Numbers before it that were passed over, for
    a sales document of type `kind` bears them by hand, are stepped back over, too: the last given is the last again.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a number is given back in the transaction that deletes its document")
    given = NumberSeries.objects.filter(pk=series.pk, last=serial).update(last=F("last") - 1)
    if given:
        others = Document.objects.filter(series=series, serial__isnull=False).exclude(serial=serial)
        last_on = others.aggregate(last=Max("document_on"))["last"]
        typed = Document.objects.filter(type=kind).exclude(series=series, serial__isnull=False)
        last = serial - 1
        while last and typed.filter(number=series.written(last)).exists():
            last -= 1
        NumberSeries.objects.filter(pk=series.pk).update(last_on=last_on, last=last)
        series.refresh_from_db()
    return bool(given)


def wrong_year(series: NumberSeries, day: dt.date) -> str:
    """Why a document of that day takes no number of this series, if the series is of another year."""
    if series.year and day.year != series.year:
        return _("Series %(code)s is for %(year)s only; open a new one.") % {"code": series.code, "year": series.year}
    return ""


def left(series: NumberSeries) -> int:
    """How many numbers the series still holds; the row stays locked until the transaction ends."""
    lock_rows(NumberSeries.objects.filter(pk=series.pk))
    series.refresh_from_db()
    return max(series.end - series.last, 0)


def save_series(
    series: NumberSeries, values: Mapping[str, Any], *, by: User | None, version: int | None = None
) -> NumberSeries:
    """Open a series, or change one as it was seen; one that has given numbers keeps its shape and never goes back."""
    told = partial(snapshot, names=FIELDS)
    with edited(series, version, by=by, told=told, tell=teller("documents.series-saved", by=by)) as row:
        before = told(row)
        put(row, values, FIELDS)
        _check_series(row, before)
    return row


def _check_series(series: NumberSeries, before: Mapping[str, Any]) -> None:
    faults = {}
    if not 1 <= series.digits <= 12:
        faults["digits"] = _("Choose 1 to 12 digits.")
    elif series.last > series.end:
        faults["last"] = _("With %(digits)s digits the series ends at %(end)s.") % {
            "digits": series.digits,
            "end": series.end,
        }
    if series.is_begun:
        shape = ("prefix", "digits", "suffix", "type")
        if any(before[name] != getattr(series, name) for name in shape):
            faults["prefix"] = _("Numbers of this series stand on documents; it keeps its shape. Open a new one.")
        if before["last"] != series.last:
            faults["last"] = _("This would leave a gap or give numbers twice. Open a new series.")
    raise_faults(faults)
