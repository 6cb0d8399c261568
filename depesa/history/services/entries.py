"""Write the history: what happened, in the transaction of what it tells."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone
from django.utils.html import strip_tags

from depesa.core.errors import Faults
from depesa.core.reasons import gettext, kept, kept_within
from depesa.core.records import Ref, read
from depesa.core.security import log_security
from depesa.core.tables import insert_rows
from depesa.core.texts import printable, some_lines
from depesa.history.contributions import SECURITY
from depesa.history.models import Entry, Origin
from depesa.history.rules import NOTED, TOLD, is_kept_as_told, through

LONGEST_NAME: Final = 50
LONGEST_VALUE: Final = 500
LONGEST_NOTE: Final = 5000


class Named(Protocol):
    """A row that the history names."""

    @property
    def ref(self) -> Ref:
        """The name."""
        ...


@dataclass(slots=True, kw_only=True)
class Fact:
    """What is to be remembered, and about which record."""

    event: str
    subject: Ref
    customer_id: int | None = None
    before: Any = None
    after: Any = None
    note: str = ""


def fact_of(row: Named, event: str, *, before: Any = None, after: Any = None, note: str = "") -> Fact:
    """What happened to a row, and to the customer that it belongs to."""
    customer_id = getattr(row, "customer_id", None)
    return Fact(event=event, subject=row.ref, customer_id=customer_id, before=before, after=after, note=note)


def tell(
    row: Named,
    event: str,
    *,
    before: Any = None,
    after: Any = None,
    note: str = "",
    by: models.Model | None = None,
    origin: str = "",
) -> None:
    """Append what happened to one row."""
    record([fact_of(row, event, before=before, after=after, note=note)], by=by, origin=origin)


def teller(
    event: str, *, by: models.Model | None, origin: str = ""
) -> Callable[[Named, Mapping[str, Any] | None, Mapping[str, Any]], None]:
    """What `core.edits.edited` calls to tell this event of the row, with what was and what is."""
    return lambda row, before, after: tell(row, event, before=before, after=after, by=by, origin=origin)


def record(facts: Sequence[Fact], *, by: models.Model | None = None, origin: str = "") -> None:
    """Append the facts, in the transaction of what they tell; they are linked to the chain a moment later."""
    if not facts:
        return
    for fact in facts:
        if str(read(str(fact.subject), fact.event)) != str(fact.subject):
            raise ValueError(f"{fact.event} about {fact.subject} would be read as about another record")
        if not is_kept_as_told([fact.before, fact.after]):
            raise ValueError(f"{fact.event} has a key that is no text: it would come back in another order")
    origin = origin or through() or (Origin.STAFF if by else Origin.SYSTEM)
    with transaction.atomic():
        now = timezone.now()
        insert_rows([_entry(fact, at=now, actor_id=by.pk if by else None, origin=origin) for fact in facts])
    for fact in facts:
        if fact.event in SECURITY:
            _log_fact(fact, by=by, origin=origin)


def _log_fact(fact: Fact, *, by: models.Model | None, origin: str) -> None:
    """What concerns security stands in its log, too: also when the caller takes it back a moment later."""
    who = by.get_username() if isinstance(by, AbstractBaseUser) else "-"
    told = {name: value for name, value in (fact.after or {}).items() if not isinstance(value, list | dict)}
    log_security(fact.event, **{**told, "about": fact.subject, "by": who, "through": origin})


def add_note(subject: Ref, text: str, *, customer_id: int | None, by: models.Model | None) -> None:
    """Keep what a person of the desk remarks about a record; it stands in the history and never leaves."""
    note = some_lines(text)
    if not note:
        raise Faults({"note": gettext("There is nothing in the note yet. Write what the others should know.")})
    if len(note) > LONGEST_NOTE:
        sentence = gettext("The note has %(length)s characters; %(most)s fit. Shorten it, or make two of it.")
        raise Faults({"note": sentence % {"length": len(note), "most": LONGEST_NOTE}})
    record([Fact(event=NOTED, subject=subject, customer_id=customer_id, note=note)], by=by)


def append_external(
    subject: Ref,
    name: str,
    value: str,
    *,
    customer_id: int | None = None,
    by: models.Model | None = None,
    origin: str = Origin.API,
) -> None:
    """Keep one thing that another system says about a record, now: name and value without HTML, cut to 50 and 500."""
    kept = _without_markup(name)[:LONGEST_NAME]
    if not kept:
        raise Faults({"name": gettext("Without a name nobody knows what the value means. Give one.")})
    note = _without_markup(value)[:LONGEST_VALUE]
    told = Fact(event=TOLD, subject=subject, customer_id=customer_id, after={"name": kept}, note=note)
    record([told], by=by, origin=origin)


def _without_markup(text: str) -> str:
    return " ".join(printable(strip_tags(text), " ").split())


def _entry(fact: Fact, *, at: dt.datetime, actor_id: int | None, origin: str) -> Entry:
    return Entry(
        at=at,
        event=fact.event,
        subject=str(fact.subject),
        customer_id=fact.customer_id,
        actor_id=actor_id,
        origin=origin,
        before=kept_within(fact.before),
        after=kept_within(fact.after),
        note=kept(fact.note),
    )
