"""Reads of sales documents."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Min, Prefetch, QuerySet, Sum

from depesa.core.languages import codes
from depesa.core.periods import Period
from depesa.documents.models import Books, Document, DocumentTemplate, DocumentType, ExchangeRate, NumberSeries

DECEMBER = 12
RATE_HOLDS = dt.timedelta(days=5)  # over Easter and Christmas, to the afternoon of the first day of work


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
class Turnover:
    """What a customer bought in one currency, returns taken off: posted sales documents only."""

    currency: str
    count: int
    net: Decimal
    gross: Decimal
    last_on: dt.date


def turnover_of(customer_id: int) -> list[Turnover]:
    """The turnover of a customer per currency over all posted sales documents, the currency with most first."""
    rows = Document.objects.posted().filter(customer=customer_id).order_by().values("currency")
    sums = rows.annotate(
        count=Count("pk"),
        net=Sum("signed_net"),
        gross=Sum("signed_gross"),
        last_on=Max("document_on"),
    )
    found = [Turnover(**row) for row in sums]
    return sorted(found, key=lambda each: (-each.count, each.currency))


def trade_by_month(customer_id: int, currency: str, last: Period, months: int) -> list[tuple[Period, Decimal]]:
    """Signed net sums of the customer's posted documents, months without any included."""
    span = [last]
    while len(span) < months:
        span.insert(0, span[0].previous)
    rows = Document.objects.posted().filter(customer=customer_id, currency=currency)
    rows = rows.filter(document_on__gte=span[0].first, document_on__lt=last.end)
    sums = dict(rows.order_by().values_list("month").annotate(sum=Sum("signed_net")))
    return [(month, sums.get(month.number, Decimal(0))) for month in span]


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


def series_ending(today: dt.date) -> list[NumberSeries]:
    """Series of document types that give no number any more, or none after this December."""
    bounded = NumberSeries.objects.filter(year__isnull=False, pk__in=DocumentType.objects.values("series"))
    last = today.year if today.month == DECEMBER else today.year - 1
    return list(bounded.filter(year__lte=last).order_by("code"))


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


def rate_on(currency: str, home: str, day: dt.date) -> ExchangeRate | None:
    """The rate that holds on a day: its own, or the last one before it while a bank may have told none since."""
    rates = ExchangeRate.objects.filter(home=home, currency=currency, valid_on__lte=day, valid_on__gte=day - RATE_HOLDS)
    return rates.order_by("-valid_on").first()


def types() -> QuerySet[DocumentType]:
    """Every type of documents of an order, in the order of the settings."""
    return DocumentType.objects.select_related("series")


def types_with_templates() -> list[DocumentType]:
    """The types with the firm's own templates that are in use."""
    own = Prefetch("templates", DocumentTemplate.objects.exclude(source="").order_by("language"), to_attr="own")
    return list(types().prefetch_related(own))


def templates_of(kind: DocumentType) -> list[DocumentTemplate]:
    """The firm's own templates of the type that are in use."""
    return list(kind.templates.exclude(source="").order_by("language")) if kind.pk else []


def template_in(kind: DocumentType, language: str) -> DocumentTemplate:
    """The firm's own template of the type in the language; where there is none, an empty one that is not stored."""
    rows = DocumentTemplate.objects.select_related("type__series", "changed_by")
    found = rows.filter(type=kind, language=language).first()
    return found or DocumentTemplate(type=kind, language=language, version=0)


def sources() -> dict[tuple[str, str], str]:
    """The firm's own sources by code of the type and language; what is not there is printed with the built-in one."""
    rows = DocumentTemplate.objects.exclude(source="").values_list("type__code", "language", "source")
    own = {(code, language): source for code, language, source in rows}
    for code in {code for code, language in own if not language}:
        for language in codes():
            own.setdefault((code, language), own[code, ""])
    return own


def source_for(code: str, language: str) -> str:
    """The source with which a document of this type is printed in the language; empty: the built-in one."""
    rows = DocumentTemplate.objects.filter(type__code=code, language__in=[language, ""]).exclude(source="")
    return rows.order_by("-language").values_list("source", flat=True).first() or ""
