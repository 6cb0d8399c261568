"""Reads of sales documents."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Min, QuerySet, Sum

from depesa.documents.models import Books, Document, NumberSeries


def closed_until() -> dt.date | None:
    """The last day of the closed books, if any."""
    return Books.objects.filter(pk=1).values_list("closed_until", flat=True).first()


@dataclass(frozen=True, slots=True)
class Total:
    """Documents of one currency: how many, and their signed gross sum; currencies are never added."""

    currency: str
    count: int
    gross: Decimal


def totals(documents: QuerySet[Document]) -> list[Total]:
    """Count and signed gross sum per currency."""
    rows = documents.order_by().values("currency").annotate(count=Count("pk"), sum=Sum("signed_gross"))
    found = [Total(row["currency"], row["count"], row["sum"] or Decimal(0)) for row in rows]
    return sorted(found, key=lambda total: total.currency)


@dataclass(frozen=True, slots=True)
class SeriesCheck:
    """What a look over a series found: numbers given, numbers missing, dates out of order."""

    series: NumberSeries
    given: int
    missing: list[str]

    @property
    def is_whole(self) -> bool:
        """Whether no number is missing."""
        return not self.missing


def check_series(series: NumberSeries) -> SeriesCheck:
    """Whether every number of the series, from the first one it gave to the last, stands on a document."""
    given = Document.objects.filter(series=series, serial__isnull=False)
    ends = given.aggregate(first=Min("serial"), last=Max("serial"), count=Count("pk"))
    if not ends["count"]:
        return SeriesCheck(series, 0, [])
    span = max(ends["last"], series.last) - ends["first"] + 1
    if span == ends["count"]:
        return SeriesCheck(series, ends["count"], [])
    serials = set(given.values_list("serial", flat=True))
    absent = [n for n in range(ends["first"], max(ends["last"], series.last) + 1) if n not in serials]
    return SeriesCheck(series, ends["count"], _not_on_documents(series, absent))


def _not_on_documents(series: NumberSeries, numbers: Iterable[int]) -> list[str]:
    """Those written numbers that no document bears, typed and imported ones included."""
    written = [series.written(number) for number in numbers]
    borne = set(Document.objects.filter(number__in=written).values_list("number", flat=True))
    return [text for text in written if text not in borne]
