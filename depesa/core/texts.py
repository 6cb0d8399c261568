"""Texts as people type or paste them, before they are kept, shown or compared."""

import re
import unicodedata
from typing import Final

NOT_KEPT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # what some database does not take
_DOT_BEFORE_WORD: Final = re.compile(r"[.\u3002\uff0e\uff61](?=\w)")  # those that browsers take for a dot, too
_UNSEEN: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0]"
)  # yet printable
_NOT_DECOMPOSED: Final = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "\0": None})


def printable(text: str, instead: str = "\N{REPLACEMENT CHARACTER}") -> str:
    """The text with something else for each line end and each sign that steers or hides."""
    return text if text.isprintable() else "".join(c if c.isprintable() else instead for c in text)


def one_line(text: str) -> str:
    """The text as it may stand on one line: line breaks become a blank, hidden characters go."""
    if text.isprintable():
        return text.strip()
    return " ".join("".join(c if c.isprintable() else " " * c.isspace() for c in text).split())


def some_lines(text: str) -> str:
    """The text as it may stand on some lines: hidden characters go, and blanks at the ends of lines."""
    lines = text.replace("\r", "").split("\n")
    return "\n".join("".join(c for c in line if c.isprintable() or c == "\t").rstrip() for line in lines).strip()


def plain_words(text: str, most: int = 100) -> str:
    """A stranger's text on one line of at most `most` characters, in which no mail program finds an address to link."""
    bare = _DOT_BEFORE_WORD.sub(". ", one_line(text[: 10 * most]).replace("://", " "))
    return bare if len(bare) <= most else f"{bare[: most - 1]}…"


def as_key(text: str) -> str:
    """The text as it names something: one line, single blanks, composed letters (NFC), no sign that nobody sees.

    Letter case stays and counts: ab1 and AB1 are two.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(one_line(_UNSEEN.sub("", unicodedata.normalize("NFC", text))).split())


def fold(text: str) -> str:
    """The text as it is compared: lower case, without diacritics, single blanks ("  Ąžuolas UAB" is "azuolas uab")."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.translate(_NOT_DECOMPOSED).split())


def address_lines(street: str, postcode: str, city: str, country: str) -> list[str]:
    """A postal address, one line each, without empty ones."""
    return list(filter(None, (street, " ".join(filter(None, (postcode, city))), country)))
