"""Reads of transitions: why a letter left or did not, in the language of the reader."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.text import capfirst
from django.utils.translation import pgettext_lazy

from depesa.core.languages import codes, language_of, spoken
from depesa.core.reasons import gettext_lazy as _
from depesa.core.reasons import said
from depesa.core.records import Ref, about
from depesa.core.search import has_words
from depesa.emails.models import SystemEmail
from depesa.emails.queries import title_of
from depesa.outbox.models import Message
from depesa.outbox.queries import slip_of, with_evidence
from depesa.triggers.contributions import EVENTS, SOURCES, Rule, event_words
from depesa.triggers.contributions import rules as registered
from depesa.triggers.models import Settings, Status, Transition
from depesa.triggers.rules import HELD_REASONS, Reason
from depesa.ui.parts import Change, Slip, Text

MOST_SHOWN: Final = 100
ENOUGH: Final = 1000  # of one kind that are counted

# Sentences; %(detail)s is what was kept with the reason.
REASONS: Final[Mapping[str, Text]] = {
    Reason.NOT_CHOSEN: _("No system e-mail is chosen for this change."),
    Reason.SWITCHED_OFF: _("“Send e-mails” was switched off."),
    Reason.INACTIVE: _("The system e-mail is switched off."),
    Reason.PREDEFINED: _("A fixed rule writes this letter: %(detail)s."),
    Reason.NO_SUCH_EMAIL: _("There is no system e-mail “%(detail)s”."),
    Reason.NO_CHANGE: _("It was so before: nothing has changed."),
    Reason.BACK_AGAIN: _("It changed back within the hold time: nothing has changed for the customer."),
    Reason.FOLLOWED: _("A later change within the hold time took its place."),
    Reason.UNDONE: _("Somebody took the letter back while it was held."),
    Reason.REMOVED: _("The system e-mail has been removed."),
    Reason.NOT_NEEDED: _("No letter is needed any more: %(detail)s"),
    Reason.NO_ADDRESS: _("There is no e-mail address. Enter one and try again."),
    Reason.CANNOT_FILL: _(
        "The text cannot be filled: %(detail)s Change the text: if it is not two weeks old, it leaves by itself."
    ),
    Reason.NOT_SEALED: _("The letter cannot be made: %(detail)s"),
    Reason.NOT_READY: _("Something that belongs to the letter is missing: %(detail)s"),
    Reason.NOBODY_KNOWS: _("Nothing here knows what a letter about “%(detail)s” says."),
    Reason.TOO_OFTEN: _("What belongs to the letter was changed by others each time it was written."),
    Reason.UNEXPECTED: _("The letter could not be written (%(detail)s). The log of the server says more."),
    Reason.TOO_OLD: _("It is too old to leave by itself. Try again if the customer is still to have it."),
    Reason.FALLBACK: _("There is no text in the customer's language; the one in %(detail)s was used."),
}

# Tone and icon of what became of a letter.
LOOKS: Final[Mapping[str, tuple[str, str]]] = {
    Status.HELD: ("doubt", "clock"),
    Status.QUEUED: ("good", "letter"),
    Status.FAILED: ("bad", "warning"),
    Status.NONE: ("calm", "minus"),
    Status.COALESCED: ("calm", "difference"),
    Status.UNDONE: ("calm", "undo"),
    Status.SKIPPED: ("calm", "minus"),
}


def reason_words(row: Transition) -> str:
    """Why no letter left, or not as it should; empty where there is nothing to say."""
    words = REASONS.get(row.reason)
    if not words or (row.status == Status.HELD and row.reason not in HELD_REASONS):
        return ""
    return str(words) % {"detail": _detail(row)}


def names() -> Mapping[str, Mapping[str, str]]:
    """What the codes mean that entries of the history keep, whose notes say the details."""
    return {"reason": {str(code): str(words) % {"detail": "…"} for code, words in REASONS.items()}}


def _detail(row: Transition) -> str:
    if row.reason == Reason.PREDEFINED:
        return str(event_words(row.detail)) if row.detail else "–"
    if row.reason == Reason.FALLBACK and row.detail in codes():
        return str(language_of(row.detail).label)
    return row.detail


def failed() -> QuerySet[Transition]:
    """Letters that could not be written and wait for a person."""
    return Transition.objects.filter(status=Status.FAILED)


def count_failed() -> int:
    """How many letters wait for a person, counted up to a thousand."""
    return failed()[:ENOUGH].count()


def hold_seconds() -> int:
    """For how long letters are held after a change made on a page."""
    return Settings.now().hold


@dataclass(frozen=True, slots=True)
class Told:
    """One transition as the page tells it: what changed, what became of its letter and why."""

    row: Transition
    what: Text
    change: Change | None
    tone: str
    icon: str
    word: str
    why: str
    email: str
    email_url: str
    missing: Sequence[str]
    slip: Slip | None


def of_record(ref: Ref) -> list[Told]:
    """Everything that might have caused a letter about the record, newest first, at most 100."""
    rows = Transition.objects.filter(about(ref)).order_by("-pk")[:MOST_SHOWN]
    return told(with_letters(rows))


def with_letters(rows: QuerySet[Transition]) -> QuerySet[Transition]:
    """The transitions with their letters and what is proven about them, in a fixed number of questions."""
    letters = with_evidence(Message.objects.all())
    return rows.select_related("system_email", "by", "customer", "into").prefetch_related(Prefetch("message", letters))


def told(rows: Iterable[Transition]) -> list[Told]:
    """The transitions in words; the letters must have been fetched, see with_letters."""
    listed = list(rows)
    words = _words_of(listed)
    return [_in_words(row, words.get(row.pk)) for row in listed]


def _in_words(row: Transition, words: tuple[str, str] | None) -> Told:
    tone, icon = LOOKS[row.status]
    before, after = words or (_value_words(row.before), _value_words(row.after))
    return Told(
        row=row,
        what=event_words(row.event),
        change=Change("", before, after) if before or after else None,
        tone=tone,
        icon=icon,
        word=word_of(row),
        why=reason_words(row),
        email=email_words(row.system_email),
        email_url=_email_url(row.system_email),
        missing=[f"{document}: {said(reason)}" for document, reason in row.missing],
        slip=slip_of(row.message) if row.message else None,
    )


_HELD_UNTIL = pgettext_lazy("letter", "held until %(time)s")
_DUE = pgettext_lazy("letter", "being written")


def word_of(row: Transition) -> str:
    """What became of the letter; of a held one also until when."""
    if row.status != Status.HELD:
        return capfirst(str(row.get_status_display()))
    now = timezone.now()
    if row.due_at <= now:
        return capfirst(str(_DUE))
    at = timezone.localtime(row.due_at)
    is_today = at.date() == timezone.localdate()
    time = time_format(at, "H:i:s") if is_today else date_format(at, "SHORT_DATETIME_FORMAT")
    return capfirst(str(_HELD_UNTIL) % {"time": time})


def _words_of(rows: Sequence[Transition]) -> Mapping[int, tuple[str, str]]:
    """Before and after as their owners say them."""
    words: dict[int, tuple[str, str]] = {}
    kinds: dict[Any, list[Transition]] = {}
    for row in rows:
        source = SOURCES.get(row.ref.kind)
        if source and source.tell:
            kinds.setdefault(source.tell, []).append(row)
    for tell, some in kinds.items():
        words |= tell(some)
    return words


def _value_words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_value_words(part)}" for name, part in value.items())
    return "" if value is None else str(value)


def named(text: str) -> Q:
    """The words stand in what it is about."""
    return has_words(Transition, text) | Q(subject=text)


def email_words(email: SystemEmail | None) -> str:
    """The system e-mail as people call it; nothing if there is none."""
    return str(title_of(email)) if email else ""


def _email_url(email: SystemEmail | None) -> str:
    return reverse("emails:text", args=[email.code, spoken()]) if email else ""


def emails_in_use() -> list[tuple[str, str]]:
    """System e-mails as choices of a filter."""
    return [(str(pk), name) for pk, name in SystemEmail.objects.order_by("name").values_list("pk", "name")]


def events() -> list[tuple[str, Text]]:
    """Events as choices of a filter."""
    return [(code, event_words(code)) for code in EVENTS]


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule as the page shows it; `state` is active, inactive, missing or none."""

    when: Text
    email: str
    email_url: str
    state: str
    why: str
    whom: Text
    note: Text
    url: str


def rules() -> list[RuleLine]:
    """Every rule, as the apps tell them whose records change."""
    emails = {email.code: email for email in SystemEmail.objects.all()}
    return [_rule_line(rule, emails) for rule in registered()]


def _rule_line(rule: Rule, emails: Mapping[str, SystemEmail]) -> RuleLine:
    email = emails.get(rule.email)
    why = REASONS.get(rule.reason, "")
    if rule.email and email is None:
        state, why = "missing", REASONS[Reason.NO_SUCH_EMAIL]
    elif email is None:
        state = "none"
    else:
        state = "active" if email.is_active else "inactive"
    return RuleLine(
        when=rule.when,
        email=email_words(email),
        email_url=_email_url(email),
        state=state,
        why=str(why) % {"detail": rule.email or event_words(rule.detail)},
        whom=rule.whom,
        note=rule.note,
        url=rule.url,
    )
