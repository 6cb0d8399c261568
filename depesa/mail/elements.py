"""HTML in its pieces: words, tags and remarks in reading order, each character looked at once whatever is written."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Final

_NAME: Final = re.compile(r"(/?)([a-zA-Z][^\s/>]*+)")
_ATTRIBUTE: Final = re.compile(r"[\s/]*+([^\s/>=][^\s/>=]*+|=[^\s/>=]*+)(?:\s*+(=)\s*+(?:(\"|')|([^\s>]*+)))?+")
_GAP: Final = re.compile(r"[\s/]*+")
_RAW: Final = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})


@dataclass(frozen=True, slots=True)
class Element:
    """A piece and where it stands: words (no name), a tag by its name in lower case, or a remark ("!")."""

    start: int
    end: int
    name: str = ""
    text: str = ""
    is_closing: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)


def elements(html: str) -> Iterator[Element]:
    """The pieces; a tag that never ends is none, as in browsers, and what stands in scripts and the like are words."""
    at, low = 0, html.lower()
    while at < len(html):
        start = html.find("<", at)
        if start < 0:
            start = len(html)
        if start > at:
            yield Element(at, start, text=unescape(html[at:start]))
        if start == len(html):
            return
        found = _NAME.match(html, start + 1)
        if found is None:
            at = _end_of_remark(html, start)
            is_remark = html[start + 1 : start + 2] in ("!", "?", "/")
            yield Element(start, at, "!" if is_remark else "", "" if is_remark else html[start:at])
            continue
        attributes, at = _attributes(html, found.end())
        if at < 0:
            return
        tag = Element(start, at, found[2].lower(), is_closing=bool(found[1]), attributes=attributes)
        yield tag
        if tag.name in _RAW and not tag.is_closing and at < len(html):
            end = low.find(f"</{tag.name}", at) if len(low) == len(html) else -1
            end = len(html) if end < 0 else end
            yield Element(at, end, text=html[at:end])
            at = end


def _end_of_remark(html: str, start: int) -> int:
    """Where something ends that opens like a tag and is none; a sign of its own ends at once."""
    sign = html[start + 1 : start + 2]
    if sign not in ("!", "?", "/"):
        return start + 1
    close = "-->" if html.startswith("<!--", start) else ">"
    end = html.find(close, start + 2)
    return len(html) if end < 0 else end + len(close)


def _attributes(html: str, at: int) -> tuple[dict[str, str], int]:
    """The attributes from there, and where the tag ends; -1 if it never does. The first of a name counts."""
    found: dict[str, str] = {}
    while one := _ATTRIBUTE.match(html, at):
        at, value = one.end(), one[4] or ""
        if one[3]:
            close = html.find(one[3], at)
            if close < 0:
                return found, -1
            value, at = html[at:close], close + 1
        found.setdefault(one[1].lower(), unescape(value))
    gap = _GAP.match(html, at)
    at = gap.end() if gap else at
    return found, at + 1 if at < len(html) else -1
