"""What a letter with the statement of a period may name."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.emails.placeholders.kinds import Context, Kind, Placeholder, in_all, in_each
from depesa.emails.placeholders.shared import COMPANY, CUSTOMER

_SUMS: Final = "1\xa0234,50\xa0€, 2\xa0000,00\xa0Kč"

MONTHLY_STATEMENT: Final = Context(
    "monthly-statement",
    _("Monthly statement"),
    (
        *CUSTOMER,
        Placeholder(
            "month.name",
            Kind.DATE,
            _("the month, ready for use in a sentence"),
            in_each("June 2011", "červen 2011", "2011 m. birželio mėn."),
        ),
        Placeholder("month.number", Kind.DATE, _("the month in digits"), in_all("2011-06")),
        Placeholder(
            "period.name",
            Kind.DATE,
            _("the month, quarter, year or days, ready for use in a sentence"),
            in_each("the 2nd quarter of 2011", "2. čtvrtletí 2011", "2011 m. 2 ketv."),
        ),
        Placeholder("period.number", Kind.DATE, _("the period in digits"), in_all("2011-Q2")),
        Placeholder(
            "period.first_day",
            Kind.DATE,
            _("the first day of the period"),
            in_each("1 April 2011", "1. dubna 2011", "2011 m. balandžio 1 d."),
        ),
        Placeholder(
            "period.last_day",
            Kind.DATE,
            _("the last day of the period"),
            in_each("30 June 2011", "30. června 2011", "2011 m. birželio 30 d."),
        ),
        Placeholder("documents.count", Kind.NUMBER, _("how many documents the statement lists"), in_all(5)),
        Placeholder(
            "documents.written",
            Kind.TEXT,
            _("how many documents, with the word in the right form"),
            in_each("5 documents", "5 dokladů", "5 dokumentai"),
        ),
        Placeholder(
            "totals",
            Kind.MONEY,
            _("the sum of each currency, VAT included"),
            in_each("€1,234.50, CZK\xa02,000.00", _SUMS, _SUMS),
        ),
        Placeholder(
            "revision.number",
            Kind.NUMBER,
            _("1 for the first letter of the period, 2 and more when it is corrected"),
            in_all(2),
        ),
        Placeholder(
            "revision.changes",
            Kind.LIST,
            _("what a correction changed, one sentence each; empty in the first letter"),
            in_each(
                ["waybill VA-118 was added: €96.80", "return GR-7 was corrected: −€24.20, before −€12.10"],
                [
                    "přidáno: dodací list s fakturou VA-118, 96,80\xa0€",
                    "opraveno: vratka GR-7, −24,20\xa0€ (dříve −12,10\xa0€)",
                ],
                [
                    "pridėta: važtaraštis VA-118, 96,80\xa0EUR",
                    "patikslinta: grąžinimas GR-7, dabar −24,20\xa0EUR, buvo −12,10\xa0EUR",
                ],
            ),
            may_be_empty=True,
        ),
        *COMPANY,
    ),
)
