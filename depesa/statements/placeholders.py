"""What a letter with the statement of a period may name, and where it comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from depesa.core.languages import Formatter, words
from depesa.core.periods import Period
from depesa.emails.placeholders import COMPANY, CUSTOMER, AboutReader, Context, Kind, Placeholder

_QUARTER: Final = Period.quarter(2011, 2)


@dataclass(frozen=True, kw_only=True)
class AboutStatement(AboutReader):
    """The statement of a period. `totals` are signed sums by currency, `changes` one sentence each."""

    period: Period
    document_count: int
    totals: Mapping[str, Decimal]
    revision: int = 1
    changes: Sequence[str] = ()


def _totals(write: Formatter, totals: Mapping[str, Decimal]) -> str:
    return ", ".join(write.money_with_sign(totals[currency], currency) for currency in sorted(totals))


def _changes(write: Formatter) -> list[str]:
    say = words("statement", write.language)
    added = {"type": say["waybill"], "number": "VA-118", "after": write.money_with_sign(Decimal("96.80"), "EUR")}
    corrected = {
        "type": say["return"],
        "number": "GR-7",
        "after": write.money_with_sign(Decimal("-24.20"), "EUR"),
        "before": write.money_with_sign(Decimal("-12.10"), "EUR"),
    }
    return [
        gettext("%(type)s %(number)s was added: %(after)s") % added,
        gettext("%(type)s %(number)s was corrected: %(after)s, before %(before)s") % corrected,
    ]


MONTHLY_STATEMENT: Final[Context[AboutStatement]] = Context(
    "monthly-statement",
    _("Monthly statement"),
    (
        *CUSTOMER,
        Placeholder(
            "month.name",
            Kind.DATE,
            _("the month, ready for use in a sentence"),
            lambda it: it.write.period_in_sentence(it.period),
            lambda write: write.period_in_sentence(Period.month(2011, 6)),
        ),
        Placeholder("month.number", Kind.DATE, _("the month in digits"), lambda it: str(it.period), "2011-06"),
        Placeholder(
            "period.name",
            Kind.DATE,
            _("the month, quarter, year or days, ready for use in a sentence"),
            lambda it: it.write.period_in_sentence(it.period),
            lambda write: write.period_in_sentence(_QUARTER),
        ),
        Placeholder("period.number", Kind.DATE, _("the period in digits"), lambda it: str(it.period), str(_QUARTER)),
        Placeholder(
            "period.first_day",
            Kind.DATE,
            _("the first day of the period"),
            lambda it: it.write.day(it.period.first),
            lambda write: write.day(_QUARTER.first),
        ),
        Placeholder(
            "period.last_day",
            Kind.DATE,
            _("the last day of the period"),
            lambda it: it.write.day(it.period.last),
            lambda write: write.day(_QUARTER.last),
        ),
        Placeholder(
            "documents.count", Kind.NUMBER, _("how many documents the statement lists"), lambda it: it.document_count, 5
        ),
        Placeholder(
            "documents.written",
            Kind.TEXT,
            _("how many documents, with the word in the right form"),
            lambda it: it.write.count(it.document_count, "documents"),
            lambda write: write.count(5, "documents"),
        ),
        Placeholder(
            "totals",
            Kind.MONEY,
            _("the sum of each currency, VAT included"),
            lambda it: _totals(it.write, it.totals),
            lambda write: _totals(write, {"EUR": Decimal("1234.5"), "CZK": Decimal(2000)}),
        ),
        Placeholder(
            "revision.number",
            Kind.NUMBER,
            _("1 for the first letter of the period, 2 and more when it is corrected"),
            lambda it: it.revision,
            2,
            usual=1,
        ),
        Placeholder(
            "revision.changes",
            Kind.LIST,
            _("what a correction changed, one sentence each; empty in the first letter"),
            lambda it: list(it.changes),
            _changes,
            may_be_empty=True,
            usual=[],
        ),
        *COMPANY,
    ),
)
