"""Note changes: one row each, in the transaction of the change itself."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone

from depesa.company.queries import current
from depesa.core.leases import FREE
from depesa.core.records import Ref
from depesa.core.tables import update_rows
from depesa.emails.models import SystemEmail
from depesa.history.models import Origin
from depesa.staff.models import User
from depesa.triggers.contributions import EVENTS, preset_of
from depesa.triggers.models import LONGEST_KEY, Settings, Status, Transition
from depesa.triggers.rules import Reason, Step, Verdict, collapse

CHUNK: Final = 500
# What has left, or is out of our hands: a later change cannot take its place.
OUT: Final = frozenset({Status.QUEUED, Status.FAILED, Status.SKIPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change that may cause a letter. `key` is made from the event and is the same however often it is told.

    `name` is the record as people call it, for example its number.
    `system_email` is the id or the code of the one to write; None: that of the event, if one is bound to it.
    `reason` (a rules.Reason) says why there is no letter by design; `hold` beats the setting.
    """

    key: str
    event: str
    subject: Ref
    customer_id: int | None
    name: str = ""
    language: str = ""
    before: Any = None
    after: Any = None
    system_email: int | str | None = None
    send_emails: bool = True
    reason: str = ""
    detail: str = ""
    hold: dt.timedelta | None = None


def note(changes: Sequence[Change], *, by: User | None = None, origin: str = "") -> list[Transition]:
    """Note the changes in the caller's transaction and return their transitions, in their order.

    A change whose key is known is not noted again: the row that there is comes back. Changes of one subject and
    family within the hold time take the place of one another.
    """
    origin = origin or (Origin.STAFF if by else Origin.SYSTEM)
    noted: list[Transition] = []
    with transaction.atomic():
        emails = _emails(changes)
        hold, language, now = hold_of(origin), current().language, timezone.now()
        for chunk in batched(changes, CHUNK):
            known = set(Transition.objects.filter(key__in=[each.key for each in chunk]).values_list("key", flat=True))
            new = {each.key: each for each in chunk if each.key not in known}
            rows = [_transition(each, emails, by, origin, now, hold, language) for each in new.values()]
            noted += _inserted(rows, [each.key for each in chunk], now)
    return noted


def hold_of(origin: str) -> dt.timedelta:
    """How long letters are held after changes that come this way: only a person on a page takes things back."""
    if origin != Origin.STAFF:
        return dt.timedelta()
    return dt.timedelta(seconds=Settings.now().hold)


def _emails(changes: Iterable[Change]) -> Mapping[int | str, SystemEmail]:
    """The system e-mails that the changes name, by id and by code."""
    named = {_named(each) for each in changes}
    ids = {each for each in named if isinstance(each, int)}
    codes = {each for each in named if isinstance(each, str)}
    found = [*SystemEmail.objects.filter(pk__in=ids), *SystemEmail.objects.filter(code__in=codes)]
    return {email.pk: email for email in found} | {email.code: email for email in found}


def _named(change: Change) -> int | str | None:
    return change.system_email if change.system_email is not None else preset_of(change.event) or None


def _transition(
    change: Change,
    emails: Mapping[int | str, SystemEmail],
    by: User | None,
    origin: str,
    now: dt.datetime,
    hold: dt.timedelta,
    language: str,
) -> Transition:
    if len(change.key) > LONGEST_KEY:
        raise ValueError(f"The key is longer than {LONGEST_KEY} characters: {change.key[:80]}…")
    named = _named(change)
    email = emails.get(named) if named is not None else None
    reason, detail = _why_none(change, named, email)
    return Transition(
        key=change.key,
        event=change.event,
        subject=str(change.subject),
        name=change.name[:120],
        customer_id=change.customer_id,
        before=change.before,
        after=change.after,
        base=change.before,
        system_email=email,
        language=change.language or language,
        by=by,
        origin=origin,
        at=now,
        due_at=now + (hold if change.hold is None else change.hold),
        status=Status.NONE if reason else Status.HELD,
        reason=reason,
        detail=detail,
    )


def _why_none(change: Change, named: int | str | None, email: SystemEmail | None) -> tuple[str, str]:
    """Why no letter is meant to leave, as code and detail; nothing if one is."""
    if change.reason:
        return change.reason, change.detail
    if named is None:
        return Reason.NOT_CHOSEN, ""
    if not change.send_emails:
        return Reason.SWITCHED_OFF, ""
    if email is None:
        return Reason.NO_SUCH_EMAIL, str(named)
    return ("", "") if email.is_active else (Reason.INACTIVE, "")


def _inserted(rows: Sequence[Transition], keys: Sequence[str], now: dt.datetime) -> list[Transition]:
    """Insert the new rows, let them replace those they follow, and return the rows of all keys."""
    followed = _followed(rows, now)
    # Who inserts the same key at the same moment has noted it already: nothing is raised, its row is read.
    Transition.objects.bulk_create(rows, ignore_conflicts=True)
    stored = {row.key: row for row in Transition.objects.filter(key__in=keys).select_related("system_email")}
    settled = connection.ops.adapt_datetimefield_value(now)
    because, free = (Status.COALESCED.value, Reason.FOLLOWED.value), FREE.values()
    update_rows(
        Transition,
        ["status", "reason", "into", "settled_at", *FREE],
        [(*because, stored[new.key].pk, settled, *free, old.pk or stored[old.key].pk) for old, new in followed],
        where="status = 'held'",
    )
    replaced = [stored[old.key] for old, _new in followed if old.key in keys]
    for row in replaced:
        row.refresh_from_db()
    return [stored[key] for key in keys]


def _followed(rows: Sequence[Transition], now: dt.datetime) -> list[tuple[Transition, Transition]]:
    """Work out the chains: which held ones are replaced by which of the new.

    Only a letter takes a letter's place; a new one that leads back is no letter, and takes back those before it.
    """
    chained = [row for row in rows if _family(row)]
    last: dict[tuple[str, str], Transition] = {}
    held: dict[tuple[str, str], list[Transition]] = defaultdict(list)
    if chained:
        # Locked, so that none of them is written while it is being replaced.
        open_ones = Transition.objects.select_for_update(of=("self",), no_key=True).filter(
            subject__in={row.subject for row in chained}, due_at__gte=now
        )
        for row in open_ones.order_by("pk"):
            place = row.subject, _family(row)
            last[place] = row
            held[place] += [row] if row.status == Status.HELD else []
    followed = []
    for row in chained:
        place = row.subject, _family(row)
        old = last.get(place)
        verdict = collapse(_step(old) if old else None, _step(row))
        _judge(row, verdict)
        if verdict.joins and (row.status == Status.HELD or verdict.is_back):
            followed += [(each, row) for each in held.pop(place, ())]
        last[place] = row
        held[place] += [row] if row.status == Status.HELD else []
    return followed


def _judge(row: Transition, verdict: Verdict) -> None:
    row.base = verdict.base
    if verdict.is_back and row.status == Status.HELD:
        row.status = Status.NONE
        row.reason = Reason.BACK_AGAIN if verdict.joins else Reason.NO_CHANGE


def _family(row: Transition) -> str:
    known = EVENTS.get(row.event)
    return known.family if known else ""


def _step(row: Transition) -> Step:
    return Step(row.before, row.after, row.at, row.due_at, row.base, is_out=row.status in OUT)
