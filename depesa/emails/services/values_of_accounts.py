"""What stands behind the placeholders of accounts, newsletter and contact form."""

import datetime as dt
from typing import Any

from depesa.company.models import Company
from depesa.core.languages import formatter
from depesa.emails.services.values import values_of_company
from depesa.emails.services.values_of_orders import Reader, values_of_reader


def account_values(
    *, reader: Reader, link: str, valid_until: dt.datetime, company: Company, language: str, order_number: str = ""
) -> dict[str, Any]:
    """The values of the context "account"; `link` is the one-time link, and the reader's e-mail the sign-in address."""
    return {
        "customer": values_of_reader(reader, language),
        "account": {"email": reader.email},
        "link": link,
        "valid_until": formatter(language).moment(valid_until, company.time_zone),
        "order": {"number": order_number},
        **_ours(company),
    }


def newsletter_values(
    *, email: str, link: str, valid_until: dt.datetime, company: Company, language: str
) -> dict[str, Any]:
    """The values of the context "newsletter"; `link` confirms that it is wanted."""
    return {
        "greeting": formatter(language).salutation(),
        "subscriber": {"email": email},
        "link": link,
        "valid_until": formatter(language).moment(valid_until, company.time_zone),
        **_ours(company),
    }


def contact_form_values(
    *,
    email: str,
    text: str,
    company: Company,
    language: str,
    name: str = "",
    vocative: str = "",
    reply: str = "",
    order_number: str = "",
) -> dict[str, Any]:
    """The values of the context "contact-form"; without `reply` the letter says that the message has come."""
    return {
        "greeting": formatter(language).salutation(vocative=vocative),
        "customer": {"vocative": vocative},
        "message": {"name": name, "email": email, "text": text, "reply": reply},
        "order": {"number": order_number},
        **_ours(company),
    }


def _ours(company: Company) -> dict[str, Any]:
    return {"company": values_of_company(company), "contact": company.name}
