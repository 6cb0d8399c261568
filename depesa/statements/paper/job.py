"""The statement on paper: what was frozen when it was formed, written in the customer's language."""

import datetime as dt
from collections.abc import Hashable, Mapping
from typing import Any, Final

from depesa.company.models import Company
from depesa.core.languages import Formatter, formatter, words
from depesa.core.periods import Period
from depesa.customers.models import Customer
from depesa.pdf import Job, Logo
from depesa.statements.paper.ledger import Row, rows_of
from depesa.statements.paper.sheet import Amounts, CurrencyTotal, Revision, SheetRow, StatementSheet

HEADINGS: Final = ("date", "document", "number", "net", "vat", "gross", "currency")


def codes_of(card: Company | Customer, language: str) -> list[str]:
    """The codes of a firm as its sheet prints them, each with its word."""
    say = words("statement", language)
    found = ((say["company-code"], card.company_code), (say["vat-code"], card.vat_code))
    return [word.format(code=code) for word, code in found if code]


def job_of(key: Hashable, sheet: Mapping[str, Any], language: str, *, logo: Logo | None, tagged: bool) -> Job:
    """The job that renders a kept sheet."""
    return lay_out(sheet, language, logo).to_job(key, tagged=tagged)


def lay_out(sheet: Mapping[str, Any], language: str, logo: Logo | None) -> StatementSheet:
    """A kept sheet as the template wants it: every word and figure ready to print."""
    say, write = words("statement", language), formatter(language)
    period = Period.parse(sheet["period"])
    name = write.period(period)
    rows = rows_of(sheet)
    currencies = len(sheet["totals"])
    return StatementSheet(
        language=language,
        title=say["title"].format(period=name),
        document_on=dt.date.fromisoformat(sheet["dated"]),
        sender=sheet["sender"],
        customer_label=say["customer"],
        customer=sheet["customer"],
        facts=[(say[period.kind], name), (say["documents"], str(len(rows)))],
        headings=[say[key] for key in (HEADINGS if currencies > 1 else HEADINGS[:-1])],
        rows=[_printed_row(row, say, write) for row in rows],
        totals_title=say["totals"],
        totals_headings=[say[key] for key in ("rate", "net", "vat", "gross")],
        totals=[_total(sheet, total, say, write) for total in sheet["totals"]],
        page=say["page"],
        note=sheet["note"],
        revision=_revision(sheet["revision"], say),
        logo=logo,
    )


def _printed_row(row: Row, say: Mapping[str, str], write: Formatter) -> SheetRow:
    return SheetRow(
        write.short_day(dt.date.fromisoformat(row.day)),
        say.get(row.type, row.type),
        row.number,
        *_amounts(row.currency, row.net, row.vat, row.gross, write),
        row.currency,
    )


def _amounts(currency: str, net: int, vat: int, gross: int, write: Formatter) -> Amounts:
    return Amounts(*(write.stored_amount(stored, currency) for stored in (net, vat, gross)))


def _total(sheet: Mapping[str, Any], total: list[Any], say: Mapping[str, str], write: Formatter) -> CurrencyTotal:
    currency, net, vat, gross = total
    whole = _amounts(currency, net, vat, gross, write)
    rates = [
        (write.rate(rate) if rate else say["no-rate"], _amounts(currency, part, tax, part + tax, write))
        for its_currency, rate, part, tax in sheet["rates"]
        if its_currency == currency
    ]
    return CurrencyTotal(say["total"].format(currency=currency), whole, rates)


def _revision(revision: Mapping[str, Any] | None, say: Mapping[str, str]) -> Revision | None:
    if revision is None:
        return None
    return Revision(say["changes"].format(number=revision["number"]), revision["changes"])


def file_name(sheet: Mapping[str, Any], language: str, revision: int, suffix: str) -> str:
    """The name under which the file goes out, for example Statement-2011-06-17841.pdf."""
    code = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in sheet["code"])
    again = f"-r{revision}" if revision > 1 else ""
    period = sheet["period"].replace("..", "_")
    return f"{words('statement', language)['file']}-{period}-{code}{again}.{suffix}"
