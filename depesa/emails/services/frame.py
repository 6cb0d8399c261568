"""The HTML part of a letter: one fixed frame with our logo and colour, small, readable on a phone and in the dark."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Final

from depesa.company.models import Company
from depesa.core.languages import formatter
from depesa.emails.services.content import Filled
from depesa.emails.services.logos import Picture, logo_of

_LINK = re.compile(r"(https?://[^\s<>\"“”„]+)", re.IGNORECASE)
_AFTER_A_LINK: Final = ".,;:!?)]}'»"
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_P: Final = '<p style="margin:0 0 16px">'
_A: Final = "color:#1f5fa8"

ACCENT: Final = "#1f5fa9"  # of buttons, where the company has no colour of its own
_LINK_COLOUR: Final = "#1f5fa8"
_WHITE: Final = "#ffffff"
_ON_BUTTON: Final = "#fffffe"
_LIGHT: Final = 0.3  # luminance above which ink is easier to read than white
LARGEST: Final = 102 * 1024  # bytes; Gmail cuts a longer letter and hides the rest behind a link

_HEAD: Final = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>{name}</title><style>:root{{color-scheme:light dark}}
@media (prefers-color-scheme:dark){{.b{{background:#1b1a18!important}}.c{{background:#26241f!important;\
color:#ece7dc!important;border-color:#45413a!important}}.f,.soft{{color:#b5ae9f!important;border-color:#45413a!important}}\
.line,blockquote{{border-color:#45413a!important}}.l{{background:#fffdf8!important}}a{{color:#8fbcf0!important}}\
a.button{{color:{on_accent}!important}}}}
</style></head>
<body class="b" style="margin:0;padding:16px 8px;background:#f3f0e9">
<div class="c" style="max-width:600px;margin:0 auto;padding:24px;background:#fffdf8;color:#23211d;\
border:1px solid #d9d3c5;border-radius:4px;font:16px/1.5 system-ui,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;\
overflow-wrap:anywhere">
{top}
"""
_NAME: Final = '<p style="margin:0 0 24px;font-weight:600;font-size:18px">{name}</p>'
_LOGO: Final = (
    '<p style="margin:0 0 24px"><img class="l" src="cid:logo" width="{width}" height="{height}" alt="{name}" '
    'style="display:block;max-width:100%;height:auto;border-radius:2px"></p>'
)
_FOOT: Final = """<p class="f" style="margin:24px 0 0;padding-top:12px;border-top:1px solid #d9d3c5;font-size:13px;\
color:#6b6557">{lines}</p>
</div></body></html>
"""


@dataclass(frozen=True, slots=True)
class Html:
    """The HTML part as it is sent, and the pictures that it shows by `cid:`."""

    html: str
    inline: tuple[Picture, ...] = ()

    @property
    def is_clipped(self) -> bool:
        """Whether Gmail would cut it."""
        return len(self.html.encode()) > LARGEST


def frame(letter: Filled, company: Company) -> Html:
    """The letter as a page in the company's frame; without HTML of its own it is made from the text part."""
    return frame_many([letter], company)[0]


def frame_many(letters: Iterable[Filled], company: Company) -> list[Html]:
    """Each letter in the frame, in the same order; the logo is looked up once for all."""
    logo = logo_of(company)
    return [_framed(letter, company, logo) for letter in letters]


def _framed(letter: Filled, company: Company, logo: Picture | None) -> Html:
    accent = company.colour or ACCENT
    head, foot = _frame(letter.language, accent, logo.size if logo else None, *_lines_of(company, letter.language))
    body = letter.html or body_of(letter.text)
    if accent != ACCENT:
        is_dark = readable_on(accent) == _WHITE
        body = body.replace(f"color:{_ON_BUTTON}", f"color:{readable_on(accent)}").replace(ACCENT, accent)
        body = body.replace(_LINK_COLOUR, accent) if is_dark else body  # a pale colour cannot be read on paper
    return Html(f"{head}{body}{foot}", (logo,) if logo else ())


def html_of(text: str, company: Company, language: str) -> str:
    """The text as an HTML page in the company's frame: escaped, paragraphs kept, http(s) addresses clickable."""
    return framed(body_of(text), company, language)


def framed(html: str, company: Company, language: str) -> str:
    """HTML that is cleaned already, as a page in the company's frame, without the logo."""
    head, foot = _frame(language, ACCENT, None, *_lines_of(company, language))
    return f"{head}{html}{foot}"


def body_of(text: str) -> str:
    """The text as HTML that stands inside the frame: escaped, paragraphs kept, http(s) addresses clickable."""
    return "".join(f"{_P}{_linked(paragraph)}</p>\n" for paragraph in _PARAGRAPHS.split(text.strip("\n")))


def _lines_of(company: Company, language: str) -> tuple[str, ...]:
    address = formatter(language).address(company.address_lines)
    return (company.name, *address, company.phone, company.email, company.website)


@lru_cache(maxsize=64)
def _frame(language: str, accent: str, logo: tuple[int, int] | None, name: str, *lines: str) -> tuple[str, str]:
    top = _LOGO.format(name=escape(name), width=logo[0], height=logo[1]) if logo else _NAME.format(name=escape(name))
    head = _HEAD.format(language=escape(language), name=escape(name), top=top, on_accent=readable_on(accent))
    foot = " · ".join(_linked(line) for line in (name, *lines) if line)
    return head, _FOOT.format(lines=foot)


def readable_on(colour: str) -> str:
    """White or ink, whichever is easier to read on this colour (relative luminance of WCAG)."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return _WHITE if luminance < _LIGHT else "#23211d"


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
