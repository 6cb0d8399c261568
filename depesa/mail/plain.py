"""The words of a page of HTML, for those who read letters without it."""

import re
from html.parser import HTMLParser
from typing import Final

from depesa.core.links import is_web_address


class _Reader(HTMLParser):
    """Collects the words of a page, with line ends where blocks end and the address behind a link."""

    BLOCKS: Final = frozenset({"p", "div", "br", "tr", "li", "table", "ul", "ol", "hr", "blockquote", "pre"})
    HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
    SILENT: Final = frozenset({"style", "script", "head", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent, self._link = 0, ""

    def _open(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self.SILENT
        if tag == "br":
            self.words.append("\n")
        elif tag in self.BLOCKS | self.HEADINGS:
            self._break()
        if tag == "a":
            self._link = dict(attrs).get("href") or ""

    def _close(self, tag: str) -> None:
        self._silent -= tag in self.SILENT and self._silent > 0
        if tag in self.BLOCKS | self.HEADINGS and tag != "br":
            self._break()
        elif tag in ("td", "th"):
            self.words.append("\t")
        elif tag == "a" and is_web_address(self._link):
            self.words.append(f" <{self._link}>")

    def _break(self) -> None:
        """A block begins or ends: what follows stands on a line of its own."""
        if self.words and not self.words[-1].endswith("\n"):
            self.words.append("\n")

    def _read(self, data: str) -> None:
        if not self._silent:
            self.words.append(re.sub(r"\s+", " ", data))

    handle_starttag, handle_endtag, handle_data = _open, _close, _read


def text_of(html: str) -> str:
    """Return the text of a page for those who read letters without HTML."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split(" ")).strip() for line in "".join(reader.words).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
