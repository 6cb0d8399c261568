"""Bring posted operations back whose letters nobody got."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from depesa.core.batches import Failed, each_alone
from depesa.core.edits import RAISED, raise_version, raised
from depesa.core.reasons import gettext as _
from depesa.core.reasons import joined
from depesa.documents.rules import Posting
from depesa.history.services import Fact, record
from depesa.operations.models import Operation
from depesa.outbox.models import FAILED_FOR_GOOD, Delivery, State
from depesa.statements.services.setup import SENDING


def return_refused(limit: int = 500) -> int:
    """Posted operations whose letter reached no recipient become not posted again, with the reason; how many.

    One that cannot be brought back stays posted, says why, and is not tried again.
    """
    ids = list(_refused().order_by("pk").values_list("pk", flat=True)[:limit])
    return sum(each_alone(_bring_back, ids, _leave_posted, name=lambda pk: f"bringing back operation {pk}"))


def _refused() -> QuerySet[Operation]:
    copies = Delivery.objects.filter(message=OuterRef("message"))
    return Operation.objects.filter(
        Exists(copies.filter(state__in=FAILED_FOR_GOOD)),
        ~Exists(copies.exclude(state__in=FAILED_FOR_GOOD)),
        task__runs=SENDING,
        posting=Posting.POSTED,
        refusal="",
    )


def _bring_back(ids: Sequence[int]) -> list[int]:
    with transaction.atomic():
        returned = list(_refused().select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
        reasons = _reasons([row.message_id for row in returned if row.message_id])
        for row in returned:
            row.refusal = reasons.get(row.message_id or 0, "")
            row.posting, row.posting_count = Posting.NOT_POSTED.value, row.posting_count + 1
            raise_version(row, None)
        Operation.objects.bulk_update(returned, ["refusal", "posting", "posting_count", *RAISED], batch_size=500)
        record([_returned(row) for row in returned])
    return [len(returned)]


def _leave_posted(failed: Failed[int]) -> int:
    rows = Operation.objects.filter(pk=failed.row, posting=Posting.POSTED)
    return rows.update(refusal=failed.sentence, **raised(None))


def _reasons(messages: list[int]) -> dict[int, str]:
    """What happened to each recipient, by message."""
    rows = Delivery.objects.filter(message__in=messages).order_by("message_id", "id")
    told: dict[int, list[str]] = {}
    for delivery in rows:
        why = delivery.reason or _("no reason given")
        words = {"recipient": delivery.recipient, "state": State(delivery.state).label, "why": why}
        told.setdefault(delivery.message_id, []).append(_("%(recipient)s: %(state)s, %(why)s") % words)
    return {message: joined(parts, "; ") for message, parts in told.items()}


def _returned(row: Operation) -> Fact:
    return Fact(
        event="statements.returned",
        subject=row.ref,
        customer_id=row.customer_id,
        before={"posting": Posting.POSTED.value},
        after={"posting": Posting.NOT_POSTED.value, "message": row.message_id},
        note=row.refusal,
    )
