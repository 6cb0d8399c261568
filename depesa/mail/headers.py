"""What may stand in the head of a letter: subject, names and the sender; every other header is made by Depesa alone."""

import re
import unicodedata
from collections.abc import Collection
from typing import Final

from django.utils.functional import Promise

from depesa.core.errors import DomainError
from depesa.core.reasons import gettext as _
from depesa.core.reasons import gettext_lazy
from depesa.mail.addresses import Address, AddressError, check_address, split_addresses

LONGEST_SUBJECT: Final = 250
LONGEST_NAME: Final = 78
LINE_BREAKS: Final = re.compile("[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
DIRECTION_MARKS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
SURROGATES: Final = re.compile("[\ud800-\udfff]")
# Looked up only when said: a run checks these of every letter.
SUBJECT_LINES: Final = gettext_lazy("The subject must be one line.")
NAME_LINES: Final = gettext_lazy("The name must be one line.")


class HeaderError(DomainError):
    """This cannot stand in the head of a letter."""


def check_subject(text: str) -> str:
    """Return the subject in one clean line (NFC, trimmed), or raise HeaderError."""
    subject = unicodedata.normalize("NFC", check_line(text, SUBJECT_LINES)).strip()
    if not subject:
        raise HeaderError(_("The subject is empty."))
    if len(subject) > LONGEST_SUBJECT:
        values = {"length": len(subject), "limit": LONGEST_SUBJECT}
        raise HeaderError(_("The subject has %(length)d characters; %(limit)d is the limit.") % values)
    return subject


def check_line(text: str, sentence: str | Promise) -> str:
    """Return the text if it is one line without hidden characters; the sentence is said of line breaks."""
    if text.isascii() and text.isprintable():
        return text
    if LINE_BREAKS.search(text):
        raise HeaderError(str(sentence))
    if mark := DIRECTION_MARKS.search(text):
        raise HeaderError(_("There is an invisible direction mark at position %(n)d.") % {"n": mark.start() + 1})
    if broken := SURROGATES.search(text):
        raise HeaderError(_("Broken character at position %(n)d.") % {"n": broken.start() + 1})
    if forbidden := CONTROLS.search(text):
        raise HeaderError(_("Forbidden character at position %(n)d.") % {"n": forbidden.start() + 1})
    return text.replace("\t", " ")


def clean_name(text: str) -> str:
    """Return a name as it may stand before an address: without what mail programs stumble over, 78 characters.

    Microsoft's servers distrust names with @ and colon; quotes and brackets end a name early in others.
    """
    line = check_line(text, NAME_LINES)
    cleaned = re.sub(r'[@:;<>"\\]+', " ", unicodedata.normalize("NFC", line))
    return " ".join(cleaned.split())[:LONGEST_NAME].rstrip()


def check_sender(text: str, *, allowed_domains: Collection[str] = (), channel: str = "") -> Address:
    """Return the one sender address, of a domain that the channel may send for (empty: any)."""
    try:
        address = check_address(text)
    except AddressError as problem:
        if problem.code in ("several", "at") and len(re.findall(r"@", text)) > 1 and _are_several(text):
            raise HeaderError(_("Only one sender address.")) from None
        raise
    check_domain(address.text, allowed_domains=allowed_domains, channel=channel)
    return address


def check_domain(address: str, *, allowed_domains: Collection[str], channel: str) -> None:
    """Raise HeaderError if the channel may not send for the domain of this address."""
    if allowed_domains and address.rpartition("@")[2].lower() not in allowed_domains:
        values = {"channel": channel, "domains": ", ".join(sorted(allowed_domains))}
        raise HeaderError(_("The mail server of channel “%(channel)s” may send for %(domains)s only.") % values)


def _are_several(text: str) -> bool:
    try:
        return len(split_addresses(text)) > 1
    except AddressError:
        return False
