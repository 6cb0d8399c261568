"""Why something from a file was not taken: a sentence apart from its values, to be translated later."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from depesa.core.reasons import said
from depesa.core.texts import printable


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for the catalogues; the page that shows it translates it."""
    return sentence


class Problem(NamedTuple):
    """Why a line, a document or a file was refused: a sentence and what fills it in."""

    sentence: str
    values: dict[str, Any] = {}
    field: str = ""

    def __str__(self) -> str:
        return self.write(str)

    def write(self, translate: Callable[[str], str]) -> str:
        """The sentence in the reader's language, begun with the field it speaks of."""
        sentence = translate(self.sentence)
        values = {name: said(value) if isinstance(value, str) else value for name, value in self.values.items()}
        text = sentence % values if values else sentence
        return f"{translate(self.field)}: {text}" if self.field else text

    def of(self, field: str) -> Problem:
        """The same, said of a field."""
        return Problem(self.sentence, self.values, field)

    def to_json(self) -> str:
        """The problem as text for a row."""
        return json.dumps(self, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Problem:
        """The problem out of a row."""
        sentence, values, field = json.loads(text)
        return cls(sentence, values, field)


class Unreadable(ValueError):
    """Raised where something cannot be taken; carries the problem."""

    def __init__(self, sentence: str, field: str = "", **values: Any) -> None:
        self.problem = Problem(sentence, values, field)
        super().__init__(sentence)

    def __str__(self) -> str:
        return str(self.problem)


def shorten(value: object, limit: int = 40) -> str:
    """A value as it may stand in a sentence: short, on one line, printable."""
    text = printable(str(value)[: limit + 1])
    return text if len(text) <= limit else text[:limit] + "…"
