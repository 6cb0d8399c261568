"""The languages of the desk: one module a language, found by itself; see docs/how-to/add-a-language.md."""

import importlib
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from types import ModuleType
from typing import Any, Final

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext_lazy

from depesa.core.languages.formatter import Formatter
from depesa.core.languages.language import NO_BREAK, Language
from depesa.core.periods import Period

ENGLISH: Final = "en"  # what is said where a language has no word
FORMATS: Final = f"{__name__}.formats"  # where Django looks for formats: a module a language
_known: dict[str, Language] = {}

# Django says these; its Czech or Lithuanian catalogue does not have them yet.
gettext_lazy("- Select an option -")
gettext_lazy("Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.")
ngettext_lazy(
    "This password is too short. It must contain at least %d character.",
    "This password is too short. It must contain at least %d characters.",
)


def register(language: Language) -> None:
    """Speak this language too: on pages, in letters and on papers."""
    _known[language.code] = language
    formats: Any = ModuleType(f"{FORMATS}.{language.code}.formats")
    vars(formats).update(language.formats)
    sys.modules[formats.__name__] = formats
    formatter.cache_clear()
    words.cache_clear()


def languages() -> list[Language]:
    """Every language: English, then by code."""
    return sorted(_known.values(), key=lambda language: (language.code != ENGLISH, language.code))


def codes() -> list[str]:
    return [language.code for language in languages()]


def choices() -> list[tuple[str, str | Promise]]:
    """Code and name of every language, for fields and lists."""
    return [(language.code, language.label) for language in languages()]


def language_of(code: str) -> Language:
    """The language of a code or locale; English for one that is not ours."""
    return _known.get(code[:2]) or _known[ENGLISH]


@lru_cache(maxsize=32)
def formatter(code: str) -> Formatter:
    """What writes figures and days in a language; in English for one that is not ours."""
    return Formatter(language_of(code), _known[ENGLISH])


@lru_cache(maxsize=64)
def words(what: str, code: str) -> Mapping[str, str]:
    """The fixed words of a paper ("order", "statement", …) in a language; English ones where it has none."""
    return {**_known[ENGLISH].words[what], **language_of(code).words.get(what, {})}


def spoken() -> str:
    """The code of the language that is spoken here and now."""
    return language_of(translation.get_language() or ENGLISH).code


def period_in_words(period: Period) -> str:
    """The period inside a sentence of the language that is spoken here and now."""
    return formatter(spoken()).period_in_sentence(period)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Everything inside is written in this language, whatever the user of the page speaks."""
    with translation.override(code):
        yield


def text_in(texts: Mapping[str, str], code: str = "") -> str:
    """Of texts by language the one in this language, or in the one that is spoken; where there is none, another one."""
    order = [code[:2] or spoken(), *codes(), *sorted(texts)]
    return next((text for each in order if (text := texts.get(each, ""))), "")


def modules_of(package: str) -> dict[str, ModuleType]:
    """The modules of a package that are called as a language is, by its code: one a language that has one."""
    there = {module.name for module in pkgutil.iter_modules(importlib.import_module(package).__path__)}
    return {code: importlib.import_module(f"{package}.{code}") for code in codes() if code in there}


for _module in pkgutil.iter_modules(__path__):
    if found := getattr(importlib.import_module(f"{__name__}.{_module.name}"), "LANGUAGE", None):
        register(found)
