"""Enter and change tasks and projects: what operations do, and what they begin with."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from depesa.core.edits import Snapshot, edited
from depesa.history.services import Fact, record
from depesa.operations.models import Project, Task
from depesa.staff.models import User

PROJECT_FIELDS: Final = ("name", "code", "manager", "customer", "text")
TASK_FIELDS: Final = (*PROJECT_FIELDS, "project")


def save_project(
    project: Project, values: Mapping[str, Any], *, by: User | None, version: int | None = None
) -> Project:
    """Keep a new project, or one as it was seen."""
    told = partial(_told, names=PROJECT_FIELDS)
    with edited(project, version, by=by, told=told, tell=partial(_tell, by=by)) as row:
        _put(row, values, PROJECT_FIELDS)
    return row


def save_task(task: Task, values: Mapping[str, Any], *, by: User | None, version: int | None = None) -> Task:
    """Keep a new task, or one as it was seen, with what may follow it."""

    def save(row: Task) -> None:
        row.save()
        row.successors.set(values["successors"])

    with edited(task, version, by=by, told=_task_told, tell=partial(_tell, by=by), save=save) as row:
        _put(row, values, TASK_FIELDS)
        if row.pk:
            row.successors.set(values["successors"])
    return row


def _put(row: Task | Project, values: Mapping[str, Any], names: tuple[str, ...]) -> None:
    for name in names:
        setattr(row, name, values[name])


def _task_told(task: Task) -> Snapshot:
    followers = ", ".join(sorted(map(str, task.successors.all()))) if task.pk else ""
    return {**_told(task, names=TASK_FIELDS), "successors": followers}


def _told(row: Task | Project, *, names: tuple[str, ...]) -> Snapshot:
    return {name: str(getattr(row, name) or "") for name in names}


def _tell(row: Task | Project, before: Snapshot | None, after: Snapshot, *, by: User | None) -> None:
    event = "operations.task-saved" if isinstance(row, Task) else "operations.project-saved"
    record([Fact(event=event, subject=row.ref, before=before, after=after)], by=by)
