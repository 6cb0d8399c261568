"""Placeholders that every letter has: who we are, and who reads it."""

import re
from dataclasses import dataclass
from typing import Final, Self

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from depesa.company.models import Company
from depesa.core.languages import Formatter, formatter
from depesa.core.links import is_web_address
from depesa.customers.models import Customer
from depesa.emails.placeholders.kinds import Kind, Placeholder, maybe

_HAS_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """To whom a letter speaks."""

    name: str
    code: str = ""
    email: str = ""
    salutation: str = ""
    vocative: str = ""

    @classmethod
    def of(cls, card: Customer, email: str = "") -> Self:
        """The customer as the card says, with another address if one is given."""
        return cls(
            name=card.name,
            code=card.code,
            email=email or card.email,
            salutation=card.salutation,
            vocative=card.vocative,
        )


@dataclass(frozen=True, kw_only=True)
class About:
    """What every letter is about: our firm, and the language that it is written in."""

    company: Company
    language: str
    contact: str = ""

    @property
    def write(self) -> Formatter:
        """What writes figures and days in its language."""
        return formatter(self.language)


@dataclass(frozen=True, kw_only=True)
class AboutReader(About):
    """The same with somebody whom we know."""

    reader: Reader


def _website(about: About) -> str:
    website = about.company.website.strip()
    address = f"https://{website}" if website and not _HAS_SCHEME.match(website) else website
    return address if is_web_address(address) else ""


COMPANY: Final[tuple[Placeholder[About], ...]] = (
    Placeholder("company.name", Kind.TEXT, _("our name"), lambda it: it.company.name, "Vaivorykštė UAB"),
    Placeholder("company.email", Kind.TEXT, _("our e-mail"), lambda it: it.company.email, "info@vaivorykste.example"),
    maybe("company.phone", Kind.TEXT, _("our phone; may be empty"), lambda it: it.company.phone, "+370 5 212 3456"),
    maybe("company.website", Kind.LINK, _("our website; may be empty"), _website, "https://vaivorykste.example"),
    Placeholder(
        "contact",
        Kind.TEXT,
        _("who looks after the customer, or our name"),
        lambda it: it.contact or it.company.name,
        "Ada",
    ),
)
FIRM: Final[tuple[Placeholder[About], ...]] = (
    maybe(
        "company.address",
        Kind.BLOCK,
        _("our address; may be empty"),
        lambda it: "\n".join(it.write.address(it.company.address_lines)),
        "Ąžuolų g. 5\n01234 Vilnius\nLT",
    ),
    maybe(
        "company.company_code",
        Kind.TEXT,
        _("our company code; may be empty"),
        lambda it: it.company.company_code,
        "304871236",
    ),
    maybe(
        "company.vat_code", Kind.TEXT, _("our VAT code; may be empty"), lambda it: it.company.vat_code, "LT100011122233"
    ),
)
GREETING: Final[Placeholder[About]] = Placeholder(
    "greeting",
    Kind.TEXT,
    _("how the letter begins, also when we know no name"),
    lambda it: it.write.salutation(),
    lambda write: write.salutation(),
)
CUSTOMER: Final[tuple[Placeholder[AboutReader], ...]] = (
    Placeholder(
        "customer.name", Kind.TEXT, _("name of the customer"), lambda it: it.reader.name, "Šroub & matka, s.r.o."
    ),
    Placeholder("customer.code", Kind.TEXT, _("code of the customer"), lambda it: it.reader.code, "C-1042"),
    Placeholder(
        "customer.salutation",
        Kind.TEXT,
        _("how the letter begins: from the customer's card, or the greeting that is usual in the language"),
        lambda it: it.write.salutation(it.reader.salutation, it.reader.vocative),
        lambda write: write.salutation(),
    ),
)
EMAIL: Final[Placeholder[AboutReader]] = maybe(
    "customer.email",
    Kind.TEXT,
    _("the customer's e-mail; may be empty"),
    lambda it: it.reader.email,
    "nakup@sroub.example",
)
VOCATIVE: Final[Placeholder[AboutReader]] = maybe(
    "customer.vocative",
    Kind.TEXT,
    _("how the customer is addressed after the greeting, for example “pane Nováku”; may be empty"),
    lambda it: it.reader.vocative,
    pgettext_lazy("sample, as one calls somebody", "Ada"),
)
READER: Final[tuple[Placeholder[AboutReader], ...]] = (*CUSTOMER, EMAIL, VOCATIVE)
