"""Country names of files as ISO 3166 codes."""

from functools import cache, lru_cache

from depesa.core.languages import codes, formatter
from depesa.imports.rules.fields import bare

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
    """The two-letter code of a country written in one of our languages; what is none stays as written."""
    word = bare(name)
    if word in _NO_COUNTRY:
        return ""
    return _OTHER_NAMES.get(word) or _codes_by_name().get(word, name[:60])


@cache
def _codes_by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in reversed(codes()):  # of names that mean two countries, English decides
        for code, name in formatter(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"}:
                found[bare(name)] = code
                found[code.lower()] = code
    return found
