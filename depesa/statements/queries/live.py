"""The part of a period's page that is alive: strip, progress, failures; asked again every two seconds."""

from typing import Any

from django.urls import reverse

from depesa.core.languages import period_in_words
from depesa.core.reasons import gettext as _
from depesa.documents.models import Document
from depesa.outbox.models import ON_THE_WAY, Channel
from depesa.staff.models import User
from depesa.staff.rules import Right
from depesa.statements.models import RunState, StatementRun, StatementState
from depesa.statements.queries.progress import Progress, progress
from depesa.statements.queries.segments import SEGMENTS, count_segments
from depesa.ui.parts import Action, Segment, Strip

ALWAYS = frozenset({"ready", "accepted"})


def strip_of(run: StatementRun, *, is_alive: bool = False, told: Progress | None = None) -> Strip:
    """The period as one bar; each segment leads to its statements."""
    period = run.period
    url = reverse("statements:run", args=[period])
    counts = told.segments if told else count_segments(run)
    segments = [
        Segment(key, words, counts.get(key, 0), tone, f"{url}?where={key}#list")
        for key, words, tone in SEGMENTS
        if counts.get(key) or key in ALWAYS
    ]
    pace = told and (told.sending if told.sending.remaining else told.rendering)
    return Strip(
        period_in_words(period),
        segments,
        is_alive=is_alive and bool(pace and pace.per_second),
        rate=pace.per_second if pace else 0,
        ends_at=pace.ends_at if pace else None,
    )


def living(run: StatementRun, user: User) -> dict[str, Any]:
    """Strip, what is going on, and whether anything still moves."""
    told = progress(run)
    going_on = [*_forming(run), *_rendering(run, told, user), *_sending(run, told, user)]
    is_alive = any(each["is_moving"] for each in going_on)
    return {
        "run": run,
        "period": run.period,
        "strip": strip_of(run, is_alive=is_alive, told=told),
        "going_on": going_on,
        "failures": sorted(told.failures.items(), key=lambda pair: -pair[1]),
        "is_alive": is_alive,
    }


def _forming(run: StatementRun) -> list[dict[str, Any]]:
    if run.state != RunState.FORMING and run.operation.asked_at is None:
        return []
    documents = Document.objects.of_period(run.period).posted()
    total = documents.order_by().values("customer").distinct().count()
    return [
        {
            "id": "forming",
            "title": _("Forming the statements"),
            "done": run.already_count + run.formed_count if run.state == RunState.FORMING else 0,
            "total": max(total, 1),
            "is_moving": True,
        }
    ]


def _rendering(run: StatementRun, told: Progress, user: User) -> list[dict[str, Any]]:
    left = told.statements.get(StatementState.FORMED, 0)
    if not left:
        return []
    ready = told.statements.get(StatementState.READY, 0)
    url = reverse("statements:rendering_pause", args=[run.period])
    button = _pause_button(url, is_paused=run.is_rendering_paused)
    return [
        {
            "id": "rendering",
            "title": _("Making the PDFs: paused") if run.is_rendering_paused else _("Making the PDFs"),
            "done": ready,
            "total": ready + left,
            "rate": told.rendering.per_second,
            "ends_at": told.rendering.ends_at,
            "pause": button if user.may(Right.POST) else None,
            "is_moving": not run.is_rendering_paused,
        }
    ]


def _sending(run: StatementRun, told: Progress, user: User) -> list[dict[str, Any]]:
    on_the_way = sum(told.deliveries.get(state, 0) for state in ON_THE_WAY)
    asked = told.asked
    if not on_the_way and not asked:
        return []
    total = sum(told.deliveries.values()) + asked
    channel = Channel.objects.filter(is_default=True).first()
    is_paused = bool(channel and channel.is_paused)
    return [
        {
            "id": "sending",
            "title": _("Sending: paused") if is_paused else _("Sending"),
            "done": total - on_the_way - asked,
            "total": total,
            "rate": told.sending.per_second,
            "ends_at": told.sending.ends_at,
            "pause": _pause(run, is_paused) if user.may(Right.DECIDE) else None,
            "cancel": _stop(run) if asked and user.may(Right.POST) else None,
            "is_moving": bool(asked) or not is_paused,
        }
    ]


def _pause(run: StatementRun, is_paused: bool) -> Action:
    return _pause_button(reverse("statements:sending_pause", args=[run.period]), is_paused=is_paused)


def _pause_button(url: str, *, is_paused: bool) -> Action:
    if is_paused:
        return Action(_("Go on"), f"{url}?go-on", "play", "post")
    return Action(_("Pause"), url, "pause", "post")


def _stop(run: StatementRun) -> Action:
    url = reverse("statements:withdrawal", args=[run.period])
    return Action(_("Stop posting more"), url, "cross", "post")
