"""The HTML part of a letter: the filled text in one fixed frame, small, readable on a phone and in the dark."""

import re
from functools import lru_cache
from html import escape
from typing import Final

from depesa.company.models import Company

_LINK = re.compile(r"(https?://[^\s<>\"“”„]+)", re.IGNORECASE)
_AFTER_A_LINK: Final = ".,;:!?)]}'»"
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_P: Final = '<p style="margin:0 0 16px">'
_A: Final = "color:#1f5fa8"

_HEAD: Final = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>{name}</title><style>:root{{color-scheme:light dark}}
@media (prefers-color-scheme:dark){{.b{{background:#1b1a18!important}}.c{{background:#26241f!important;\
color:#ece7dc!important;border-color:#45413a!important}}.f{{color:#b5ae9f!important;border-color:#45413a!important}}a{{color:#8fbcf0!important}}}}
</style></head>
<body class="b" style="margin:0;padding:16px 8px;background:#f3f0e9">
<div class="c" style="max-width:600px;margin:0 auto;padding:24px;background:#fffdf8;color:#23211d;\
border:1px solid #d9d3c5;border-radius:4px;font:16px/1.5 system-ui,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;\
overflow-wrap:anywhere">
<p style="margin:0 0 24px;font-weight:600;font-size:18px">{name}</p>
"""
_FOOT: Final = """<p class="f" style="margin:24px 0 0;padding-top:12px;border-top:1px solid #d9d3c5;font-size:13px;\
color:#6b6557">{lines}</p>
</div></body></html>
"""


def html_of(text: str, company: Company, language: str) -> str:
    """The text as an HTML page in the company's frame: escaped, paragraphs kept, http(s) addresses clickable."""
    return framed(body_of(text), company, language)


def framed(html: str, company: Company, language: str) -> str:
    """HTML that is cleaned already, as a page in the company's frame."""
    head, foot = _frame(language, company.name, *company.address_lines, company.phone, company.email, company.website)
    return f"{head}{html}{foot}"


def body_of(text: str) -> str:
    """The text as HTML that stands inside the frame: escaped, paragraphs kept, http(s) addresses clickable."""
    paragraphs = _PARAGRAPHS.split(text.strip("\n"))
    return "".join(f"{_P}{_linked(paragraph)}</p>\n" for paragraph in paragraphs)


@lru_cache(maxsize=64)
def _frame(language: str, name: str, *lines: str) -> tuple[str, str]:
    head = _HEAD.format(language=escape(language), name=escape(name))
    foot = " · ".join(_linked(line) for line in (name, *lines) if line)
    return head, _FOOT.format(lines=foot)


def _linked(text: str) -> str:
    if "://" not in text:
        return _escaped(text)
    pieces = _LINK.split(text)
    return "".join(_link(piece) if at % 2 else _escaped(piece) for at, piece in enumerate(pieces))


def _link(address: str) -> str:
    link = address.rstrip(_AFTER_A_LINK)
    if "(" in link and address[len(link) :].startswith(")"):
        link += ")"
    return f'<a href="{escape(link)}" style="{_A}">{escape(link)}</a>{escape(address[len(link) :])}'


def _escaped(text: str) -> str:
    return escape(text).replace("\n", "<br>\n")
