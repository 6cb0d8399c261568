"""What operations bring to the apps below: operations as records, and all of them together."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.plugs import Plug
from depesa.core.records import Kind
from depesa.operations.models import Operation, Project, Task

PLUG: Final[Plug] = (
    Kind(Operation.record_kind, _("operation"), "operations:operation"),
    Kind("operations", _("operations"), "operations:operations", is_listed=True),
    Kind(Task.record_kind, _("task")),
    Kind(Project.record_kind, _("project")),
)
