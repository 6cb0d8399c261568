"""What the words of a letter promise. Pure Python."""

import re
from typing import Final

# Stems in the three languages: "attached", "enclosed"; "v příloze", "přikládáme"; "priede", "pridedame", "prisegame".
_PROMISE: Final = re.compile(
    r"\b(?:attach(?:ed|ing|ment)|enclos(?:ed|ing|ure)"
    r"|příloh|příloz|přilož|přikládá|přiložen"
    r"|pried[aeuoą]|pridėt|pridėj|pridėd|prideda|prisegt|prisega)",
    re.IGNORECASE,
)
_QUOTED: Final = re.compile(r"^[^\S\n]*+>.*$", re.MULTILINE)


def promises_a_file(text: str) -> bool:
    """Whether the text says that something is attached; quoted lines of earlier letters do not count."""
    return bool(_PROMISE.search(_QUOTED.sub("", text)))
