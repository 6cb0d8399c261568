"""What stands behind the placeholders: plain values, written as the language of the letter writes them."""

import datetime as dt
import re
import zoneinfo
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, get_decimal_symbol, get_group_symbol

from depesa.company.models import Company
from depesa.core.money import rounded
from depesa.core.month import Month
from depesa.customers.models import Customer

_MONTH: Final = {"en": "MMMM y", "cs": "LLLL y", "lt": "y 'm'. MMMM 'mėn'."}
_DAY: Final = {"en": "d MMMM y", "cs": "d. MMMM y", "lt": "y 'm'. MMMM d 'd'."}
_GREETING: Final = {"en": "Dear Sir or Madam", "cs": "Dobrý den", "lt": "Laba diena"}
_DOCUMENTS: Final = {
    "en": {"one": "document", "other": "documents"},
    "cs": {"one": "doklad", "few": "doklady", "other": "dokladů"},
    "lt": {"one": "dokumentas", "few": "dokumentai", "other": "dokumentų"},
}
_ONE = re.compile(r"1(?:[.,]0+)?")
_HAS_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def statement_values(
    *,
    company: Company,
    customer: Customer,
    month: Month,
    language: str,
    document_count: int,
    totals: Mapping[str, Decimal],
    revision: int = 1,
    changes: Sequence[str] = (),
    contact: str = "",
) -> dict[str, Any]:
    """The values of the context "monthly-statement", in the language of the letter.

    `totals` are signed sums by currency; `changes` one sentence each; `contact` who looks after the customer.
    """
    return {
        "customer": values_of_customer(customer, language),
        "month": {"name": month_in_words(month, language), "number": str(month)},
        "documents": {"count": document_count, "written": documents_in_words(document_count, language)},
        "totals": ", ".join(money_in_words(totals[currency], currency, language) for currency in sorted(totals)),
        "revision": {"number": revision, "changes": list(changes)},
        "company": values_of_company(company),
        "contact": contact or company.name,
    }


def values_of_company(company: Company) -> dict[str, Any]:
    """The placeholders that begin with "company."."""
    website = company.website.strip()
    if website and not _HAS_SCHEME.match(website):
        website = f"https://{website}"
    return {
        "name": company.name,
        "email": company.email,
        "phone": company.phone,
        "website": website,
        "address": "\n".join(company.address_lines),
        "company_code": company.company_code,
        "vat_code": company.vat_code,
    }


def values_of_customer(customer: Customer, language: str) -> dict[str, Any]:
    """The placeholders that begin with "customer."; the salutation of the card, or what is usual in the language."""
    return {
        "name": customer.name,
        "code": customer.code,
        "email": customer.email,
        "salutation": salutation_in(language, customer.salutation, customer.vocative),
    }


def salutation_in(language: str, salutation: str = "", vocative: str = "") -> str:
    """How a letter begins, without the comma: what the card says, else the greeting, with the vocative if known.

    Dear Mr Novák; Dobrý den, pane Nováku; Laba diena, pone Novakai. Without any name the usual greeting.
    """
    if chosen := salutation.strip().rstrip(","):
        return chosen
    if not (name := vocative.strip().rstrip(",")):
        return _GREETING[language]
    return f"Dear {name}" if language == "en" else f"{_GREETING[language]}, {name}"


@lru_cache(maxsize=256)
def month_in_words(month: Month, language: str) -> str:
    """The month in the case that a sentence needs: June 2011, (za) červen 2011, 2011 m. birželio mėn."""
    return format_date(month.first, _MONTH[language], locale=language)


@lru_cache(maxsize=1024)
def quantity_in_words(quantity: Decimal, language: str) -> str:
    """How many, without zeros that say nothing: 2, 1,5."""
    return format_decimal(quantity.normalize(), format="#,##0.######", locale=language)


@lru_cache(maxsize=1024)
def date_in_words(day: dt.date, language: str) -> str:
    """The day as the language writes it: 5 July 2011, 5. července 2011, 2011 m. liepos 5 d."""
    return format_date(day, _DAY[language], locale=language)


def moment_in_words(moment: dt.datetime, language: str, zone: str) -> str:
    """Day and time in the zone: 5 July 2011, 14:30."""
    local = moment.astimezone(zoneinfo.ZoneInfo(zone))
    return f"{date_in_words(local.date(), language)}{' ' if language == 'lt' else ', '}{local:%H:%M}"


@lru_cache(maxsize=4096)
def documents_in_words(count: int, language: str) -> str:
    """The number of documents with the word in the right form: 5 documents, 5 dokladů, 5 dokumentai."""
    forms = _DOCUMENTS[language]
    form = Locale.parse(language).plural_form(count)
    return f"{count} {forms.get(form, forms['other'])}"


def money_in_words(amount: Decimal, currency: str, language: str) -> str:
    """The amount with its currency as the language writes it, with a true minus sign."""
    before, symbols, after = _money_in(currency, language)
    whole = rounded(amount, currency)
    written = f"{abs(whole):,f}".translate(symbols)
    return f"{'\N{MINUS SIGN}' if whole < 0 else ''}{before}{written}{after}"


@lru_cache(maxsize=256)
def _money_in(currency: str, language: str) -> tuple[str, dict[int, str], str]:
    """What stands before and after an amount, and its separators; Babel itself is 40 times slower."""
    before, after = _ONE.split(format_currency(1, currency, locale=language), maxsplit=1)
    symbols = {ord(","): get_group_symbol(language), ord("."): get_decimal_symbol(language)}
    return before, symbols, after
