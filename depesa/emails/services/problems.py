"""What cannot work in a text, found when it is saved: each problem with its line and column."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, override

from liquid import BoundTemplate, RenderContext
from liquid.ast import Node
from liquid.builtin.expressions import FilteredExpression, LoopExpression, Path
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.builtin.output import OutputNode
from liquid.exceptions import LiquidError
from liquid.expression import Expression

from depesa.core.languages import ENGLISH
from depesa.core.reasons import gettext as _
from depesa.core.reasons import joined
from depesa.emails.placeholders import AnyContext, AnyPlaceholder, Kind, context_of, contexts
from depesa.emails.rules import Piece, nearest, pieces, position, without_remarks
from depesa.emails.services.dialect import (
    BRANCHES,
    DIALECT,
    FILTERS,
    HTML_DIALECT,
    LONGEST_TEXT,
    TAGS,
    Dialect,
    EmptyValue,
)
from depesa.emails.services.markup import links_of

LONGEST_SUBJECT: Final = 500
LONGEST_PIECE: Final = 500
MOST_PIECES: Final = 1000
DEEPEST: Final = 8
_LINE_BREAKS: Final = "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_OF_A_LOOP: Final = frozenset({"first", "last", "index", "index0", "rindex", "rindex0", "length"})


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, in words, and where; `part` is "subject", "body" or "html"."""

    line: int
    column: int
    message: str
    part: str

    @override
    def __str__(self) -> str:
        place = _("line %(line)d, column %(column)d") % {"line": self.line, "column": self.column}
        return joined([self.message, " (", place, ")"], "")


type _Found = tuple[int, str]  # index into the text, sentence


def check(context: str, subject: str, body: str, html: str = "") -> list[Problem]:
    """Everything that would keep this text from being filled, in reading order; nothing if it can be saved."""
    occasion = context_of(context)
    found: list[Problem] = []
    for part, text, look in (
        ("subject", subject, _wrong_in_subject),
        ("body", body, _wrong_in_body),
        ("html", html, _wrong_in_html),
    ):
        wrong = list(look(text)) or list(
            _wrong_in_template(occasion, text, HTML_DIALECT if part == "html" else DIALECT)
        )
        if part == "html" and not wrong:
            wrong = list(_wrong_links(occasion, text))
        found += [Problem(*position(text, index), sentence, part) for index, sentence in sorted(wrong)]
    return found


def _wrong_in_subject(text: str) -> Iterator[_Found]:
    if not text.strip():
        yield 0, _("Write a subject.")
    for index, character in enumerate(text):
        if character in _LINE_BREAKS:
            yield index, _("The subject must be one line.")
            return
    if len(text) > LONGEST_SUBJECT:
        yield LONGEST_SUBJECT, _("The subject is longer than %(n)d characters.") % {"n": LONGEST_SUBJECT}
    yield from _broken_characters(text)


def _wrong_in_body(text: str) -> Iterator[_Found]:
    if not text.strip():
        yield 0, _("Write a text.")
    size = len(text.encode("utf-8", "replace"))
    if size > LONGEST_TEXT:
        limits = {"size": size // 1024, "n": LONGEST_TEXT // 1024}
        yield 0, _("The text has %(size)d kB; at most %(n)d kB are possible.") % limits
        return
    yield from _broken_characters(text)


def _wrong_in_html(text: str) -> Iterator[_Found]:
    return _wrong_in_body(text) if text else iter(())


def _wrong_links(context: AnyContext, text: str) -> Iterator[_Found]:
    """Only a link may stand where an address begins, else a customer's name could lead anywhere."""
    for index, name in links_of(text):
        known = context.by_name.get(name)
        if known is not None and known.kind is not Kind.LINK:
            links = ", ".join(sorted(each.name for each in context.placeholders if each.kind is Kind.LINK))
            yield (
                index,
                _("“%(name)s” is no link and cannot be an address. Links here: %(links)s.")
                % {"name": name, "links": links},
            )


def _broken_characters(text: str) -> Iterator[_Found]:
    for index, character in enumerate(text):
        if character == "\0":
            yield index, _("Forbidden character (NUL). Delete it.")
        elif character in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068":
            yield index, _("Invisible direction mark. Delete it.")
        elif unicodedata.category(character) == "Cs":
            yield index, _("Broken character. Type it again.")


def _wrong_in_template(context: AnyContext, text: str, dialect: Dialect) -> list[_Found]:
    text = without_remarks(text)
    typed = list(pieces(text))
    if len(typed) > MOST_PIECES:
        sentence = _("More than %(n)d placeholders and tags.") % {"n": MOST_PIECES}
        return [(typed[MOST_PIECES].index, sentence)]
    if wrong := [*_wrong_pieces(typed), *_wrong_blocks(typed, text)]:
        return wrong
    unreadable = [(piece.index, sentence) for piece in typed if (sentence := _unreadable(piece))]
    if unreadable:
        return unreadable
    try:
        template = dialect.from_string(text)
    except LiquidError as problem:
        return [(_index(problem), _("This cannot be read. Compare it with the list of placeholders."))]
    return [*_wrong_names(context, template, typed)] or [*_wrong_trial(context, template)]


def _wrong_pieces(typed: list[Piece]) -> Iterator[_Found]:
    allowed = {*TAGS, *BRANCHES, *(f"end{tag}" for tag in TAGS)}
    for piece in typed:
        if not piece.is_closed:
            yield piece.index, _("Tag not closed.") if piece.is_tag else _("Placeholder not closed.")
        elif len(piece.inside) > LONGEST_PIECE:
            yield piece.index, _("Longer than %(n)d characters between the braces.") % {"n": LONGEST_PIECE}
        elif piece.is_tag and piece.tag not in allowed:
            yield (
                piece.index,
                _("The tag “%(tag)s” is not available in mail texts. These are: %(tags)s.")
                % {"tag": piece.tag, "tags": ", ".join(TAGS)},
            )


def _wrong_blocks(typed: list[Piece], text: str) -> Iterator[_Found]:
    opened: list[Piece] = []
    for piece in typed:
        if not piece.is_tag:
            continue
        within = opened[-1].tag if opened else ""
        if piece.tag in TAGS:
            if piece.tag == "for" and any(outer.tag == "for" for outer in opened):
                yield piece.index, _("A loop inside a loop is not available in mail texts.")
            opened.append(piece)
            if len(opened) > DEEPEST:
                yield piece.index, _("More than %(n)d tags inside each other.") % {"n": DEEPEST}
                return
        elif piece.tag in BRANCHES and within not in BRANCHES[piece.tag]:
            yield piece.index, _("“%(tag)s” stands outside of “if”.") % {"tag": piece.tag}
        elif piece.tag.startswith("end") and piece.tag[3:] in TAGS:
            if piece.tag[3:] != within:
                yield piece.index, _("“%(tag)s” closes nothing here.") % {"tag": piece.tag}
                return
            opened.pop()
    for piece in opened:
        end = {"tag": piece.tag, "end": f"{{% end{piece.tag} %}}"}
        yield piece.index, _("“%(tag)s” is not closed; write %(end)s where it ends.") % end


def _unreadable(piece: Piece) -> str:
    """Why this one piece cannot be read on its own."""
    inside = piece.inside.strip(" -\n\t")
    if not inside:
        return _("Unknown placeholder: nothing stands between the braces.")
    try:
        DIALECT.from_string(_alone(piece))
    except LiquidError:
        if piece.is_tag:
            return _("“%(inside)s” cannot be read as a condition or a loop.") % {"inside": inside[:60]}
        return _("Unknown placeholder “%(inside)s”.") % {"inside": inside[:60]}
    return ""


def _alone(piece: Piece) -> str:
    """A whole template that has only this piece."""
    if not piece.is_tag:
        return f"{{{{{piece.inside}}}}}"
    if piece.tag in ("if", "unless", "for"):
        return f"{{%{piece.inside}%}}{{% end{piece.tag} %}}"
    if piece.tag == "elsif":
        return f"{{% if true %}}{{%{piece.inside}%}}{{% endif %}}"
    return ""


type _Items = Mapping[str, AnyPlaceholder | None]  # the words that a loop gives, each with the list that it goes over


def _wrong_names(context: AnyContext, template: BoundTemplate, typed: Sequence[Piece]) -> Iterator[_Found]:
    found = (each for node in template.nodes for each in _in_node(context, template, node, {}))
    told: set[tuple[int, str]] = set()
    for index, sentence in found:  # a placeholder is looked at with its filters and once more alone
        place = max((piece.index for piece in typed if piece.index <= index), default=0), sentence
        if place not in told:
            told.add(place)
            yield index, sentence


def _in_node(context: AnyContext, template: BoundTemplate, node: Node, items: _Items) -> Iterator[_Found]:
    expressions = list(node.expressions())
    for expression in expressions:
        yield from _in_expression(context, expression, items, is_written=isinstance(node, OutputNode))
    loops = [each for each in expressions if isinstance(each, LoopExpression)]
    over = context.by_name.get(str(loops[0].iterable)) if loops else None
    inner = {**items, **{str(name): over for name in node.block_scope()}}
    for child in node.children(RenderContext(template), include_partials=False):
        yield from _in_node(context, template, child, inner)


def _in_expression(
    context: AnyContext, expression: Expression, items: _Items, *, is_written: bool = False, is_joined: bool = False
) -> Iterator[_Found]:
    if isinstance(expression, RangeLiteral):
        yield expression.token.start_index, _("Ranges like (1..9) are not available in mail texts.")
        return
    if isinstance(expression, LoopExpression):
        yield from _in_loop(context, expression)
        return
    filters = (expression.filters or []) if isinstance(expression, FilteredExpression) else []
    for each in filters:
        if each.name not in FILTERS:
            yield each.token.start_index, _unknown(_("Unknown filter “%(name)s”."), each.name, FILTERS)
    if isinstance(expression, Path):
        yield from _in_path(context, expression, items, is_written=is_written, is_joined=is_joined)
        return
    is_joined = is_joined or any(each.name == "join" for each in filters)
    for child in expression.children() or []:
        yield from _in_expression(context, child, items, is_written=is_written, is_joined=is_joined)


def _in_loop(context: AnyContext, loop: LoopExpression) -> Iterator[_Found]:
    lists = {name for name, each in context.by_name.items() if each.kind in (Kind.LIST, Kind.ROWS)}
    if not isinstance(loop.iterable, Path) or str(loop.iterable) not in lists:
        sentence = _("A loop goes over a list, and “%(name)s” is none. Lists here: %(lists)s.")
        names = {"name": str(loop.iterable), "lists": ", ".join(sorted(lists)) or "–"}
        yield loop.iterable.token.start_index, sentence % names


def _in_path(context: AnyContext, path: Path, items: _Items, *, is_written: bool, is_joined: bool) -> Iterator[_Found]:
    name = str(path)
    if name == "forloop" or path.path[0] in items:
        wrong = _of_a_loop(path, items)
        if wrong is not None:
            yield from wrong
            return
    known = context.by_name.get(name)
    if known is None:
        yield path.token.start_index, _no_such_placeholder(context, name)
    elif is_written and (known.kind is Kind.ROWS or (known.kind is Kind.LIST and not is_joined)):
        sentence = _("“%(name)s” is a list. Write %(loop)s.")
        yield path.token.start_index, sentence % {"name": name, "loop": known.written}
    elif is_written and known.kind is Kind.YES_NO:
        sentence = _("“%(name)s” says yes or no. Write %(condition)s.")
        yield path.token.start_index, sentence % {"name": name, "condition": known.written}


def _of_a_loop(path: Path, items: _Items) -> list[_Found] | None:
    """What is wrong about a word that a loop gives; nothing if it is no such word after all."""
    first, *more = path.path
    if first == "forloop":
        return [] if len(more) == 1 and more[0] in _OF_A_LOOP else None
    over = items.get(str(first))
    columns = [column.name for column in over.columns] if over is not None else []
    if not columns:
        return None if more else []
    if len(more) == 1 and more[0] in columns:
        return []
    if not more:
        sentence = _("“%(name)s” is a row. Write one of its columns: %(columns)s.")
        known = ", ".join(f"{first}.{column}" for column in columns)
        return [(path.token.start_index, sentence % {"name": first, "columns": known})]
    known_names = [f"{first}.{column}" for column in columns]
    return [(path.token.start_index, _unknown(_("Unknown placeholder “%(name)s”."), str(path), known_names))]


def _no_such_placeholder(context: AnyContext, name: str) -> str:
    if any(name in other.by_name for other in contexts()):
        return _("“%(name)s” is not available in “%(context)s”.") % {"name": name, "context": context.name}
    return _unknown(_("Unknown placeholder “%(name)s”."), name, context.by_name)


def _unknown(sentence: str, name: str, known: Iterable[str]) -> str:
    meant = nearest(name, known)
    question = " " + _("Did you mean “%(meant)s”?") % {"meant": meant} if meant else ""
    return sentence % {"name": name} + question


def _wrong_trial(context: AnyContext, template: BoundTemplate) -> Iterator[_Found]:
    """Fill the text with samples: finds comparisons of a word with a number and the like."""
    try:
        template.render(context.samples(ENGLISH))
    except EmptyValue:  # a filter made the sample empty; the real value will show
        return
    except LiquidError as problem:
        yield (
            _index(problem),
            _("This cannot be worked out with the sample values: %(what)s.") % {"what": problem.message},
        )


def _index(problem: LiquidError) -> int:
    return max(problem.token.start_index, 0) if problem.token else 0
