"""Rest is no time: what waited while a channel was paused or everything stood still gets that time back."""

import datetime as dt

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Least
from django.utils import timezone

from depesa.outbox.models import Channel, Delivery, Installation, Message, State
from depesa.outbox.rules import GIVE_UP_AFTER

WAITING = Q(state=State.QUEUED) | Q(state=State.HELD)


def expire() -> int:
    """Letters that were not handed over in time stay behind, with what kept them; return how many.

    Where nothing may leave no time passes, but for letters that nobody needs any more.
    """
    now = timezone.now()
    rows = Delivery.objects.filter(WAITING, expires_at__lte=now)
    useless = Q(message__useless_after__lte=now)
    if Installation.objects.filter(quarantined_at__isnull=False).exists():
        rows = rows.filter(useless)
    elif resting := list(Channel.objects.filter(paused_at__isnull=False).values_list("pk", flat=True)):
        rows = rows.filter(~Q(channel__in=resting) | useless)
    return rows.update(state=State.EXPIRED, ended_at=now)


def end_pause(channel: Channel) -> None:
    """Give back the time for which the channel was paused, but for that of a quarantine, which is given at its end."""
    if channel.paused_at:
        quarantined_at = Installation.objects.values_list("quarantined_at", flat=True).get(pk=1)
        _give_back(Delivery.objects.filter(channel=channel), channel.paused_at, quarantined_at or timezone.now())


def end_standstill(since: dt.datetime) -> None:
    """Give back the time of a quarantine, but for that of a pause which goes on."""
    for channel in Channel.objects.all():
        _give_back(Delivery.objects.filter(channel=channel), since, channel.paused_at or timezone.now())


def _give_back(rows: QuerySet[Delivery], since: dt.datetime, until: dt.datetime) -> None:
    """Who waited all the time gets all of it; who came meanwhile the span of a new letter. None outlives its use."""
    if until <= since:
        return
    waiting = rows.filter(WAITING)
    end = Subquery(Message.objects.filter(pk=OuterRef("message")).values("useless_after"))
    waiting.filter(message__sealed_at__lt=since).update(expires_at=Least(F("expires_at") + (until - since), end))
    for policy, span in GIVE_UP_AFTER.items():
        newer = waiting.filter(message__sealed_at__gte=since, message__policy=policy)
        newer.update(expires_at=Least(until + span, end))
