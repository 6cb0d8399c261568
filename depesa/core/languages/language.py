"""What one language is: its names, how it writes days and money, and the fixed words of papers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils.functional import Promise

NO_BREAK: Final = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Language:
    """A language of pages, letters and papers. Whatever it leaves out of `words` and `counts` is English.

    `day`, `month`, `quarter` and `year` are Babel's patterns, `days` its skeleton for the first and the last of some;
    `formats` are Django's, for pages. `counts` are words
    in their plural forms (CLDR: one, few, other), `words` the fixed words of papers and letters, by what they stand on.
    """

    code: str
    name: str  # as it calls itself
    label: str | Promise  # as the reader calls it
    locale: str  # Babel's, for papers and letters
    currency_locale: str = ""  # where its signs of currencies are others
    percent: str = "%"
    day: str = "d MMMM y"
    month: str = "MMMM y"
    quarter: str = "QQQQ y"
    year: str = "y"
    days: str = "yMMMd"
    month_in_sentence: str = ""  # in the case that a sentence needs, where it is another one
    quarter_in_sentence: str = ""
    moment: str = "{day}, {time}"
    greeting: str
    address: str  # the greeting of somebody whose name is known
    counts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    formats: Mapping[str, object] = field(default_factory=dict)
