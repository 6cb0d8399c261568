"""The statement on paper: what was frozen when it was formed, written in the customer's language."""

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from depesa.company.models import Company
from depesa.core.languages import speaking
from depesa.core.month import Month
from depesa.customers.models import Customer
from depesa.documents.models import TYPES
from depesa.documents.pdf import CurrencyTotal, Figures, Revision, SheetRow, StatementSheet
from depesa.pdf import Job, Logo
from depesa.statements.rules.figures import Hand, hand
from depesa.statements.rules.sheets import Row, rows_of


@dataclass(frozen=True, slots=True)
class Labels:
    """The fixed words of the sheet in one language."""

    title: str
    customer: str
    month: str
    documents: str
    headings: tuple[str, ...]
    totals: str
    totals_headings: tuple[str, ...]
    total: str
    no_rate: str
    page: str
    changes: str
    types: Mapping[str, str]
    file: str
    company_code: str
    vat_code: str

    def codes(self, card: Company | Customer) -> list[str]:
        """The codes of a firm, each with its word."""
        found = ((self.company_code, card.company_code), (self.vat_code, card.vat_code))
        return [words % {"code": code} for words, code in found if code]


@lru_cache(maxsize=8)
def labels(language: str) -> Labels:
    """The fixed words of the sheet in that language."""
    with speaking(language):
        return Labels(
            title=_("Statement of sales documents, %(month)s"),
            customer=_("Customer"),
            month=_("Month"),
            documents=_("Documents"),
            headings=(
                _("Date"),
                _("Document"),
                _("Number"),
                _("Net"),
                _("VAT"),
                _("Total"),
                _("Currency"),
            ),
            totals=_("Totals"),
            totals_headings=(_("VAT rate"), _("Net"), _("VAT"), _("Total")),
            total=_("Total %(currency)s"),
            no_rate=_("rate not stated"),
            page=_("Page {page} of {pages}"),
            changes=_("Revision %(number)s: what has changed"),
            types={code: str(name) for code, name in TYPES},
            file=pgettext("file name, without accents or blanks", "Statement"),
            company_code=_("Company code %(code)s"),
            vat_code=_("VAT code %(code)s"),
        )


def job_of(key: Hashable, sheet: Mapping[str, Any], language: str, *, logo: Logo | None, tagged: bool) -> Job:
    """The job that renders a kept sheet."""
    return printed(sheet, language, logo).to_job(key, tagged=tagged)


def printed(sheet: Mapping[str, Any], language: str, logo: Logo | None) -> StatementSheet:
    """A kept sheet as the template wants it: every word and figure ready to print."""
    words, writing = labels(language), hand(language)
    month = writing.month(Month.from_number(sheet["month"]))
    rows = rows_of(sheet)
    currencies = len(sheet["totals"])
    return StatementSheet(
        language=language,
        title=words.title % {"month": month},
        document_on=dt.date.fromisoformat(sheet["dated"]),
        sender=sheet["sender"],
        customer_label=words.customer,
        customer=sheet["customer"],
        facts=[(words.month, month), (words.documents, str(len(rows)))],
        headings=words.headings if currencies > 1 else words.headings[:-1],
        rows=[_row(row, words, writing) for row in rows],
        totals_title=words.totals,
        totals_headings=words.totals_headings,
        totals=[_total(sheet, total, words, writing) for total in sheet["totals"]],
        page=words.page,
        note=sheet["note"],
        revision=_revision(sheet["revision"], words),
        logo=logo,
    )


def _row(row: Row, words: Labels, writing: Hand) -> SheetRow:
    return SheetRow(
        writing.day(dt.date.fromisoformat(row.day)),
        words.types.get(row.type, row.type),
        row.number,
        *_figures(row.currency, row.net, row.vat, row.gross, writing),
        row.currency,
    )


def _figures(currency: str, net: int, vat: int, gross: int, writing: Hand) -> Figures:
    return Figures(*(writing.amount(stored, currency) for stored in (net, vat, gross)))


def _total(sheet: Mapping[str, Any], total: list[Any], words: Labels, writing: Hand) -> CurrencyTotal:
    currency, net, vat, gross = total
    whole = _figures(currency, net, vat, gross, writing)
    rates = [
        (writing.rate(rate) if rate else words.no_rate, _figures(currency, part, tax, part + tax, writing))
        for its_currency, rate, part, tax in sheet["rates"]
        if its_currency == currency
    ]
    return CurrencyTotal(words.total % {"currency": currency}, whole, rates)


def _revision(revision: Mapping[str, Any] | None, words: Labels) -> Revision | None:
    if revision is None:
        return None
    return Revision(words.changes % {"number": revision["number"]}, revision["changes"])


def file_name(sheet: Mapping[str, Any], language: str, revision: int, suffix: str) -> str:
    """The name under which the file goes out, for example Statement-2011-06-17841.pdf."""
    code = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in sheet["code"])
    again = f"-r{revision}" if revision > 1 else ""
    return f"{labels(language).file}-{Month.from_number(sheet['month'])}-{code}{again}.{suffix}"
