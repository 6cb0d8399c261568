"""Security mail alone is sent once more by itself when nobody knows whether it arrived."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from depesa.core.batches import Failed, each_alone
from depesa.core.edges import kill_point
from depesa.history.services import tell
from depesa.outbox.models import Delivery, Evidence, EvidenceKind, Installation, State
from depesa.outbox.queries import needing_person
from depesa.outbox.rules import RESENT_WHEN_UNKNOWN
from depesa.outbox.services import ledger


def resend_due() -> int:
    """Queue uncertain letters with a one-time link once more, the same bytes, while the link is good; return how many.

    Once for each recipient: when the second copy is uncertain too, a person decides, as about one that cannot be
    queued. Under quarantine nothing moves.
    """
    if Installation.objects.filter(pk=1, quarantined_at__isnull=False).exists():
        return 0
    by_itself = Evidence.objects.filter(delivery=OuterRef("pk"), kind=EvidenceKind.RULE)
    rows = needing_person().filter(
        ~Exists(by_itself),
        state=State.UNKNOWN,
        message__policy__in=RESENT_WHEN_UNKNOWN,
        expires_at__gt=timezone.now(),
    )
    uncertain = list(rows.select_related("message").order_by("pk"))
    return sum(each_alone(_resent, uncertain, _not_resent, name=lambda row: f"resending delivery {row.pk}"))


@transaction.atomic
def _resent(rows: Sequence[Delivery]) -> list[int]:
    return [_resend(row) for row in rows]


def _not_resent(failed: Failed[Delivery]) -> int:
    Evidence.objects.create(delivery=failed.row, kind=EvidenceKind.RULE, verdict="not-resent", text=failed.sentence)
    return 0


def _resend(row: Delivery) -> int:
    mine = Delivery.objects.filter(pk=row.pk, state=State.UNKNOWN, permit_seq=row.permit_seq)
    if not mine.update(state=State.QUEUED, next_attempt_at=timezone.now(), reason="", **ledger.NO_LEASE):
        return 0
    Evidence.objects.create(delivery=row, kind=EvidenceKind.RULE, verdict="resent")
    tell(row.message, "outbox.resent")
    kill_point("resending")
    return 1
