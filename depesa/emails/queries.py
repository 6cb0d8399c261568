"""Reads of system e-mails: what there is, which language is missing, what a text said before."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from depesa.company.queries import current
from depesa.core.languages import ENGLISH, choices
from depesa.core.reasons import gettext, ngettext
from depesa.customers.models import Customer
from depesa.customers.queries import with_code
from depesa.emails.models import SystemEmail, SystemEmailText
from depesa.emails.presets import PRESETS
from depesa.staff.models import User


@dataclass(frozen=True, slots=True)
class InLanguage:
    """A language and the text that a system e-mail has in it, if any."""

    language: str
    label: str
    text: SystemEmailText | None


@dataclass(frozen=True, slots=True)
class Overview:
    """A system e-mail with its texts, one place for each language."""

    email: SystemEmail
    title: str | Promise
    description: str | Promise
    languages: list[InLanguage]

    @property
    def last(self) -> SystemEmailText | None:
        """The text that was changed last."""
        texts = [each.text for each in self.languages if each.text]
        return max(texts, key=lambda text: text.changed_at, default=None)


def overviews() -> list[Overview]:
    """Every system e-mail, the preset ones first."""
    emails = SystemEmail.objects.order_by("-is_preset", "pk").prefetch_related("texts__changed_by")
    return [overview_of(email) for email in emails]


def overview_of(email: SystemEmail) -> Overview:
    """One system e-mail with its texts."""
    texts = {text.language: text for text in email.texts.all()}
    languages = [InLanguage(code, str(label), texts.get(code)) for code, label in choices()]
    return Overview(email, title_of(email), description_of(email), languages)


def title_of(email: SystemEmail) -> str | Promise:
    """The name in the reader's language; one's own e-mails are called as they were named."""
    preset = PRESETS.get(email.code)
    return preset.name if preset is not None and (email.is_preset or email.name == preset.code) else email.name


def description_of(email: SystemEmail) -> str | Promise:
    """What it is for and when it goes, in the reader's language; one's own words where somebody wrote some."""
    preset = PRESETS.get(email.code)
    return email.description or (preset.description if preset else "")


def text_in(email: SystemEmail, language: str) -> SystemEmailText:
    """The text in the language; where there is none, an empty one of version 0 that is not stored."""
    rows = email.texts.select_related("system_email", "changed_by")
    return rows.filter(language=language).first() or SystemEmailText(system_email=email, language=language, version=0)


@dataclass(frozen=True, slots=True)
class Fallback:
    """How many customers get a letter in another language than theirs."""

    language: str
    used: str
    count: int

    @property
    def words(self) -> str:
        """What follows the number of customers, for a person who must say yes before a run."""
        sentence = ngettext(
            "customer has no text in “%(language)s”; the one in “%(used)s” will be used",
            "customers have no text in “%(language)s”; the one in “%(used)s” will be used",
            self.count,
        )
        names = dict(choices())
        used = names[self.used] if self.used else gettext("none")
        return sentence % {"language": names[self.language], "used": used}


def fallbacks(email: SystemEmail, customers: Mapping[str, int]) -> list[Fallback]:
    """Of how many customers a language, which of them have no text, and what serves instead."""
    known = set(email.texts.values_list("language", flat=True))
    order = [code for code in (current().language, ENGLISH, *sorted(known)) if code in known]
    missing = sorted((language, count) for language, count in customers.items() if language not in known)
    return [Fallback(language, order[0] if order else "", count) for language, count in missing]


def customer_for_preview(text: str, user: User) -> Customer | None:
    """The customer whose code this is, or in whose name the words stand."""
    if not text.strip():
        return None
    seen = Customer.objects.visible_to(user)
    return with_code(text, seen) or seen.found_by(text).order_by("name_key", "id").first()
