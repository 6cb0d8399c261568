"""Addresses that people or requests bring: what may be a link, and where a request may lead back to."""

import re
from typing import Final
from urllib.parse import quote, urlsplit

from django.utils.http import url_has_allowed_host_and_scheme

LONGEST: Final = 2000
_ENDS: Final = re.compile(r"[\s<>\"]")
_WRITTEN_TO: Final = ("mailto:", "tel:")


def is_web_address(text: str) -> bool:
    """Whether the text is an address of the web: http or https, a host, nothing that a browser reads otherwise."""
    if not _is_plain(text):
        return False
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and " " not in parts.netloc and parts.port != 0
    except ValueError:
        return False
    return has_host and parts.scheme in ("http", "https")


def unbroken(link: str) -> str:
    """The link as one word: a program that reads letters takes it to end at a blank, a bracket or a quotation mark."""
    return _ENDS.sub(lambda found: quote(found[0]), link)


def is_own_page(text: str) -> bool:
    """Whether the text is the address of a page here, like /documents/7/."""
    return _is_plain(text) and text.startswith("/") and url_has_allowed_host_and_scheme(text, allowed_hosts=None)


def link_of(text: str) -> str:
    """The address as a link may lead there: the web, a page here, mail or a phone; empty for anything else."""
    is_written_to = _is_plain(text) and text.lower().startswith(_WRITTEN_TO)
    return text if is_written_to or is_web_address(text) or is_own_page(text) else ""


def page_back(asked: str | None, otherwise: str = "/") -> str:
    """Where a request asks to be led: a page here and no other, else the page that is usual."""
    return asked if asked and is_own_page(asked) else otherwise


def _is_plain(text: str) -> bool:
    """Whether a browser reads it as it stands: it takes a backslash for a slash and leaves out what does not print."""
    return 0 < len(text) <= LONGEST and text.isprintable() and text == text.strip() and "\\" not in text
