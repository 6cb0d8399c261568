"""Which values a letter may name: one list a context, with meaning and a sample in each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from depesa.core.languages import Language

type Sample = str | int | list[str]


class Kind(models.TextChoices):
    """What a value is; it decides how it is checked and written."""

    TEXT = "text", _("text")
    MONEY = "money", _("money")
    DATE = "date", _("date")
    LINK = "link", _("link")
    NUMBER = "number", pgettext_lazy("kind of value", "number")
    BLOCK = "block", _("several lines")
    LIST = "list", _("list")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A named value: dotted name, kind, meaning for people, a sample for each language."""

    name: str
    kind: Kind
    meaning: str | Promise
    samples: Mapping[str, Sample]

    def sample(self, language: str) -> Sample:
        """A value as it could look in a letter of this language."""
        return self.samples[language]

    @property
    def written(self) -> str:
        """What is typed into the text to get it."""
        if self.kind is Kind.LIST:
            return f"{{% for item in {self.name} %}}{{{{ item }}}}{{% endfor %}}"
        return f"{{{{ {self.name} }}}}"


@dataclass(frozen=True, slots=True)
class Context:
    """An occasion on which letters are written, and the placeholders that it has."""

    code: str
    name: str | Promise
    placeholders: tuple[Placeholder, ...]
    by_name: Mapping[str, Placeholder] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = {placeholder.name: placeholder for placeholder in self.placeholders}
        object.__setattr__(self, "by_name", MappingProxyType(names))

    def samples(self, language: str) -> dict[str, Any]:
        """Sample values of every placeholder, nested as a text names them."""
        values: dict[str, Any] = {}
        for placeholder in self.placeholders:
            *folders, last = placeholder.name.split(".")
            place = values
            for folder in folders:
                place = place.setdefault(folder, {})
            place[last] = placeholder.sample(language)
        return values


def _in_all(sample: Sample) -> Mapping[str, Sample]:
    return dict.fromkeys(Language.values, sample)


def _in_each(en: Sample, cs: Sample, lt: Sample) -> Mapping[str, Sample]:
    return {"en": en, "cs": cs, "lt": lt}


_COMPANY: Final = (
    Placeholder("company.name", Kind.TEXT, _("our name"), _in_all("Vaivorykštė UAB")),
    Placeholder("company.email", Kind.TEXT, _("our e-mail"), _in_all("info@vaivorykste.example")),
    Placeholder("company.phone", Kind.TEXT, _("our phone; may be empty"), _in_all("+370 5 212 3456")),
    Placeholder("company.website", Kind.LINK, _("our website; may be empty"), _in_all("https://vaivorykste.example")),
    Placeholder("contact", Kind.TEXT, _("who looks after the customer, or our name"), _in_all("Ada")),
)
_CUSTOMER: Final = (
    Placeholder("customer.name", Kind.TEXT, _("name of the customer"), _in_all("Šroub & matka, s.r.o.")),
    Placeholder("customer.code", Kind.TEXT, _("code of the customer"), _in_all("C-1042")),
    Placeholder(
        "customer.salutation",
        Kind.TEXT,
        _("how the letter begins: from the customer's card, or the greeting that is usual in the language"),
        _in_each("Dear Sir or Madam", "Dobrý den", "Laba diena"),
    ),
)

_SUMS: Final = "1\xa0234,50\xa0€, 2\xa0000,00\xa0Kč"

MONTHLY_STATEMENT: Final = Context(
    "monthly-statement",
    _("Monthly statement"),
    (
        *_CUSTOMER,
        Placeholder(
            "month.name",
            Kind.DATE,
            _("the month, ready for use in a sentence"),
            _in_each("June 2011", "červen 2011", "2011 m. birželio mėn."),
        ),
        Placeholder("month.number", Kind.DATE, _("the month in digits"), _in_all("2011-06")),
        Placeholder("documents.count", Kind.NUMBER, _("how many documents the statement lists"), _in_all(5)),
        Placeholder(
            "documents.written",
            Kind.TEXT,
            _("how many documents, with the word in the right form"),
            _in_each("5 documents", "5 dokladů", "5 dokumentai"),
        ),
        Placeholder(
            "totals",
            Kind.MONEY,
            _("the sum of each currency, VAT included"),
            _in_each("€1,234.50, CZK\xa02,000.00", _SUMS, _SUMS),
        ),
        Placeholder(
            "revision.number",
            Kind.NUMBER,
            _("1 for the first letter of the month, 2 and more when it is corrected"),
            _in_all(2),
        ),
        Placeholder(
            "revision.changes",
            Kind.LIST,
            _("what a correction changed, one sentence each; empty in the first letter"),
            _in_each(
                ["waybill VA-118 was added: €96.80", "return GR-7 was corrected: −€24.20, before −€12.10"],
                [
                    "přidáno: dodací list s fakturou VA-118, 96,80\xa0€",
                    "opraveno: vratka GR-7, −24,20\xa0€ (dříve −12,10\xa0€)",
                ],
                [
                    "pridėta: važtaraštis VA-118, 96,80\xa0EUR",
                    "patikslinta: grąžinimas GR-7, dabar −24,20\xa0EUR, buvo −12,10\xa0EUR",
                ],
            ),
        ),
        *_COMPANY,
    ),
)

_CONTEXTS: Final[dict[str, Context]] = {MONTHLY_STATEMENT.code: MONTHLY_STATEMENT}


class UnknownContext(LookupError):
    """No letters are written on this occasion."""


def context_of(code: str) -> Context:
    """The context with this code; UnknownContext if there is none."""
    try:
        return _CONTEXTS[code]
    except KeyError:
        raise UnknownContext(code) from None


def contexts() -> tuple[Context, ...]:
    """Every occasion on which letters are written."""
    return tuple(_CONTEXTS.values())
