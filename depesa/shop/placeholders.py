"""What letters of the shop's customer account, newsletter and contact form may name, and where it comes from."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from depesa.emails.placeholders import (
    COMPANY,
    FIRM,
    GREETING,
    READER,
    VOCATIVE,
    About,
    AboutReader,
    Context,
    Kind,
    Placeholder,
    maybe,
)

_ADDRESS: Final = "nakup@sroub.example"


@dataclass(frozen=True, kw_only=True)
class _WithLink(About):
    """A letter with a one-time link."""

    link: str
    valid_until: dt.datetime


@dataclass(frozen=True, kw_only=True)
class AboutAccount(_WithLink, AboutReader):
    """A customer account; the reader's e-mail is the sign-in address."""

    order_number: str = ""


@dataclass(frozen=True, kw_only=True)
class AboutNewsletter(_WithLink):
    """An address that was given for the newsletter."""

    email: str


@dataclass(frozen=True, kw_only=True)
class AboutMessage(AboutReader):
    """A message in the contact form; without `reply` the letter says that it has come."""

    text: str
    reply: str = ""
    order_number: str = ""


_UNTIL: Final[Placeholder[_WithLink]] = Placeholder(
    "valid_until",
    Kind.DATE,
    _("until when the link works, with the time"),
    lambda it: it.write.moment(it.valid_until, it.company.time_zone),
    lambda write: write.moment(dt.datetime(2011, 7, 5, 14, 30, tzinfo=dt.UTC), "UTC"),
)

ACCOUNT: Final[Context[AboutAccount]] = Context(
    "account",
    _("Customer account"),
    (
        *READER,
        Placeholder(
            "account.email",
            Kind.TEXT,
            _("the address with which the customer signs in"),
            lambda it: it.reader.email,
            _ADDRESS,
        ),
        Placeholder(
            "link",
            Kind.LINK,
            _("the one-time link: activates the account, or leads to a new password"),
            lambda it: it.link,
            "https://vaivorykste.example/account/Xw3f7q/",
        ),
        _UNTIL,
        maybe(
            "order.number",
            Kind.TEXT,
            _("number of the order with which the account was made; empty otherwise"),
            lambda it: it.order_number,
            "2011-000118",
        ),
        *COMPANY,
        *FIRM,
    ),
)
NEWSLETTER: Final[Context[AboutNewsletter]] = Context(
    "newsletter",
    _("Newsletter"),
    (
        GREETING,
        Placeholder("subscriber.email", Kind.TEXT, _("the address that was given"), lambda it: it.email, _ADDRESS),
        Placeholder(
            "link",
            Kind.LINK,
            _("confirms that the newsletter is wanted"),
            lambda it: it.link,
            "https://vaivorykste.example/newsletter/Xw3f7q/",
        ),
        _UNTIL,
        *COMPANY,
        *FIRM,
    ),
)
CONTACT_FORM: Final[Context[AboutMessage]] = Context(
    "contact-form",
    _("Contact form"),
    (
        Placeholder(
            GREETING.name,
            GREETING.kind,
            GREETING.meaning,
            lambda it: it.write.salutation(vocative=it.reader.vocative),
            GREETING.example,
        ),
        VOCATIVE,
        maybe("message.name", Kind.TEXT, _("name of who wrote; may be empty"), lambda it: it.reader.name, "Ada"),
        Placeholder("message.email", Kind.TEXT, _("address of who wrote"), lambda it: it.reader.email, _ADDRESS),
        maybe(
            "message.text",
            Kind.BLOCK,
            _("what was written to us; empty where it is only received and nobody signed in with the address"),
            lambda it: it.text,
            pgettext_lazy("sample", "Do you also have the hammer in 800 g?\nAnd when could you deliver it?"),
        ),
        maybe(
            "message.reply",
            Kind.BLOCK,
            _("our answer; empty while the message was only received"),
            lambda it: it.reply,
            pgettext_lazy("sample", "Yes, we have it in stock and can deliver it tomorrow."),
        ),
        maybe(
            "order.number",
            Kind.TEXT,
            _("number of the order that the message is about; may be empty"),
            lambda it: it.order_number,
            "2011-000118",
        ),
        *COMPANY,
        *FIRM,
    ),
)
