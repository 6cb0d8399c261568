"""Post operations: run what their tasks do."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import batched

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from depesa.company.queries import today
from depesa.core.batches import Failed, each_alone
from depesa.core.edits import raised
from depesa.core.errors import Refused
from depesa.core.models import columns_of
from depesa.core.periods import Period
from depesa.core.reasons import gettext as _
from depesa.documents.rules import Posting
from depesa.history.services import Fact, fact_of, record
from depesa.operations.contributions import ANY, Post, work_of
from depesa.operations.models import Operation
from depesa.operations.rules import PostingReport
from depesa.operations.services.entry import prefilled
from depesa.staff.models import User

CHUNK = 250  # operations in one transaction, also of those whose task does more
FOLLOWING = ("customer", "manager", "posted_by", "next_task__project", "next_task__manager", "next_task__customer")


def post(ids: Iterable[int], *, by: User | None, wanted: Q = ANY) -> PostingReport:
    """Post these operations, kind by kind: one that is refused stops nothing and keeps its reason."""
    report = PostingReport()
    for runs, group in _by_kind(list(ids)).items():
        report += _post_kind(runs, group, by, wanted)
    return report


def send_again(operation: Operation, *, reason: str, by: User) -> None:
    """One more letter of an operation whose letter has left; Refused says why not."""
    work = work_of(operation.task.runs) if operation.task else None
    if not work or not work.send_again or operation.removed_at:
        raise Refused(_("No letter of it has left. Post the operation instead."))
    if not by.may(work.right):
        raise Refused(_("You may not post operations of this task. Ask somebody who may."))
    work.send_again(operation, reason=reason, by=by)


def _by_kind(ids: list[int]) -> dict[str, list[int]]:
    kinds: dict[str, list[int]] = defaultdict(list)
    for start in range(0, len(ids), CHUNK):
        rows = Operation.objects.filter(pk__in=ids[start : start + CHUNK]).order_by("pk")
        for pk, runs in rows.values_list("pk", "task__runs"):
            kinds[runs or ""].append(pk)
    return kinds


def _post_kind(runs: str, ids: list[int], by: User | None, wanted: Q) -> PostingReport:
    work = work_of(runs)
    if work and by and not by.may(work.right):
        return _refusing(ids, _("You may not post operations of this task. Ask somebody who may."))
    if runs and not work:
        return _refusing(ids, _("Nothing here knows what this task does (%(runs)s).") % {"runs": runs})
    do: Post = work.post if work else _post_plain
    report = PostingReport()
    for chunk in batched(ids, CHUNK):
        posted = each_alone(
            lambda some: [do(some, by, wanted)], chunk, _refused_alone, name=lambda pk: f"posting operation {pk}"
        )
        report = sum(posted, report)
    return report


def _refused_alone(failed: Failed[int]) -> PostingReport:
    return _refusing([failed.row], failed.sentence)


def _refusing(ids: Iterable[int], reason: str) -> PostingReport:
    return PostingReport(0, tuple((pk, reason) for pk in ids))


def _post_plain(ids: Sequence[int], by: User | None, wanted: Q = ANY) -> PostingReport:
    """Operations whose posting changes their state only; the chosen other task follows."""
    with transaction.atomic():
        rows = Operation.objects.select_for_update(of=("self",), no_key=True).select_related(*FOLLOWING)
        due, refused = [], []
        for row in rows.filter(wanted, pk__in=ids).order_by("pk"):
            if row.removed_at:
                refused.append((row.pk, _("It was removed. Put it back first.")))
            elif row.posting == Posting.POSTED:
                refused.append((row.pk, already_posted(row)))
            else:
                due.append(row)
        now, actor = timezone.now(), by.pk if by else None
        Operation.objects.filter(pk__in=[row.pk for row in due]).update(
            posting=Posting.POSTED, posted_at=now, posted_by=actor, refusal="", **raised(by, now)
        )
        record([_posted(row) for row in due], by=by)
        follow(due, by=by)
    return PostingReport(len(due), tuple(refused))


def already_posted(row: Operation) -> str:
    """The sentence for somebody who posts what is posted."""
    if row.posted_by:
        return _("%(who)s has posted it already.") % {"who": row.posted_by}
    return _("It is posted already.")


def _posted(row: Operation) -> Fact:
    return fact_of(row, "operations.posted", before={"posting": row.posting}, after={"posting": Posting.POSTED.value})


def follow(posted: Sequence[Operation], *, by: User | None) -> list[Operation]:
    """Create the operation that was chosen to follow each posted one; once, however often it is posted.

    Called in the transaction of the posting.
    """
    wishes = {f"after:{row.pk}": row for row in posted if row.next_task_id}
    if not wishes:
        return []
    known = set(Operation.objects.filter(sole_key__in=list(wishes)).values_list("sole_key", flat=True))
    day = today()
    followers = [_follower(row, key, day) for key, row in wishes.items() if key not in known]
    Operation.objects.bulk_create(followers)
    record([fact_of(new, "operations.followed", after={"after": new.record}) for new in followers], by=by)
    return followers


def _follower(row: Operation, key: str, day: dt.date) -> Operation:
    values = prefilled({"task": row.next_task, "customer": row.customer, "manager": row.manager})
    values |= columns_of(Period.of(day))
    return Operation(**values, operation_on=day, sole_key=key, record=str(row.ref))
