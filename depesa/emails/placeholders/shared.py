"""Placeholders that every letter has: who we are, and who reads it."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.emails.placeholders.kinds import Kind, Placeholder, in_all, in_each

COMPANY: Final = (
    Placeholder("company.name", Kind.TEXT, _("our name"), in_all("Vaivorykštė UAB")),
    Placeholder("company.email", Kind.TEXT, _("our e-mail"), in_all("info@vaivorykste.example")),
    Placeholder("company.phone", Kind.TEXT, _("our phone; may be empty"), in_all("+370 5 212 3456"), may_be_empty=True),
    Placeholder(
        "company.website",
        Kind.LINK,
        _("our website; may be empty"),
        in_all("https://vaivorykste.example"),
        may_be_empty=True,
    ),
    Placeholder("contact", Kind.TEXT, _("who looks after the customer, or our name"), in_all("Ada")),
)
FIRM: Final = (
    Placeholder(
        "company.address",
        Kind.BLOCK,
        _("our address; may be empty"),
        in_all("Ąžuolų g. 5\n01234 Vilnius\nLT"),
        may_be_empty=True,
    ),
    Placeholder(
        "company.company_code", Kind.TEXT, _("our company code; may be empty"), in_all("304871236"), may_be_empty=True
    ),
    Placeholder(
        "company.vat_code", Kind.TEXT, _("our VAT code; may be empty"), in_all("LT100011122233"), may_be_empty=True
    ),
)
CUSTOMER: Final = (
    Placeholder("customer.name", Kind.TEXT, _("name of the customer"), in_all("Šroub & matka, s.r.o.")),
    Placeholder("customer.code", Kind.TEXT, _("code of the customer"), in_all("C-1042")),
    Placeholder(
        "customer.salutation",
        Kind.TEXT,
        _("how the letter begins: from the customer's card, or the greeting that is usual in the language"),
        in_each("Dear Sir or Madam", "Dobrý den", "Laba diena"),
    ),
)
EMAIL: Final = Placeholder(
    "customer.email",
    Kind.TEXT,
    _("the customer's e-mail; may be empty"),
    in_all("nakup@sroub.example"),
    may_be_empty=True,
)
VOCATIVE: Final = Placeholder(
    "customer.vocative",
    Kind.TEXT,
    _("how the customer is addressed after the greeting, for example “pane Nováku”; may be empty"),
    in_each("Ada", "Ado", "Ada"),
    may_be_empty=True,
)
READER: Final = (*CUSTOMER, EMAIL, VOCATIVE)
