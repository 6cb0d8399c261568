"""Sessions of the desk: how long they last, who has which, and when the password was proved in one."""

import datetime as dt
import time
from contextlib import suppress
from typing import Any, Final

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from depesa.core.inputs import device_of, machine_of
from depesa.history.services import tell
from depesa.staff.models import DeskSession, User

PROVED_FOR: Final = 15 * 60  # seconds that a password counts for grave acts
WRITTEN_EVERY: Final = 5 * 60  # seconds; the last use of a session is not written more often
_KEY: Final = "desk"  # in the session: when it began, was used and when the password was proved


def forget_sessions() -> int:
    """Take away the sessions that have ended, of the desk and of the shop; how many."""
    _all, of_kinds = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return of_kinds.get(Session._meta.label, 0)


def lasts(began: float, used: float) -> bool:
    """Whether a session goes on that began and was used last then (seconds since 1970)."""
    now = time.time()
    return now - used <= settings.DEPESA_IDLE_HOURS * 3600 and now - began <= settings.SESSION_COOKIE_AGE


def begin(request: HttpRequest, user: User) -> None:
    """The user has just signed in, which has proved the password; nothing of an earlier stay in this browser counts."""
    if not request.session.session_key:
        request.session.save()
    now = time.time()
    _keep(request, user, {"began": now, "used": now, "proved": now})


def go_on(request: HttpRequest, user: User, *, is_used: bool) -> bool:
    """Whether the session of the signed-in user goes on; its use is remembered, unless a page only asks by itself."""
    kept = request.session.get(_KEY)
    if kept is None:
        begin(request, user)
        return True
    if not lasts(kept["began"], kept["used"]):
        tell(user, "staff.session-ended", after={"reason": "idle or old"}, by=user)
        return False
    if kept["key"] != request.session.session_key or (is_used and time.time() - kept["used"] >= WRITTEN_EVERY):
        _keep(request, user, kept | {"used": time.time()})
    return True


def _keep(request: HttpRequest, user: User, kept: dict[str, Any]) -> None:
    """In the session, where each page asks, and in a row, where the user finds it."""
    key = str(request.session.session_key)
    request.session[_KEY] = kept | {"key": key}
    seen = {"machine": machine_of(request), "used_at": _time_of(kept["used"])}
    if DeskSession.objects.filter(session_id=key).update(**seen):
        return
    with suppress(IntegrityError), transaction.atomic():  # somebody may end the session in this moment
        device, began_at = device_of(request)[:60], _time_of(kept["began"])
        DeskSession.objects.create(session_id=key, user=user, device=device, began_at=began_at, **seen)


def _time_of(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def note_proof(request: HttpRequest) -> None:
    """The password was typed right now."""
    if kept := request.session.get(_KEY):
        request.session[_KEY] = kept | {"proved": time.time()}


def is_proved(request: HttpRequest) -> bool:
    """Whether the password was typed in the last 15 minutes."""
    proved: float = request.session.get(_KEY, {}).get("proved", 0)
    return time.time() - proved <= PROVED_FOR


def end(sessions: list[DeskSession], *, by: User) -> int:
    """End these sessions of the user at once; how many."""
    with transaction.atomic():
        for each in sessions:
            told = {"machine": each.machine, "device": each.device}
            tell(each.user, "staff.session-ended", after=told, by=by)
        Session.objects.filter(pk__in=[each.session_id for each in sessions]).delete()
    return len(sessions)
