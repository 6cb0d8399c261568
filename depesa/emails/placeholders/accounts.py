"""What letters of the shop's customer account, newsletter and contact form may name."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.emails.placeholders.kinds import Context, Kind, Placeholder, in_all, in_each
from depesa.emails.placeholders.shared import COMPANY, FIRM, READER, VOCATIVE

_ADDRESS: Final = in_all("nakup@sroub.example")
_UNTIL: Final = Placeholder(
    "valid_until",
    Kind.DATE,
    _("until when the link works, with the time"),
    in_each("5 July 2011, 14:30", "5. července 2011, 14:30", "2011 m. liepos 5 d. 14:30"),
)
_GREETING: Final = Placeholder(
    "greeting",
    Kind.TEXT,
    _("how the letter begins, also when we know no name"),
    in_each("Dear Sir or Madam", "Dobrý den", "Laba diena"),
)

ACCOUNT: Final = Context(
    "account",
    _("Customer account"),
    (
        *READER,
        Placeholder("account.email", Kind.TEXT, _("the address with which the customer signs in"), _ADDRESS),
        Placeholder(
            "link",
            Kind.LINK,
            _("the one-time link: activates the account, or leads to a new password"),
            in_all("https://vaivorykste.example/account/Xw3f7q/"),
        ),
        _UNTIL,
        Placeholder(
            "order.number",
            Kind.TEXT,
            _("number of the order with which the account was made; empty otherwise"),
            in_all("2011-000118"),
            may_be_empty=True,
        ),
        *COMPANY,
        *FIRM,
    ),
)
NEWSLETTER: Final = Context(
    "newsletter",
    _("Newsletter"),
    (
        _GREETING,
        Placeholder("subscriber.email", Kind.TEXT, _("the address that was given"), _ADDRESS),
        Placeholder(
            "link",
            Kind.LINK,
            _("confirms that the newsletter is wanted"),
            in_all("https://vaivorykste.example/newsletter/Xw3f7q/"),
        ),
        _UNTIL,
        *COMPANY,
        *FIRM,
    ),
)
CONTACT_FORM: Final = Context(
    "contact-form",
    _("Contact form"),
    (
        _GREETING,
        VOCATIVE,
        Placeholder("message.name", Kind.TEXT, _("name of who wrote; may be empty"), in_all("Ada"), may_be_empty=True),
        Placeholder("message.email", Kind.TEXT, _("address of who wrote"), _ADDRESS),
        Placeholder(
            "message.text",
            Kind.BLOCK,
            _("what was written to us"),
            in_each(
                "Do you also have the hammer in 800 g?\nAnd when could you deliver it?",
                "Máte to kladivo i v provedení 800 g?\nA kdy byste ho mohli doručit?",
                "Ar turite tą plaktuką ir 800 g?\nKada galėtumėte jį pristatyti?",
            ),
        ),
        Placeholder(
            "message.reply",
            Kind.BLOCK,
            _("our answer; empty while the message was only received"),
            in_each(
                "Yes, we have it in stock and can deliver it tomorrow.",
                "Ano, máme ho skladem a doručíme ho zítra.",
                "Taip, turime jį sandėlyje ir pristatysime rytoj.",
            ),
            may_be_empty=True,
        ),
        Placeholder(
            "order.number",
            Kind.TEXT,
            _("number of the order that the message is about; may be empty"),
            in_all("2011-000118"),
            may_be_empty=True,
        ),
        *COMPANY,
        *FIRM,
    ),
)
