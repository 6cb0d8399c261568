"""Country names of files as ISO 3166 codes."""

from __future__ import annotations

from functools import cache, lru_cache

from babel import Locale

from depesa.imports.rules.fields import fold

_OTHER_NAMES = {
    "eire": "IE",
    "usa": "US",
    "uk": "GB",
    "rsa": "ZA",
    "czechrepublic": "CZ",
    "ceskarepublika": "CZ",
    "england": "GB",
    "scotland": "GB",
    "holland": "NL",
}
_NO_COUNTRY = {"unspecified", "unknown", "none", "neuvedeno", "nezadano", "nenurodyta"}


@lru_cache(maxsize=1000)
def find_country(name: str) -> str:
    """The two-letter code of a country written in English, Czech or Lithuanian; what is none stays as written."""
    word = fold(name)
    if word in _NO_COUNTRY:
        return ""
    return _OTHER_NAMES.get(word) or _codes_by_name().get(word, name[:60])


@cache
def _codes_by_name() -> dict[str, str]:
    codes: dict[str, str] = {}
    for language in ("lt", "cs", "en"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"}:
                codes[fold(name)] = code
                codes[code.lower()] = code
    return codes
