"""Tasks and projects: what operations do, and what they begin with."""

from collections.abc import Callable

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from depesa.operations.forms import ProjectForm, TaskForm
from depesa.operations.models import Project, Task
from depesa.operations.services import save_project, save_task
from depesa.staff.policy import DeskRequest, asks, shows
from depesa.staff.rules import Right
from depesa.ui.forms import Back, answer_form, saved


@shows(Right.SET_UP)
def tasks(request: DeskRequest) -> HttpResponse:
    shown = {
        "tasks": Task.objects.select_related("project", "manager").prefetch_related("successors").order_by("name"),
        "projects": Project.objects.select_related("manager").order_by("name", "code"),
    }
    return render(request, "operations/tasks.html", shown)


@asks(Right.SET_UP)
def task(request: DeskRequest, pk: int | None = None) -> HttpResponseBase:
    """Enter or change a task."""
    found = get_object_or_404(Task, pk=pk) if pk else Task()
    form = TaskForm(request.POST or None, instance=found)
    return _answer(request, form, save_task, str(found) if pk else _("Task"))


@asks(Right.SET_UP)
def project(request: DeskRequest, pk: int | None = None) -> HttpResponseBase:
    """Enter or change a project."""
    found = get_object_or_404(Project, pk=pk) if pk else Project()
    form = ProjectForm(request.POST or None, instance=found)
    return _answer(request, form, save_project, str(found) if pk else _("Project"))


def _answer(
    request: DeskRequest, form: TaskForm | ProjectForm, save: Callable[..., Task | Project], title: str
) -> HttpResponseBase:
    if saved(request, form, lambda: save(form.instance, form.cleaned_data, by=request.user, version=form.seen)):
        return redirect("operations:tasks")
    return answer_form(request, form, title, Back(_("Tasks and projects"), "operations:tasks"), "operations/task.html")
