"""The HTML that authors write: its styles set beforehand, what is filled in cleaned, what does not belong taken out."""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import Final

import nh3

from depesa.core.links import is_own_page, link_of
from depesa.emails.rules import Piece, pieces
from depesa.files import styles
from depesa.files.sandbox import open_if_sound
from depesa.mail.elements import elements


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TAGS: Final = _words(
    "a b blockquote br caption code div em h1 h2 h3 h4 hr i img li ol p pre s small span strong sub sup table tbody td"
    " tfoot th thead tr u ul"
)
_DROPPED: Final = _words("script style title template noscript svg math object iframe select textarea head")
_STYLES: Final = _words(
    "color background-color font-family font-size font-style font-weight line-height text-align text-decoration"
    " text-transform letter-spacing vertical-align white-space width max-width min-width height border border-top"
    " border-right border-bottom border-left border-color border-style border-width border-radius border-collapse"
    " border-spacing padding padding-top padding-right padding-bottom padding-left margin margin-top margin-right"
    " margin-bottom margin-left display overflow-wrap list-style-type"
)
_ATTRIBUTES: Final = {
    "*": {"style", "align", "dir", "lang", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "table": {"width", "role", "cellpadding", "cellspacing"},
    "td": {"colspan", "rowspan", "width", "valign"},
    "th": {"colspan", "rowspan", "width", "valign", "scope"},
    "ol": {"start"},
}
CLASSES: Final = frozenset({"button", "items", "line", "soft", "quote"})
SHEET: Final = """
p, ul, ol, table { margin: 0 0 16px }
h1 { margin: 0 0 16px; font-size: 22px; line-height: 28px }
h2 { margin: 24px 0 8px; font-size: 18px; line-height: 24px }
h3, h4 { margin: 16px 0 8px; font-size: 16px; line-height: 24px }
a { color: #1f5fa8 }
.soft { color: #6b6557 }
.quote, blockquote { margin: 0 0 16px; padding: 0 0 0 12px; border-left: 3px solid #d9d3c5 }
.button { display: inline-block; padding: 10px 20px; border-radius: 4px; background-color: #1f5fa9; color: #fffffe;
  font-weight: 600; text-decoration: none }
"""


def _checked(tag: str, attribute: str, value: str) -> str | None:
    """Links lead to the web, to mail or to a phone; pictures come with the letter and from nowhere else."""
    if attribute == "href":
        return None if is_own_page(value) else link_of(value) or None
    if attribute == "src":
        return value if value.startswith("cid:") else None
    if attribute == "style" and _CALLS.search(value):
        return None
    return value


_CALLS: Final = re.compile(r"(?i)\\|(?<!rgb)(?<!rgba)(?<!hsl)(?<!hsla)\(")  # url(…), expression(…), escapes


_CLEANER: Final = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=set(_DROPPED),
    attributes=_ATTRIBUTES,
    attribute_filter=_checked,
    allowed_classes={tag: set(CLASSES) for tag in TAGS},
    filter_style_properties=set(_STYLES),
    url_schemes={"http", "https", "mailto", "tel", "cid"},
    url_relative="deny",
    link_rel=None,
    strip_comments=True,
)


_NO_PICTURE: Final = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>")  # one that would load from elsewhere
_NOTHING: Final = re.compile(r"<p(?: [^>]*)?>(?:\s|<br>)*</p>\n?")


def cleaned(html: str) -> str:
    """The filled HTML with nothing in it that could run, load from elsewhere or lead anywhere but to the web."""
    return _NOTHING.sub("", _NO_PICTURE.sub("", _CLEANER.clean(html)))


# An inliner would read the files and addresses that these name.
_SHEETS: Final = frozenset({"link", "style", "base", "meta"})
DEEPEST: Final = 1000  # elements in each other; the inliner ends the process somewhere above 5,000
_ANY_TAG: Final = re.compile(
    r"<(/?)(?!(?:br|img|hr|col|wbr|input|p|li|t[rdh]|tbody|thead|tfoot)\b)([a-z][^\s/>]*+)", re.IGNORECASE
)
_LONE_TAGS: Final = re.compile(
    r"<p(?:\s[^<>]*+)?+>\s*+((?:\{%[^%]*+%\}\s*+)++)(?:<br[^<>]*+>\s*+)?+</p>", re.IGNORECASE
)


_TOKEN: Final = re.compile(r"<!--(lq[0-9]+lq)-->|(lq[0-9]+lq)")


def depth(source: str) -> int:
    """How deep its elements stand in each other at the most; those that end by themselves are not counted."""
    now = deepest = 0
    is_open = Counter[str]()
    for tag in _ANY_TAG.finditer(source):
        name = tag[2].lower()
        change = 1 if not tag[1] else -1 if is_open[name] else 0
        is_open[name] += change
        now += change
        deepest = max(deepest, now)
    return deepest


def styled(source: str) -> str:
    """The source with the styles of the frame set at each element, once for all letters made from it.

    A paragraph that holds only tags leaves no gap. If the parser would move a placeholder, the source stays as it is,
    and so does one whose elements stand so deep in each other that the parser would end the process.
    """
    source = _LONE_TAGS.sub(r"\1", _without_sheets(source))
    if depth(source) > DEEPEST:
        return source
    covered, hidden = _covered(source)
    found = open_if_sound(styles.inline, covered.encode(errors="replace"), SHEET)
    if found is None:
        return source
    inlined = found.parts[0].decode()
    left = [token[1] or token[2] for token in _TOKEN.finditer(inlined)]
    if sorted(left) != sorted(hidden):
        return source
    return _TOKEN.sub(lambda token: hidden[token[1] or token[2]], inlined)


def _without_sheets(source: str) -> str:
    """The source without the elements that bring styles or addresses, and without what a style sheet says."""
    parts, at, is_sheet = list[str](), 0, False
    for piece in elements(source):
        if piece.name in _SHEETS or is_sheet:
            parts.append(source[at : piece.start])
            at = piece.end
        is_sheet = piece.name == "style" and not piece.is_closing
    return "".join([*parts, source[at:]])


def _covered(source: str) -> tuple[str, dict[str, str]]:
    """The source with words in place of Liquid that no HTML parser changes, and what each stands for."""
    parts: list[str] = []
    hidden: dict[str, str] = {}
    at, is_inside = 0, False
    for number, piece in enumerate(pieces(source)):
        before = source[at : piece.index]
        parts.append(before)
        if "<" in before or ">" in before:
            is_inside = before.rfind("<") > before.rfind(">")
        token = f"lq{number}lq"
        at = piece.index + len(piece.inside) + 4
        hidden[token] = source[piece.index : at]
        parts.append(token if is_inside or not piece.is_tag else f"<!--{token}-->")
    return "".join([*parts, source[at:]]), hidden


FARTHEST: Final = 500  # characters of a tag before a value that are looked at
IN_ATTRIBUTE: Final = "in_attribute"  # a filter that nobody types
_ATTRIBUTE: Final = re.compile(r"""(?<![\w:-])([\w:-]++)\s*+=\s*+(?:"([^"]*+)|'([^']*+)|([^\s"'>]*+))$""")


def guarded(source: str) -> str:
    """The source with what keeps a value inside an element where it belongs: encoded in an address, else on one line.

    What an address begins with is a link as a whole and stays as it is.
    """
    parts, tag, at = list[str](), "", 0
    for piece in pieces(source):
        end = piece.index + len(piece.inside) + 4 if piece.is_closed else piece.index + 2
        tag = _open_tag(tag + source[at : piece.index])
        is_value = bool(tag) and piece.is_closed and not piece.is_tag
        parts += [source[at : piece.index], _guarded(tag, piece) if is_value else source[piece.index : end]]
        tag, at = tag and f"{tag}\0", end
    return "".join([*parts, source[at:]])


def _open_tag(text: str) -> str:
    opened = text.rfind("<")
    return f"<{text[max(opened + 1, len(text) - FARTHEST) :]}" if opened > text.rfind(">") else ""


def _guarded(tag: str, piece: Piece) -> str:
    found = _ATTRIBUTE.search(tag)
    before = "".join(group or "" for group in found.groups()[1:]) if found else ""
    word = IN_ATTRIBUTE
    if found and found[1].lower() in ("href", "src"):
        word = "url_encode" if before.strip() else ""
    if not word or word in piece.inside:
        return f"{{{{{piece.inside}}}}}"
    end = "-" if piece.inside.endswith("-") else ""
    return f"{{{{{piece.inside.removesuffix('-')} | {word} {end}}}}}"


def spoken(html: str) -> str:
    """What the visual editor gives, with the placeholders and tags as they were meant: > and not &gt;."""
    parts, at = list[str](), 0
    for piece in pieces(html):
        end = piece.index + len(piece.inside) + 4
        meant = unescape(html[piece.index : end]).replace("\xa0", " ") if piece.is_closed else html[piece.index : end]
        parts += [html[at : piece.index], meant]
        at = end
    return "".join([*parts, html[at:]])


def _is_kept(tag: str, name: str, value: str, allowed: set[str]) -> bool:
    if name == "class":
        return set(value.split()) <= CLASSES
    if name == "style":
        names = {each.split(":")[0].strip().lower() for each in value.split(";") if each.strip()}
        return names <= _STYLES
    if name in ("href", "src") and name in allowed:
        return "{{" in value or _checked(tag, name, value.strip()) is not None
    return name in allowed


def taken_out(source: str) -> list[str]:
    """Elements and attributes of the source that no letter will have, each named once, in reading order."""
    return list(dict.fromkeys(_taken_out(source)))


def _taken_out(source: str) -> Iterator[str]:
    for piece in elements(source):
        if piece.name == "!":
            yield "<!-- -->"
        elif piece.name and not piece.is_closing and piece.name not in TAGS:
            yield piece.name
        elif piece.name:
            allowed = _ATTRIBUTES["*"] | _ATTRIBUTES.get(piece.name, set())
            names = piece.attributes.items()
            yield from (
                f"{piece.name} {name}" for name, value in names if not _is_kept(piece.name, name, value, allowed)
            )


def links_of(source: str) -> Iterator[tuple[int, str]]:
    """Where an address attribute begins with a placeholder, and which: only a link may stand there."""
    for found in re.finditer(r"""(?:href|src)\s*+=\s*+["']?+\s*+\{\{-?\s*+([\w.]+)""", source, re.IGNORECASE):
        yield found.start(1), found[1]
