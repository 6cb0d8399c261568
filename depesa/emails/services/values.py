"""What stands behind the placeholders: plain values, written as the language of the letter writes them."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from depesa.company.models import Company
from depesa.core.languages import formatter
from depesa.core.periods import Period
from depesa.customers.models import Customer

_HAS_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def statement_values(
    *,
    company: Company,
    customer: Customer,
    period: Period,
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
    write = formatter(language)
    return {
        "customer": values_of_customer(customer, language),
        "month": {"name": write.period_in_sentence(period), "number": str(period)},
        "period": {
            "name": write.period_in_sentence(period),
            "number": str(period),
            "first_day": write.day(period.first),
            "last_day": write.day(period.last),
        },
        "documents": {"count": document_count, "written": write.count(document_count, "documents")},
        "totals": ", ".join(write.money_with_sign(totals[currency], currency) for currency in sorted(totals)),
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
        "salutation": formatter(language).salutation(customer.salutation, customer.vocative),
    }
