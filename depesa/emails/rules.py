"""Where things stand in a text that somebody typed. Pure Python."""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_OPENING = re.compile(r"\{\{|\{%")
_NEXT = re.compile(r"\}\}|%\}|\{\{|\{%")
_TAG = re.compile(r"-?\s*(\w+|#|)")
_COMMENT = re.compile(r"-?\s*+(end)?comment\s*+-?")
_NO_BREAK = re.compile(r"[^\n]")


def position(text: str, index: int) -> tuple[int, int]:
    """Line and column of a character, both counted from 1."""
    before = text[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1


def without_remarks(text: str) -> str:
    """The text with blanks in place of what stands in comments, so that every other place stays where it is."""
    parts, at, remark = list[str](), 0, -1
    for piece in pieces(text):
        found = _COMMENT.fullmatch(piece.inside) if piece.is_tag and piece.is_closed else None
        if found and not found[1] and remark < 0:
            remark = piece.end
        elif found and found[1] and remark >= 0:
            parts += [text[at:remark], _NO_BREAK.sub(" ", text[remark : piece.index])]
            at, remark = piece.index, -1
    return "".join([*parts, text[at:]])


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, or nothing."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return found[0] if found else ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A placeholder or tag as typed: where its braces open, what stands inside, whether they close."""

    index: int
    is_tag: bool
    inside: str
    is_closed: bool = True

    @property
    def end(self) -> int:
        """Where it ends, if it is closed."""
        return self.index + len(self.inside) + 4

    @property
    def tag(self) -> str:
        """The first word of a tag, for example "endif"."""
        found = _TAG.match(self.inside)
        return found[1] if found else ""


def pieces(text: str) -> Iterator[Piece]:
    """Every placeholder and tag of the text in order."""
    at = 0
    while opening := _OPENING.search(text, at):
        is_tag = opening[0] == "{%"
        end = _NEXT.search(text, opening.end())
        if end is None or end[0] != ("%}" if is_tag else "}}"):
            yield Piece(opening.start(), is_tag, "", is_closed=False)
            at = opening.end()
            continue
        yield Piece(opening.start(), is_tag, text[opening.end() : end.start()])
        at = end.end()
