"""The words of a page of HTML, for those who read letters without it."""

import re
from collections.abc import Iterator
from typing import Final

from depesa.core.links import is_web_address
from depesa.mail.elements import elements

_BLOCKS: Final = frozenset(
    ["p", "div", "tr", "li", "table", "ul", "ol", "hr", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"]
)
_SILENT: Final = frozenset({"style", "script", "head", "title"})
_BREAK: Final = "\0"  # a block begins or ends here: what follows stands on a line of its own


def _words_and_ends(html: str) -> Iterator[str]:
    """The words of a page, with breaks where blocks begin and end, and the address behind a link."""
    silent, link = 0, ""
    for piece in elements(html):
        if piece.name in _BLOCKS:
            yield _BREAK
        elif piece.is_closing:
            silent -= piece.name in _SILENT and silent > 0
            is_link = piece.name == "a" and is_web_address(link)
            yield f" <{link}>" if is_link else "\t" if piece.name in ("td", "th") else ""
        elif piece.name:
            silent += piece.name in _SILENT
            link = piece.attributes.get("href", "") if piece.name == "a" else link
            yield "\n" if piece.name == "br" else ""
        elif not silent:
            yield re.sub(r"\s+", " ", piece.text).replace(_BREAK, "")


def text_of(html: str) -> str:
    """Return the text of a page for those who read letters without HTML."""
    words: list[str] = []
    for word in filter(None, _words_and_ends(html)):
        if word != _BREAK:
            words.append(word)
        elif words and not words[-1].endswith("\n"):
            words.append("\n")
    lines = (" ".join(line.split(" ")).strip() for line in "".join(words).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
