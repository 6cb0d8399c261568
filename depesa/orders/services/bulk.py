"""Bulk edits: a wish for many orders stands as rows, and the worker fulfils it chunk by chunk."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import batched
from typing import Final

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from depesa.core.batches import Failed, each_alone
from depesa.core.edges import assert_outside_transaction, kill_point
from depesa.core.errors import Refused
from depesa.core.reasons import gettext as _
from depesa.documents.models import DocumentType
from depesa.history.services import tell
from depesa.orders.models import Bulk, BulkItem, Order
from depesa.orders.models.bulk import BulkStatus, Verb
from depesa.orders.services.changes import remove
from depesa.orders.services.documents.invoices import invoice
from depesa.orders.services.documents.issue import Wish, generate
from depesa.orders.services.states import Outcome, change_state, mark_paid, mark_resolved, state_named
from depesa.staff.models import User
from depesa.triggers.services import undo_all

CHUNK: Final = 50
"""Orders in one transaction: short enough that a page never waits for the lock."""
AT_ONCE: Final = 250
"""Orders in one turn of the worker."""


def ask(orders: QuerySet[Order], verb: Verb, value: str = "", *, sends_emails: bool = True, by: User | None) -> Bulk:
    """Leave word what is to be done with these orders, in one statement; the worker does it."""
    _check_wish(verb, value)
    with transaction.atomic():
        bulk = Bulk.objects.create(verb=verb, value=value, sends_emails=sends_emails, asked_by=by)
        query, parameters = orders.order_by().values("pk").query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO orders_bulkitem (bulk_id, order_id, status, reason, letters)"  # noqa: S608
                f" SELECT %s, wanted.*, 'waiting', '', 0 FROM ({query}) AS wanted",
                [bulk.pk, *parameters],
            )
        bulk.total = BulkItem.objects.filter(bulk=bulk).count()
        bulk.finished_at = None if bulk.total else timezone.now()
        bulk.save(update_fields=["total", "finished_at"])
        told = {"verb": bulk.verb, "value": value, "count": bulk.total, "send_emails": sends_emails}
        tell(bulk, "orders.bulk-asked", after=told, by=by)
    return bulk


def _check_wish(verb: Verb, value: str) -> None:
    if verb == Verb.STATE:
        state_named(value)
    if verb == Verb.DOCUMENTS:
        _types(value)


def _types(value: str) -> list[DocumentType]:
    codes = [code for code in value.split(",") if code]
    types = list(DocumentType.objects.select_related("series").filter(code__in=codes))
    if not types or len(types) != len(set(codes)):
        raise Refused(_("Choose at least one type of document."))
    return types


def stop(bulk: Bulk, *, by: User | None) -> None:
    """Do no more of it; what is done stays."""
    stopped = Bulk.objects.filter(pk=bulk.pk, finished_at__isnull=True, stopped_at__isnull=True)
    if stopped.update(stopped_at=timezone.now()):
        tell(bulk, "orders.bulk-stopped", by=by)


def recall(bulk: Bulk, *, by: User) -> int:
    """Do no more of it, and take back its letters that are still held; the changes stand. How many letters."""
    if bulk.asked_by is None or bulk.asked_by.pk != by.pk:
        raise Refused(_("Whoever asked for the bulk edit takes its letters back."))
    stop(bulk, by=by)
    orders = BulkItem.objects.filter(bulk=bulk, letters__gt=0).order_by("pk").values_list("order", flat=True)
    return sum(
        undo_all([str(Order.ref_of(pk)) for pk in chunk], since=bulk.asked_at, by=by)
        for chunk in batched(list(orders), AT_ONCE)
    )


def go_on(bulk: Bulk, *, by: User | None) -> None:
    """Go on with a bulk edit that was stopped."""
    if Bulk.objects.filter(pk=bulk.pk, finished_at__isnull=True, stopped_at__isnull=False).update(stopped_at=None):
        tell(bulk, "orders.bulk-resumed", by=by)


def bulk_due() -> int:
    """Do the next part of the bulk edits that were asked for, in the name of who asked; how many orders."""
    assert_outside_transaction()
    done = 0
    open_ones = Bulk.objects.filter(finished_at__isnull=True, stopped_at__isnull=True).select_related("asked_by")
    for bulk in open_ones.order_by("pk")[:4]:
        waiting = BulkItem.objects.filter(bulk=bulk, status=BulkStatus.WAITING).order_by("pk")
        ids = list(waiting.values_list("pk", flat=True)[:AT_ONCE])
        for chunk in batched(ids, CHUNK):
            done += _do_chunk(bulk, list(chunk))
            kill_point("bulk-chunk")
        if not waiting.exists():
            Bulk.objects.filter(pk=bulk.pk, finished_at__isnull=True).update(finished_at=timezone.now())
    return done


def _do_chunk(bulk: Bulk, ids: Sequence[int]) -> int:
    """Do a chunk in one transaction; if an order breaks it, only that one is refused."""
    return sum(each_alone(partial(_do, bulk), ids, _refuse, name=lambda pk: f"item {pk} of bulk edit {bulk.pk}"))


def _do(bulk: Bulk, ids: Sequence[int]) -> list[int]:
    with transaction.atomic():
        rows = BulkItem.objects.select_for_update(of=("self",), no_key=True).filter(
            pk__in=ids, status=BulkStatus.WAITING
        )
        items = {item.order_id: item for item in rows.order_by("pk")}
        outcome = VERBS[Verb(bulk.verb)](bulk, list(items)) if items else Outcome()
        for pk, item in items.items():
            item.status, item.reason = _status(outcome, pk)
            item.letters = outcome.letters.get(pk, 0)
        BulkItem.objects.bulk_update(items.values(), ["status", "reason", "letters"])
    return [len(items)]


def _refuse(failed: Failed[int]) -> int:
    rows = BulkItem.objects.filter(pk=failed.row, status=BulkStatus.WAITING)
    return rows.update(status=BulkStatus.REFUSED, reason=failed.sentence)


def _status(outcome: Outcome, pk: int) -> tuple[str, str]:
    if pk in outcome.refused:
        return BulkStatus.REFUSED, outcome.refused[pk]
    return (BulkStatus.UNCHANGED if pk in outcome.unchanged else BulkStatus.DONE), ""


def _change_state(bulk: Bulk, ids: list[int]) -> Outcome:
    return change_state(ids, state_named(bulk.value), by=bulk.asked_by, send_emails=bulk.sends_emails)


def _paid(bulk: Bulk, ids: list[int]) -> Outcome:
    return mark_paid(ids, is_paid=bulk.verb == Verb.PAID, by=bulk.asked_by, send_emails=bulk.sends_emails)


def _resolved(bulk: Bulk, ids: list[int]) -> Outcome:
    return mark_resolved(ids, is_resolved=bulk.verb == Verb.RESOLVED, by=bulk.asked_by)


def _documents(bulk: Bulk, ids: list[int]) -> Outcome:
    orders = list(Order.objects.filter(pk__in=ids).order_by("pk"))
    types = _types(bulk.value)
    issued = generate([Wish(order=order, type=t) for order in orders for t in types],
                      by=bulk.asked_by, send_emails=bulk.sends_emails)  # fmt: skip
    made = {row.order_id for row in issued.made}
    refused = {pk: why for pk, why in issued.refused.items() if pk not in made}
    return Outcome(changed=sorted(made), refused=refused, letters=issued.letters)


def _invoices(bulk: Bulk, ids: list[int]) -> Outcome:
    issued = invoice(ids, by=bulk.asked_by, send_emails=bulk.sends_emails)
    return Outcome(changed=[row.order_id for row in issued.made], refused=issued.refused, letters=issued.letters)


def _remove(bulk: Bulk, ids: list[int]) -> Outcome:
    return remove(ids, by=bulk.asked_by)


VERBS: Final[dict[Verb, Callable[[Bulk, list[int]], Outcome]]] = {
    Verb.STATE: _change_state,
    Verb.PAID: _paid,
    Verb.UNPAID: _paid,
    Verb.RESOLVED: _resolved,
    Verb.UNRESOLVED: _resolved,
    Verb.DOCUMENTS: _documents,
    Verb.INVOICES: _invoices,
    Verb.REMOVE: _remove,
}
