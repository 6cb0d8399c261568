"""Signatures of users: kept as text and HTML, and written under a letter."""

from functools import partial
from html import escape
from typing import Final

from depesa.company.models import Company
from depesa.core.edits import edited, snapshot
from depesa.core.reasons import gettext as _
from depesa.emails.services import body_of, framed
from depesa.emails.services.markup import cleaned
from depesa.history.services import tell
from depesa.staff.models import User

FIELDS: Final = ("signature", "signature_html")


def keep_signature(user: User, text: str, html: str, *, version: int | None = None) -> bool:
    """Keep how the user closes letters; True if something was taken out of the HTML, because mail must not hold it.

    Overtaken if it has changed since this version was seen.
    """
    told = partial(snapshot, names=FIELDS)
    with edited(
        user,
        version,
        by=user,
        told=told,
        tell=lambda row, _before, _after: tell(row, "outbox.signature-saved", by=user),
    ) as row:
        row.signature = text.replace("\r\n", "\n").strip("\n")
        row.signature_html = cleaned(html).strip()
    return _bare(html) != _bare(row.signature_html)


def _bare(html: str) -> str:
    """What stands in HTML, whatever its blanks, quotes and ends of elements look like."""
    return "".join(html.replace("'", '"').replace("/>", ">").split()).lower()


def html_signature(user: User) -> str:
    """The signature as HTML: the user's own, or made from the text."""
    if user.signature_html:
        return cleaned(user.signature_html)
    return body_of(user.signature) if user.signature else ""


def sample(user: User, company: Company) -> str:
    """A letter of one sentence with the user's signature, to look at."""
    language = user.language or company.language
    return framed(f"<p>{escape(_('Here stands what you write.'))}</p>\n{html_signature(user)}", company, language)
