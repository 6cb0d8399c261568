"""Ask for a posting that is too long for a page: the wish stands on the operations, the worker fulfils it."""

from collections import defaultdict
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from depesa.core.edits import raised
from depesa.core.records import Ref
from depesa.documents.rules import Posting
from depesa.history.services import Fact, record
from depesa.operations.contributions import ASKED
from depesa.operations.models import Operation
from depesa.operations.rules import PostingReport
from depesa.operations.services.postings import post
from depesa.staff.models import User

AT_ONCE: Final = 200  # operations that are posted while the page waits
CHUNK: Final = 250


def post_or_ask(operations: QuerySet[Operation], *, by: User, at_once: int = AT_ONCE) -> tuple[PostingReport, int]:
    """Post a few operations now, many by the worker; the report of the first, and how many wait for the second."""
    ids = list(operations.order_by("pk").values_list("pk", flat=True)[: at_once + 1])
    if len(ids) > at_once:
        return PostingReport(), ask(operations, by=by)
    return post(ids, by=by), 0


def ask(operations: QuerySet[Operation], *, by: User) -> int:
    """Leave word that these operations are to be posted, in one statement; how many they are."""
    due = operations.present().exclude(posting=Posting.POSTED)  # type: ignore[attr-defined]
    wanted = Operation.objects.filter(pk__in=due.order_by().values("pk"), asked_at__isnull=True)
    with transaction.atomic():
        count = wanted.update(asked_at=timezone.now(), asked_by=by, refusal="")
        record([Fact(event="operations.asked", subject=Ref("operations"), after={"count": count})], by=by)
    return count


def withdraw(operations: QuerySet[Operation], *, by: User) -> int:
    """Take the word back for those that are not posted yet; how many they were."""
    waiting = Operation.objects.filter(ASKED, pk__in=operations.order_by().values("pk"))
    waiting = waiting.exclude(posting=Posting.POSTED)  # who has posted one at this moment has not cleared the wish yet
    with transaction.atomic():
        count = waiting.update(asked_at=None, asked_by=None)
        record([Fact(event="operations.withdrawn", subject=Ref("operations"), after={"count": count})], by=by)
    return count


def post_due(limit: int = CHUNK) -> int:
    """Post the next operations that somebody asked for, in his name; how many were tried."""
    rows = list(Operation.objects.filter(ASKED).order_by("pk").select_related("asked_by")[:limit])
    groups: dict[User | None, list[int]] = defaultdict(list)
    for row in rows:
        groups[row.asked_by].append(row.pk)
    for by, ids in groups.items():
        report = post(ids, by=by, wanted=ASKED)
        _keep_refusals(report)
        # Only now: a crash in between posts nothing twice, for posting asks each operation whether it is posted.
        heard = max(row.asked_at for row in rows if row.asked_at)
        Operation.objects.filter(pk__in=ids, asked_at__lte=heard).update(asked_at=None, asked_by=None)
    return sum(len(ids) for ids in groups.values())


def _keep_refusals(report: PostingReport) -> None:
    for pk, reason in report.refused:
        rows = Operation.objects.filter(pk=pk, refusal="").exclude(posting=Posting.POSTED)
        rows.update(refusal=reason, **raised(None))
