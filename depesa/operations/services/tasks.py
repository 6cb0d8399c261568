"""Enter and change tasks and projects: what operations do, and what they begin with."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from depesa.core.edits import Snapshot, edited, put
from depesa.history.services import teller
from depesa.operations.models import Project, Task
from depesa.staff.models import User

TASK_FIELDS: Final = ("name", "code", "project", "manager", "customer", "text")
PROJECT_FIELDS: Final = tuple(name for name in TASK_FIELDS if name != "project")


def save_project(
    project: Project, values: Mapping[str, Any], *, by: User | None, version: int | None = None
) -> Project:
    """Keep a new project, or one as it was seen."""
    told, tell = partial(_defaults_told, names=PROJECT_FIELDS), teller("operations.project-saved", by=by)
    with edited(project, version, by=by, told=told, tell=tell) as row:
        put(row, values, PROJECT_FIELDS)
    return row


def save_task(task: Task, values: Mapping[str, Any], *, by: User | None, version: int | None = None) -> Task:
    """Keep a new task, or one as it was seen, with what may follow it."""

    def save(row: Task) -> None:
        row.save()
        row.successors.set(values["successors"])

    tell = teller("operations.task-saved", by=by)
    with edited(task, version, by=by, told=_task_told, tell=tell, save=save) as row:
        put(row, values, TASK_FIELDS)
        if row.pk:
            row.successors.set(values["successors"])
    return row


def _task_told(task: Task) -> Snapshot:
    followers = ", ".join(sorted(map(str, task.successors.all()))) if task.pk else ""
    return {**_defaults_told(task, names=TASK_FIELDS), "successors": followers}


def _defaults_told(row: Task | Project, *, names: tuple[str, ...]) -> Snapshot:
    return {name: str(getattr(row, name) or "") for name in names}
