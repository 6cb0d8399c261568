"""Find what subscribers are to be told: from the rows that say what happened, once each."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from depesa.api.models import Notice, Subscription, Topic
from depesa.core.batches import each_alone
from depesa.core.records import Ref
from depesa.history.models import Entry, Link
from depesa.orders.models import Order
from depesa.outbox.models import Attempt, Delivery, State

CHUNK: Final = 500
LATE: Final = dt.timedelta(minutes=10)  # how late a transaction may show letters that ended before it
EVENTS: Final[Mapping[str, Topic]] = {
    "orders.placed": Topic.ORDERS,
    "orders.imported": Topic.ORDERS,
    "orders.changed": Topic.ORDERS,
    "orders.state-changed": Topic.ORDERS,
    "orders.paid": Topic.ORDERS,
    "orders.unpaid": Topic.ORDERS,
    "orders.resolved": Topic.ORDERS,
    "orders.unresolved": Topic.ORDERS,
    "orders.removed": Topic.ORDERS,
    "orders.restored": Topic.ORDERS,
    "orders.document-generated": Topic.DOCUMENTS,
    "orders.document-regenerated": Topic.DOCUMENTS,
    "orders.document-deleted": Topic.DOCUMENTS,
}
ENDED: Final = ("unknown", "rejected", "expired", "held")


def notice_due() -> int:
    """Write a notice for everything that happened since the last time; how many were written."""
    subscriptions = list(Subscription.objects.filter(deactivated_at__isnull=True))
    return sum(each_alone(_of_all, subscriptions, lambda failed: _say(failed.row, failed.sentence)))


def _of_all(subscriptions: Sequence[Subscription]) -> list[int]:
    return [_of_history(one) + _of_letters(one) for one in subscriptions]


def _say(one: Subscription, why: str) -> int:
    """What could not be told stands at the subscription; the rest goes on."""
    Subscription.objects.filter(pk=one.pk).update(problem=why)
    return 0


def _of_history(one: Subscription) -> int:
    """The chain of the history is one line: nothing appears in it before what was seen."""
    with transaction.atomic():
        row = Subscription.objects.select_for_update(no_key=True).get(pk=one.pk)
        links = list(
            Link.objects.filter(pk__gt=row.last_link, entry__gt=row.since_entry)
            .select_related("entry")
            .order_by("pk")[:CHUNK]
        )
        if not links:
            return 0
        entries = [link.entry for link in links]
        wanted = [entry for entry in entries if EVENTS.get(entry.event) in row.topics]
        numbers = _numbers(wanted)
        now = timezone.now()

        def notice(entry: Entry) -> Notice:
            return Notice(
                subscription=row,
                key=f"history:{entry.pk}",
                topic=EVENTS[entry.event],
                event=entry.event,
                due_at=now,
                payload=_payload(entry, numbers),
            )

        _insert(row, wanted, notice)
        row.last_link = links[-1].pk
        row.save(update_fields=["last_link"])
    return len(links)


def _numbers(entries: Iterable[Entry]) -> dict[Ref, str]:
    ids = {entry.ref.id_of(Order.record_kind) for entry in entries}
    known = Order.objects.filter(pk__in=[pk for pk in ids if pk is not None])
    return {Order.ref_of(pk): number for pk, number in known.values_list("pk", "number")}


def _payload(entry: Entry, numbers: Mapping[Ref, str]) -> dict[str, Any]:
    return {
        "id": f"history:{entry.pk}",
        "event": entry.event,
        "at": entry.at.isoformat(),
        "order": numbers.get(entry.ref, ""),
        "through": entry.origin,
        "before": entry.before,
        "after": entry.after,
    }


def _of_letters(one: Subscription) -> int:
    """Letters whose delivery has ended or waits for a person, by their times; what was told is known by its key."""
    if Topic.MESSAGES not in one.topics:
        return 0
    now, since = timezone.now(), one.letters_since - LATE
    found = list(Delivery.objects.filter(_settled_since(since)).select_related("message").order_by("pk")[: CHUNK * 10])
    known = set(
        Notice.objects.filter(subscription=one, key__in=[_key(row) for row in found]).values_list("key", flat=True)
    )
    new = [row for row in found if _key(row) not in known]

    def notice(row: Delivery) -> Notice:
        event = f"letters.{row.state}"
        payload = {
            "id": _key(row),
            "event": event,
            "at": (row.accepted_at or row.ended_at or now).isoformat(),
            "letter": row.message_id,
            "about": str(row.message.concerned or "") or None,
            "recipient": row.recipient,
            "state": row.state,
            "reason": row.reason,
        }
        return Notice(subscription=one, key=_key(row), topic=Topic.MESSAGES, event=event, due_at=now, payload=payload)

    with transaction.atomic():
        _insert(one, new, notice)
        Subscription.objects.filter(pk=one.pk).update(letters_since=now)
    return len(new)


def _settled_since(since: dt.datetime) -> Q:
    """What a delivery that came to its state since then is known by; one that waits for a person has not ended."""
    tried = Exists(Attempt.objects.filter(delivery=OuterRef("pk"), ended_at__gte=since))
    uncertain = Q(state=State.UNKNOWN) & (Q(permit_at__gte=since) | tried)
    held = Q(state=State.HELD, leased_at__gte=since)
    return Q(accepted_at__gte=since) | Q(state__in=ENDED, ended_at__gte=since) | uncertain | held


def _key(row: Delivery) -> str:
    return f"delivery:{row.pk}:{row.state}"


def _insert[Row: (Entry, Delivery)](one: Subscription, rows: Sequence[Row], notice: Callable[[Row], Notice]) -> None:
    """Write the notices of these rows; of one that breaks, only why stays."""

    def insert(some: Sequence[Row]) -> list[int]:
        with transaction.atomic():
            return [len(Notice.objects.bulk_create(map(notice, some), batch_size=200, ignore_conflicts=True))]

    each_alone(insert, rows, lambda failed: _say(one, failed.sentence), name=lambda row: f"the notice of {row.pk}")
