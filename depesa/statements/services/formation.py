"""Form the statements of a period: posting the forming operation."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from depesa.company.queries import today
from depesa.core.batches import Failed, alone, each_alone
from depesa.core.deadlocks import undeterred
from depesa.core.edges import kill_point
from depesa.core.edits import raised
from depesa.core.errors import DomainError, Refused
from depesa.core.models import columns_of
from depesa.core.periods import Period
from depesa.core.reasons import gettext as _
from depesa.documents.models import Document
from depesa.documents.rules import Posting
from depesa.documents.services.books import hold_still
from depesa.history.services import Fact, record
from depesa.operations import services as operations
from depesa.operations.contributions import ANY
from depesa.operations.models import Operation
from depesa.operations.rules import PostingReport
from depesa.staff.models import User
from depesa.statements.models import RefusedCustomer, RunState, Settings, Statement, StatementRun
from depesa.statements.queries import LeftOut, coverage, figures, going, left_out
from depesa.statements.services.builder import Moved, RunContext, build, context_of
from depesa.statements.services.setup import FORMING, task

log = logging.getLogger("depesa.statements")

SMALL_PERIOD = 2000  # customers: up to here everything is one transaction
CHUNK = 1000  # customers in one transaction of a bigger period
TRIES = 3  # the last while nobody posts


@dataclass(frozen=True, slots=True)
class FormingReport:
    """What one posting of the forming operation did, and what the period's statements hold now."""

    run: StatementRun
    formed: int
    already: int
    left_out: Sequence[LeftOut]
    without_address: int
    documents: int
    totals: dict[str, Decimal] = field(default_factory=dict)
    next_month: str = ""


def form(period: Period, *, by: User | None) -> FormingReport:
    """Post the forming operation of the period; the very first one is entered here if nobody has."""
    return form_operation(_operation_of(period, by), by=by)


def begin(period: Period, *, by: User | None) -> PostingReport:
    """Form a small period at once, open a big one for the worker."""
    return post_forming([_operation_of(period, by).pk], by)


def _operation_of(period: Period, by: User | None) -> Operation:
    operation = Operation.objects.filter(sole_key=f"{FORMING}:{period.key}").first()
    if operation is None:
        _check_begun(period)
        try:
            operation = operations.enter(task=task(FORMING), operation_on=period.last, period=period, by=by)
        except DomainError:
            # Another process entered it at the same moment; then it is there now, else the refusal stands.
            operation = Operation.objects.filter(sole_key=f"{FORMING}:{period.key}").first()
            if operation is None:
                raise
    return operation


def post_forming(ids: Sequence[int], by: User | None, wanted: Q = ANY) -> PostingReport:
    """Post forming operations, the oldest period first; a big period is opened here and formed by the worker."""
    report = PostingReport()
    for operation in Operation.objects.filter(wanted, pk__in=ids).order_by("period_end_on", "-period_first_on"):
        report += alone(partial(_post, by=by), operation, _refused, name=lambda row: f"forming {row.period}")
    return report


def _post(operation: Operation, *, by: User | None) -> PostingReport:
    _steadily(partial(_form_small, operation, by))
    return PostingReport(1)


def _refused(failed: Failed[Operation]) -> PostingReport:
    _keep_reason(failed.row, failed.sentence)
    return PostingReport(0, ((failed.row.pk, failed.sentence),))


def _keep_reason(operation: Operation, why: str) -> None:
    rows = Operation.objects.filter(pk=operation.pk).exclude(posting=Posting.POSTED).exclude(refusal=why)
    rows.update(refusal=why, **raised(None))


def form_operation(operation: Operation, *, by: User | None) -> FormingReport:
    """One sending operation and statement for each customer of the period that has none yet; nothing is sent.

    Several processes may do it at the same time: they share the chunks, and the last one closes the run.
    """
    formed = _steadily(partial(_form_small, operation, by))
    if formed is None:
        formed = 0
        while counts := _steadily(partial(_form_next, operation, by)):
            formed += sum(counts)
            kill_point("between-chunks")
    return report_of(StatementRun.objects.get(operation=operation), formed=formed)


def _steadily[T](step: Callable[[], T]) -> T:
    """Do the step in one transaction; once more when somebody posted documents in the middle of it."""
    for attempt in range(1, TRIES + 1):
        try:
            return undeterred(_in_one)(step, is_alone=attempt == TRIES)
        except Moved:
            continue
    raise Moved


def _in_one[T](step: Callable[[], T], *, is_alone: bool) -> T:
    with transaction.atomic():
        if is_alone:
            hold_still()
        return step()


def _form_small(operation: Operation, by: User | None) -> int | None:
    """The whole of a small period, or None for a big one, whose run is open then."""
    run = _opened(operation, by)
    if len(_candidates(run)[: SMALL_PERIOD + 1]) > SMALL_PERIOD:
        return None
    formed = 0
    while counts := _form_chunk(run, by):
        formed += sum(counts)
    _close(run, by)
    return formed


def _form_next(operation: Operation, by: User | None) -> list[int]:
    """The next chunk of a big period; when there is none, or another process has closed the run, an empty one."""
    run = StatementRun.objects.select_for_update(no_key=True).get(operation=operation)
    if run.state != RunState.FORMING:
        return []
    counts = _form_chunk(run, by)
    if not counts:
        _close(run, by)
    return counts


def _check_begun(period: Period) -> None:
    if period.first > today():
        raise Refused(_("%(period)s has not begun yet. Check the year and the month.") % {"period": period})


def _opened(operation: Operation, by: User | None) -> StatementRun:
    """The run of the operation's period, being formed; one that another process is forming is joined."""
    # Everybody locks the run first and its operation second.
    period = Operation.objects.get(pk=operation.pk).period
    _check_begun(period)
    run, _is_new = StatementRun.objects.select_for_update(no_key=True).get_or_create(
        **columns_of(period),
        defaults={"operation": operation, "state": RunState.FORMING, "forming_by": by, "started_at": timezone.now()},
    )
    row = Operation.objects.select_for_update(no_key=True).get(pk=operation.pk)
    if row.removed_at:
        raise Refused(_("The forming operation of %(period)s was removed. Put it back first.") % {"period": period})
    if run.operation_id != row.pk or row.period != run.period:
        raise Refused(
            _("%(period)s is formed by another operation. Open its page and form it there.") % {"period": run}
        )
    if run.state != RunState.FORMING:
        run.state, run.forming_by, run.started_at = RunState.FORMING, by, timezone.now()
        run.last_customer = run.formed_count = 0
        run.refused.all().delete()
    if run.last_customer == 0:
        run.already_count = going(run).count()
    run.save()
    return run


def _candidates(run: StatementRun, after: int = 0) -> QuerySet[Document, int]:
    """Customers with a posted document in the period and no statement, whatever the state of that one."""
    seen = [model.objects.filter(run=run, customer=OuterRef("customer")) for model in (Statement, RefusedCustomer)]
    documents = Document.objects.of_period(run.period).posted().filter(*(~Exists(rows) for rows in seen))
    documents = documents.filter(customer__gt=after) if after else documents
    return documents.order_by("customer_id").values_list("customer_id", flat=True).distinct()


def _form_chunk(run: StatementRun, by: User | None) -> list[int]:
    """Form the statements of the next customers, each of whom is refused alone: 1 for who has one now, else 0."""
    # A customer behind the last one may have got a first document meanwhile: look once more from the start.
    customers = list(_candidates(run, run.last_customer)[:CHUNK]) or list(_candidates(run)[:CHUNK])
    if not customers:
        return []
    counts = each_alone(
        partial(_built, context_of(run, run.operation, by)),
        customers,
        partial(_left_without, run),
        name=lambda pk: f"the statement of customer {pk} for {run}",
        unless=(Moved,),
    )
    run.last_customer = customers[-1]
    run.formed_count += sum(counts)
    run.save(update_fields=["last_customer", "formed_count"])
    return counts


def _built(context: RunContext, customers: Sequence[int]) -> list[int]:
    with transaction.atomic():
        count = build(context, customers)
    return [1] * count + [0] * (len(customers) - count)


def _left_without(run: StatementRun, failed: Failed[int]) -> int:
    RefusedCustomer.objects.create(run=run, customer_id=failed.row, problem=failed.sentence)
    return 0


def _close(run: StatementRun, by: User | None) -> None:
    """The operation is posted, the next period has its forming operation, the coverage is kept."""
    hold_still()
    now = timezone.now()
    operation = Operation.objects.select_for_update(no_key=True).get(pk=run.operation_id)
    is_first = operation.posted_at is None
    Operation.objects.filter(pk=operation.pk).update(
        posting=Posting.POSTED, posted_at=now, posted_by=by, refusal="", **raised(by, now)
    )
    following = _following(operation)
    run.state, run.formed_at, run.last_customer = RunState.FORMED, now, 0
    run.coverage = coverage(run).as_json()
    run.save()
    after = {"formed": run.formed_count, "already": run.already_count, "coverage": run.coverage}
    facts = [Fact(event="statements.run-formed", subject=operation.ref, after=after)]
    if following:
        facts.append(
            Fact(
                event="operations.entered",
                subject=following.ref,
                after={"after": str(operation.ref)},
            )
        )
    record(facts, by=by)
    if is_first:
        operations.follow([operation], by=by)


def _following(operation: Operation) -> Operation | None:
    """The forming operation of the next period of the same kind, unless there is one, removed or not."""
    now = operation.period
    if not now.repeats:
        return None
    start, end = operation.planned_start_on, operation.planned_end_on
    following, is_new = Operation.objects.get_or_create(
        sole_key=f"{FORMING}:{now.next.key}",
        defaults={
            "operation_on": now.later(operation.operation_on),
            **columns_of(now.next),
            "planned_start_on": start and now.later(start),
            "planned_end_on": end and now.later(end),
            "task_id": operation.task_id,
            "project_id": operation.project_id,
            "manager_id": operation.manager_id,
            "text": operation.text,
        },
    )
    return following if is_new else None


def report_of(run: StatementRun, *, formed: int) -> FormingReport:
    """What the period holds now, with what this posting added."""
    run.refresh_from_db()
    now = figures(run)
    return FormingReport(
        run=run,
        formed=formed,
        already=now.statements - formed,
        left_out=left_out(run),
        without_address=now.without_address,
        documents=now.documents,
        totals=now.totals,
        next_month=str(run.period.next) if run.period.repeats else "",
    )


def form_due() -> int:
    """Go on with runs that are being formed, also with those of a process that died; how many customers were done.

    A run that cannot go on stops alone, with the reason at its operation; posting that again takes it up.
    """
    due = StatementRun.objects.filter(state=RunState.FORMING).select_related("operation", "forming_by").order_by("pk")
    return sum(alone(_go_on, run, _stop, name=lambda run: f"forming {run}") for run in due)


def _go_on(run: StatementRun) -> int:
    with suppress(Moved):  # documents are being changed all the time: it waits for the next turn
        return len(_steadily(partial(_form_next, run.operation, run.forming_by)))
    log.warning("%s waits: its documents are being changed", run)
    return 0


def _stop(failed: Failed[StatementRun]) -> int:
    StatementRun.objects.filter(pk=failed.row.pk, state=RunState.FORMING).update(state=RunState.STOPPED)
    _keep_reason(failed.row.operation, failed.sentence)
    return 0


def form_planned() -> int:
    """Form the past periods whose planned start has come, if the trader chose so; how many were formed or opened."""
    choices = Settings.objects.filter(pk=1, forms_by_itself=True)
    day = today()
    due = Operation.objects.present().filter(
        task__runs=FORMING, posting=Posting.NOT_POSTED, planned_start_on__lte=day, period_end_on__lte=day
    )
    return post_forming(list(due.values_list("pk", flat=True)), None).posted if choices.exists() else 0
