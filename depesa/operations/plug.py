"""What operations bring to the apps below: operations as records, and all of them together."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.plugs import Plug
from depesa.core.records import Kind
from depesa.history.contributions import Vocabulary
from depesa.operations.models import Operation, Project, Task

PLUG: Final[Plug] = (
    Kind(Operation.record_kind, _("operation"), "operations:operation"),
    Kind("operations", _("operations"), "operations:operations", is_listed=True),
    Kind(Task.record_kind, _("task")),
    Kind(Project.record_kind, _("project")),
    Vocabulary(
        app="operations",
        events={
            "operations.entered": (_("entered the operation"), "plus"),
            "operations.edited": (_("changed the operation"), "pencil"),
            "operations.attached": (_("attached a file or link"), "clip"),
            "operations.detached": (_("took a file or link off"), "clip"),
            "operations.asked": (_("asked for the posting of many"), "clock"),
            "operations.withdrawn": (_("took back the wish to post many"), "undo"),
            "operations.posted": (_("posted the operation"), "stamp"),
            "operations.followed": (_("made the following operation"), "right"),
            "operations.removed": (_("removed the operation"), "bin"),
            "operations.put-back": (_("put the operation back"), "undo"),
            "operations.project-saved": (_("saved a project"), "pencil"),
            "operations.task-saved": (_("saved a task"), "pencil"),
        },
        labels={
            "count": _("how many"),
        },
    ),
)
