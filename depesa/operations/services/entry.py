"""Enter, edit, remove and put back operations."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from depesa.core.edits import RAISED, check_seen, edited, put, raise_version
from depesa.core.errors import Refused
from depesa.core.links import link_of
from depesa.core.periods import Period
from depesa.core.reasons import gettext as _
from depesa.documents.rules import Posting
from depesa.history.services import fact_of, record, tell, teller
from depesa.operations.contributions import Work, work_of
from depesa.operations.models import Defaults, Operation, Project, Task
from depesa.operations.rules import chosen
from depesa.staff.models import User

FIELDS = (
    "operation_on", "period", "planned_start_on", "planned_end_on", "task", "project", "customer", "manager", "text",
    "addresses", "subject", "letter_text", "next_task", "record", "record_url",
)  # fmt: skip
RECORDS = frozenset({"task", "project", "customer", "manager", "next_task"})


def prefilled(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an operation with what its task and project bring; nothing is saved."""
    task: Task | None = values.get("task")
    project: Project | None = values.get("project") or (task.project if task else None)
    return chosen(values, _brought(task) | {"project": project}, _brought(project))


def _brought(source: Defaults | None) -> dict[str, Any]:
    return {name: getattr(source, name) for name in ("manager", "customer", "text")} if source else {}


def enter(*, by: User | None, **values: Any) -> Operation:
    """A new operation, not posted, with the defaults of its task and project filled in."""
    operation = Operation(**prefilled(values))
    operation.settle_period()
    _check_operation(operation)
    operation.sole_key = _sole_key(operation)
    with transaction.atomic():
        _save_operation(operation)
        tell(operation, "operations.entered", after=_operation_told(operation, FIELDS), by=by)
    return operation


def edit(operation: Operation, changes: Mapping[str, Any], *, by: User | None, version: int) -> Operation:
    """Change fields; a posted operation becomes corrected. Overtaken if `version` is not the one that is stored."""
    if unknown := changes.keys() - set(FIELDS):
        raise TypeError(f"an operation has no editable field {sorted(unknown)}")
    told, tell = partial(_operation_told, names=changes), teller("operations.edited", by=by)
    with edited(operation, version, by=by, told=told, tell=tell, save=_save_corrected) as row:
        put(row, changes, FIELDS)
    return row


def _save_corrected(row: Operation) -> None:
    row.settle_period()
    _check_operation(row)
    key = _sole_key(row)
    if row.sole_key and row.posted_at and key != row.sole_key:
        raise Refused(_("This operation was posted for its period. Enter another one for another period or task."))
    row.sole_key = key or (row.sole_key if str(row.sole_key).startswith("after:") else None)
    if row.posting == Posting.POSTED:
        row.posting = Posting.CORRECTED
    _save_operation(row)


def _save_operation(operation: Operation) -> None:
    try:
        with transaction.atomic():
            operation.save()
    except IntegrityError:
        other = Operation.objects.filter(sole_key=operation.sole_key).exclude(pk=operation.pk).first()
        if operation.sole_key is None or other is None:
            raise
        raise Refused(_only_one(other)) from None


def _only_one(other: Operation) -> str:
    period = other.period
    if other.removed_at:
        return _("The operation for %(period)s was removed. Put it back instead of entering another one.") % {
            "period": period
        }
    return _("There is an operation of this task for %(period)s already. Open that one.") % {"period": period}


def _check_operation(operation: Operation) -> None:
    start, end = operation.planned_start_on, operation.planned_end_on
    if start and end and end < start:
        raise Refused(_("The planned end is before the planned start. Choose a later end."))
    if operation.operation_on not in operation.period:
        raise Refused(_("The operation date lies outside of the period. Choose a day inside it."))
    if not operation.task and not operation.text.strip():
        raise Refused(_("Choose a task or write a text."))
    if operation.record_url and not link_of(operation.record_url):
        raise Refused(_("Write the address of a page: /documents/7/ or https://…"))
    follower = operation.next_task
    if follower is None:
        return
    task = operation.task
    if task is None or not task.successors.filter(pk=follower.pk).exists():
        raise Refused(
            _("“%(follower)s” may not follow this task. Choose one of its other tasks.") % {"follower": follower}
        )


def _work(operation: Operation) -> Work | None:
    return work_of(operation.task.runs) if operation.task and operation.task.runs else None


def _sole_key(operation: Operation) -> str | None:
    work = _work(operation)
    if not (work and work.is_periodic and operation.task):
        return None
    return f"{operation.task.runs}:{operation.period.key}"


def _operation_told(operation: Operation, names: Mapping[str, Any] | Sequence[str]) -> dict[str, Any]:
    """The fields as they stand in the history: plain values, other records by id."""
    fields = {name: getattr(operation, f"{name}_id" if name in RECORDS else name) for name in names}
    return {
        name: str(value) if isinstance(value, dt.date | Period) else value
        for name, value in fields.items()
        if value not in (None, "")
    }


def remove(ids: Sequence[int], *, by: User | None, reason: str = "", version: int | None = None) -> int:
    """Take operations that are not posted off the list; they are kept and can be put back. How many were removed.

    One of them alone as somebody saw it in this version; Overtaken when it has changed since.
    """
    with transaction.atomic():
        rows = _to_move(ids, is_removed=False)
        for row in rows:
            check_seen(row, version)
        if posted := sum(row.posting != Posting.NOT_POSTED for row in rows):
            raise Refused(
                _("%(count)s of them are posted already. Only operations that are not posted can be removed.")
                % {"count": posted}
            )
        moved = _move(rows, "operations.removed", by, reason, removed_at=timezone.now(), removed_by=by)
        for work, group in _by_work(rows):
            if work.leave_out:
                work.leave_out(group, by, reason)
    return moved


def put_back(ids: Sequence[int], *, by: User | None) -> int:
    """Bring removed operations back as they were. How many came back."""
    with transaction.atomic():
        rows = _to_move(ids, is_removed=True)
        moved = _move(rows, "operations.put-back", by, "", removed_at=None, removed_by=None)
        for work, group in _by_work(rows):
            if work.take_back:
                work.take_back(group, by, "")
    return moved


def _to_move(ids: Sequence[int], *, is_removed: bool) -> list[Operation]:
    rows = Operation.objects.select_for_update(of=("self",), no_key=True).select_related("task")
    return list(rows.filter(pk__in=ids, removed_at__isnull=not is_removed).order_by("pk"))


def _move(rows: Sequence[Operation], event: str, by: User | None, note: str, **changes: Any) -> int:
    for row in rows:
        raise_version(row, by)
        for name, value in changes.items():
            setattr(row, name, value)
    Operation.objects.bulk_update(rows, [*RAISED, *changes], batch_size=500)
    record([fact_of(row, event, note=note) for row in rows], by=by)
    return len(rows)


def _by_work(rows: Sequence[Operation]) -> list[tuple[Work, list[int]]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.task and row.task.runs:
            groups[row.task.runs].append(row.pk)
    return [(work, ids) for runs, ids in groups.items() if (work := work_of(runs))]
