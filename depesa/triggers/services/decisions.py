"""What a person decides about a letter that a change causes: not after all, or once more."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from depesa.core.edits import edited, snapshot
from depesa.core.errors import Refused, StaleState
from depesa.core.leases import FREE
from depesa.core.reasons import gettext as _
from depesa.history.services import Fact, fact_of, record, teller
from depesa.staff.models import User
from depesa.triggers.models import REPEATABLE, USELESS_AFTER, Settings, Status, Transition
from depesa.triggers.rules import FINAL_REASONS, HEALED_BY_TEXT, Reason


def repeatable(ids: Iterable[int]) -> list[int]:
    """Those of the transitions whose letter a person may ask for, see Transition.can_be_tried."""
    rows = Transition.objects.filter(pk__in=ids, status__in=REPEATABLE, system_email__isnull=False)
    return list(rows.exclude(reason__in=FINAL_REASONS).order_by("pk").values_list("pk", flat=True))


def undo(transition: Transition, *, by: User | None = None) -> None:
    """Take the letter back while it is held; the change itself stands. StaleState if it has been written."""
    with transaction.atomic():
        held = Transition.objects.filter(pk=transition.pk, status=Status.HELD)
        changes = {"status": Status.UNDONE, "reason": Reason.UNDONE, "settled_at": timezone.now()}
        if held.update(**changes, **FREE) != 1:
            raise StaleState
        transition.refresh_from_db()
        record([_decided("triggers.undone", transition)], by=by)


def undo_all(subjects: Collection[str], *, since: dt.datetime, by: User) -> int:
    """Take back the letters about these records that this person's changes since then hold; how many."""
    held = Transition.objects.select_for_update(of=("self",), no_key=True).filter(
        status=Status.HELD, by=by, at__gte=since
    )
    with transaction.atomic():
        rows = list(held.filter(subject__in=subjects).order_by("pk"))
        changes = {"status": Status.UNDONE, "reason": Reason.UNDONE, "settled_at": timezone.now()}
        Transition.objects.filter(pk__in=[row.pk for row in rows]).update(**changes, **FREE)
        record([_decided("triggers.undone", row) for row in rows], by=by)
    return len(rows)


def try_again(ids: Collection[int], *, by: User | None = None) -> int:
    """Write the letters of these at the next beat: failed ones once more, others after all; how many.

    Refused if there is nothing to be tried; those that have left or wait are passed over.
    """
    with transaction.atomic():
        rows = list(
            Transition.objects.select_for_update(of=("self",), no_key=True)
            .filter(pk__in=ids, status__in=REPEATABLE)
            .select_related("system_email")
            .order_by("pk")
        )
        rows = [row for row in rows if row.can_be_tried]
        if not rows:
            raise Refused(_("There is no letter here that could be tried again."))
        _hold(rows, asked_at=timezone.now())
        record([_decided("triggers.tried-again", row) for row in rows], by=by)
    return len(rows)


def mend() -> int:
    """Try those again that failed because of a text which was changed since; how many. What is too old waits."""
    with transaction.atomic():
        changed = Q(system_email__texts__changed_at__gt=F("settled_at"))
        since = timezone.now() - USELESS_AFTER
        young = Q(at__gt=since) | Q(asked_at__gt=since)
        failed = Transition.objects.filter(changed, young, status=Status.FAILED, reason__in=HEALED_BY_TEXT)
        rows = list(Transition.objects.filter(pk__in=failed.values("pk")).select_related("system_email").order_by("pk"))
        _hold(rows)
    return len(rows)


def save_hold(seconds: int, *, by: User | None = None, version: int | None = None) -> None:
    """Set how long letters are held after changes made on pages, as somebody saw it."""
    told, tell = partial(snapshot, names=["hold"]), teller("triggers.hold-saved", by=by)
    with edited(Settings(pk=1), version, by=by, told=told, tell=tell) as choices:
        choices.hold = seconds


def _hold(rows: Sequence[Transition], **more: Any) -> None:
    """Back to waiting, due now; the reason stays until there is a new one, so that the page can say what was wrong."""
    now = timezone.now()
    Transition.objects.filter(pk__in=[row.pk for row in rows], status__in=REPEATABLE).update(
        status=Status.HELD, due_at=now, settled_at=now, **more, **FREE
    )


def _decided(event: str, row: Transition) -> Fact:
    return fact_of(row, event, after={"system_email": str(row.system_email or "")})
