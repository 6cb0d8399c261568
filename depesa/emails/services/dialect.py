"""The part of Liquid that letters may use: placeholders, a few filters, if, unless, for and comment; with limits.

There are two outlets: one writes values as they are (subject, text part), one escapes them (HTML part).
"""

import re
import time
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from io import StringIO
from typing import Any, Final, override
from urllib.parse import quote

from liquid import BoundTemplate, Environment, RenderContext, StrictUndefined
from liquid.builtin import content, illegal, output
from liquid.builtin.expressions import FilteredExpression
from liquid.builtin.filters.array import join
from liquid.builtin.filters.misc import default
from liquid.builtin.filters.string import capitalize, downcase, strip, truncate, upcase
from liquid.builtin.tags import comment_tag, for_tag, if_tag, unless_tag
from liquid.exceptions import LiquidError, LiquidSyntaxError, ResourceLimitError
from liquid.tag import Tag

from depesa.emails.placeholders import Table
from depesa.emails.rules import pieces, without_remarks
from depesa.emails.services.markup import DEEPEST, IN_ATTRIBUTE, cleaned, depth, guarded, styled

TAGS: Final = ("if", "unless", "for", "comment")
BRANCHES: Final = {"else": ("if", "unless", "for"), "elsif": ("if", "unless")}


def url_encode(value: object) -> str | None:
    """The value as a part of an address, where nothing in it can add to it."""
    return None if value is None else quote(str(value), safe="")


FILTERS: Final[Mapping[str, Any]] = {
    "default": default,
    "join": join,
    "upcase": upcase,
    "downcase": downcase,
    "capitalize": capitalize,
    "strip": strip,
    "truncate": truncate,
    "url_encode": url_encode,
}
LONGEST_TEXT: Final = 256 * 1024  # bytes of a letter as typed
LONGEST_RESULT: Final = 2 * 1024 * 1024  # characters of a letter as filled
MOST_SIGNS: Final = 100_000  # such as &amp; in a letter as filled
LONGEST_SECONDS: Final = 2.0
LONGEST_LIST: Final = 500


class EmptyValue(LiquidError):
    """A placeholder without a value was to be written and the text says nothing for that case."""


class _OutputNode(output.OutputNode):
    """Writes a value; an empty one only where the text chose what to write instead."""

    @override
    def render_to_output(self, context: RenderContext, buffer: Any) -> int:
        value = self.expression.evaluate(context)
        if value is None and not _has_default(self.expression):
            raise EmptyValue(str(getattr(self.expression, "left", self.expression)), token=self.token)
        return int(buffer.write("" if value is None else self.written(value)))

    def written(self, value: Any) -> str:
        """The value as this outlet writes it."""
        return str(value)


def as_html(text: str) -> str:
    """Text as HTML: what could be markup is escaped, lines are kept."""
    return escape(text).replace("\n", "<br>\n")


def _has_default(expression: object) -> bool:
    filters = (expression.filters or []) if isinstance(expression, FilteredExpression) else []
    return any(each.name == "default" for each in filters)


class _Output(output.Output):
    node_class = _OutputNode


class _HtmlOutputNode(_OutputNode):
    """Writes a value into HTML: escaped, its lines kept; nothing in it can become markup."""

    @override
    def written(self, value: Any) -> str:
        if isinstance(value, _InAttribute):
            return escape(", ".join(value.splitlines()))
        return value.__html__() if isinstance(value, Table) else as_html(str(value))


class _HtmlOutput(output.Output):
    node_class = _HtmlOutputNode


class _Paper(StringIO):
    """What is written on: of limited size, for a limited time."""

    def __init__(self) -> None:
        super().__init__()
        self._room = LONGEST_RESULT  # characters; the limit is there to end what never would
        self._until = time.monotonic() + LONGEST_SECONDS
        self._writes = 0

    @override
    def write(self, text: str, /) -> int:
        self._room -= len(text)
        self._writes += 1
        if self._room < 0 or (not self._writes & _SELDOM and time.monotonic() > self._until):
            raise ResourceLimitError("too much or too long", token=None)
        return super().write(text)


_SELDOM: Final = 0b11111  # the clock is looked at once in 32 writes


class _Template(BoundTemplate):
    @override
    def _get_buffer(self) -> StringIO:
        return _Paper()


class Dialect(Environment):
    """Liquid without anything that reaches outside the values it is given."""

    block_nesting_limit = 10
    context_depth_limit = 12
    loop_iteration_limit = 2 * LONGEST_LIST
    output_stream_limit = LONGEST_RESULT
    template_class = _Template
    outlet: type[output.Output] = _Output

    @override
    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        tags: list[type[Tag]] = [content.Literal, self.outlet, illegal.Illegal]
        tags += [if_tag.IfTag, unless_tag.UnlessTag, for_tag.ForTag, comment_tag.CommentTag]
        for tag in tags:
            self.add_tag(tag)
        for name, function in FILTERS.items():
            self.add_filter(name, function)


class _InAttribute(str):
    """A value that stands in an attribute of an element: on one line."""

    __slots__ = ()


class _HtmlDialect(Dialect):
    outlet = _HtmlOutput

    @override
    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        self.add_filter(IN_ATTRIBUTE, lambda value: None if value is None else _InAttribute(value))


DIALECT: Final = Dialect(undefined=StrictUndefined)
HTML_DIALECT: Final = _HtmlDialect(undefined=StrictUndefined)
_LINE_OF_TAGS = re.compile(r"^[ \t]*+((?:\{%[^%\n]*+%\}[ \t]*+)++)\n", re.MULTILINE)
_GAPS = re.compile(r"\n{3,}")
_BLANKS = re.compile(r"\s+")
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")  # nobody types them into a name


def _readable(text: str) -> str:
    """The text without remarks; LiquidError where braces do not close, over which the parser would take for ever."""
    bare = without_remarks(text)
    if all(piece.is_closed for piece in pieces(bare)):
        return bare
    raise LiquidSyntaxError("a placeholder or tag is not closed", token=None)


def _cleaned(html: str) -> str:
    """The filled HTML cleaned; ResourceLimitError where it would take the square of its length."""
    if depth(html) > DEEPEST or html.count("&") > MOST_SIGNS:
        raise ResourceLimitError("elements too deep in each other, or too many signs", token=None)
    return cleaned(html)


class Parts:
    """Subject, text part and HTML source of one text, ready to be filled."""

    def __init__(self, subject: str, body: str, html: str = "") -> None:
        self.source = f"{subject}\n{body}\n{html}"
        subject, body, html = (_readable(text) for text in (subject, body, html))
        self._subject = DIALECT.from_string(subject)
        self._body = DIALECT.from_string(_LINE_OF_TAGS.sub(r"\1", body))
        self._html = HTML_DIALECT.from_string(styled(guarded(html))) if html else None

    def filled(self, values: Mapping[str, Any]) -> tuple[str, str, str]:
        """The subject as one line, the text and the clean HTML; a line that holds only tags leaves no gap.

        Values are written as they are: what stands in them is never read as a placeholder. LiquidError if impossible.
        """
        subject = _HIDDEN.sub("", _BLANKS.sub(" ", self._subject.render(values))).strip()
        body = _GAPS.sub("\n\n", self._body.render(values)).strip()
        html = "" if self._html is None else unicodedata.normalize("NFC", _cleaned(self._html.render(values)))
        return unicodedata.normalize("NFC", subject), unicodedata.normalize("NFC", body) + "\n", html


@lru_cache(maxsize=256)
def compiled(text_id: int, version: int, subject: str, body: str, html: str) -> Parts:
    """The text ready to be filled; made once for each version of a text."""
    return Parts(subject, body, html)
