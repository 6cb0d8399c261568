"""The template laboratory: a text is tried with real records before any customer gets it."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from depesa.company.models import Company
from depesa.core.reasons import gettext as _
from depesa.emails.contributions import Record, recent_records
from depesa.emails.models import SystemEmailText
from depesa.emails.placeholders import AnyContext, context_of
from depesa.emails.rules import without_remarks
from depesa.emails.services.content import CannotFill, Filled, fill_parts
from depesa.emails.services.dialect import Parts
from depesa.emails.services.frame import LARGEST, frame

_NAMED: Final = re.compile(r"\{[{%][^{}%]*?\b([a-z_]+(?:\.[a-z_]+)+)")


@dataclass(frozen=True, slots=True)
class Failure:
    """A record whose letter could not be written, or is too big, and why."""

    record: str
    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class Empty:
    """A placeholder of the text that has no value in some records."""

    name: str
    count: int


@dataclass(slots=True)
class Trial:
    """What came of it: how many records were tried, which fail, what is empty, what would fail if it were empty."""

    tried: int = 0
    failures: list[Failure] = field(default_factory=list)
    empty: list[Empty] = field(default_factory=list)
    risk: str = ""


def examine(text: SystemEmailText, company: Company) -> Trial:
    """Write the text, saved or not, for the newest real records of its occasion; it must have passed the check."""
    context = context_of(text.system_email.context)
    parts = Parts(text.subject, text.body, text.html)
    names, empty, trial = _names(context, text), Counter[str](), Trial()
    for record in recent_records(context.code):
        trial.tried += 1
        try:
            values = record.values(text.language)
            empty.update(name for name in names if not _has_value(values, name))
            _keep(trial, record, fill_parts(context, parts, values, text.language), company)
        except CannotFill as refusal:
            trial.failures.append(Failure(record.name, record.url, str(refusal)))
    trial.empty = [Empty(name, count) for name, count in empty.most_common()]
    trial.risk = _risk(context, parts, text.language)
    return trial


def _keep(trial: Trial, record: Record, letter: Filled, company: Company) -> None:
    page = frame(letter, company)
    if page.is_clipped:
        size = {"size": len(page.html.encode()) // 1024, "limit": LARGEST // 1024}
        sentence = _("The letter has %(size)d kB; Gmail shows %(limit)d kB and hides the rest.") % size
        trial.failures.append(Failure(record.name, record.url, sentence))


def _risk(context: AnyContext, parts: Parts, language: str) -> str:
    """What would fail if every value that may be empty were empty."""
    try:
        fill_parts(context, parts, context.samples(language, is_sparse=True), language)
    except CannotFill as refusal:
        return str(refusal)
    return ""


def _names(context: AnyContext, text: SystemEmailText) -> list[str]:
    typed = without_remarks(f"{text.subject}\n{text.body}\n{text.html}")
    return [name for name in dict.fromkeys(_NAMED.findall(typed)) if name in context.by_name]


def _has_value(values: Mapping[str, Any], name: str) -> bool:
    value: Any = values
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value not in (None, "", [])
