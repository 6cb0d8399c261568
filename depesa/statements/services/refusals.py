"""Let operations follow their letters: back where nobody got one, posted where a refused one arrives after all."""

from collections.abc import Callable, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from depesa.core.batches import UNEXPECTED, Failed, each_alone
from depesa.core.edits import RAISED, raise_version, raised
from depesa.core.reasons import gettext as _
from depesa.core.reasons import joined
from depesa.documents.rules import Posting
from depesa.history.services import Fact, record
from depesa.operations.models import Operation
from depesa.outbox.models import FAILED_FOR_GOOD, Delivery, State
from depesa.statements.queries import has_living_letter
from depesa.statements.services.setup import SENDING


def follow_letters(limit: int = 500) -> int:
    """Operations all of whose letters failed become not posted again, with the reason; how many were moved.

    One whose refused letter was tried again is posted again, or corrected where somebody has edited it since. One that
    cannot be moved says why and is not tried again.
    """
    moved = 0
    for rows, do in ((_refused, _bring_back), (_revived, _post_again)):
        ids = list(rows().order_by("pk").values_list("pk", flat=True)[:limit])
        moved += sum(each_alone(do, ids, _leave, name=lambda pk: f"following the letter of operation {pk}"))
    return moved


def _refused() -> QuerySet[Operation]:
    failed = Delivery.objects.filter(message=OuterRef("message"), state__in=FAILED_FOR_GOOD)
    rows = Operation.objects.filter(Exists(failed), task__runs=SENDING, posting=Posting.POSTED, refusal="")
    return rows.exclude(has_living_letter())


def _revived() -> QuerySet[Operation]:
    rows = Operation.objects.filter(task__runs=SENDING, posting=Posting.NOT_POSTED, message__isnull=False)
    return rows.filter(has_living_letter(), removed_at__isnull=True).exclude(refusal__contains=UNEXPECTED)


@transaction.atomic
def _bring_back(ids: Sequence[int]) -> list[int]:
    rows = list(_refused().select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk"))
    reasons = _reasons([row.message_id for row in rows if row.message_id])
    for row in rows:
        row.refusal, row.posting_count = reasons.get(row.message_id or 0, ""), row.posting_count + 1
    _move(rows, "statements.returned", lambda _row: Posting.NOT_POSTED)
    return [len(rows)]


@transaction.atomic
def _post_again(ids: Sequence[int]) -> list[int]:
    rows = list(_revived().select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk"))
    for row in rows:
        row.refusal = ""
    # Nobody but the return itself has written it: the letter says what the operation says.
    _move(rows, "statements.arrived-after-all", lambda row: Posting.CORRECTED if row.changed_by_id else Posting.POSTED)
    return [len(rows)]


def _move(rows: Sequence[Operation], event: str, posting_of: Callable[[Operation], Posting]) -> None:
    facts = []
    for row in rows:
        before, row.posting = row.posting, posting_of(row).value
        raise_version(row, None)
        fact = Fact(event=event, subject=row.ref, customer_id=row.customer_id, note=row.refusal)
        fact.before, fact.after = {"posting": before}, {"posting": row.posting, "message": row.message_id}
        facts.append(fact)
    Operation.objects.bulk_update(rows, ["refusal", "posting", "posting_count", *RAISED], batch_size=500)
    record(facts)


def _leave(failed: Failed[int]) -> int:
    rows = Operation.objects.filter(pk=failed.row)
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
