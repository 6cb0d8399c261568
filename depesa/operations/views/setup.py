"""Tasks and projects: what operations do, and what they begin with."""

from django.contrib import messages
from django.forms import ModelForm
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from depesa.operations.forms import ProjectForm, TaskForm
from depesa.operations.models import Project, Task
from depesa.staff.policy import DeskRequest, allow
from depesa.staff.rules import Right
from depesa.ui.forms import Back, answer_form


@require_safe
@allow(Right.SET_UP)
def tasks(request: DeskRequest) -> HttpResponse:
    """All tasks and all projects."""
    shown = {
        "tasks": Task.objects.select_related("project", "manager").prefetch_related("successors").order_by("name"),
        "projects": Project.objects.select_related("manager").order_by("name", "code"),
    }
    return render(request, "operations/tasks.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Right.SET_UP)
def task(request: DeskRequest, pk: int | None = None) -> HttpResponseBase:
    """Enter or change a task."""
    found = get_object_or_404(Task, pk=pk) if pk else None
    return _answer(request, TaskForm(request.POST or None, instance=found), _("Task"))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Right.SET_UP)
def project(request: DeskRequest, pk: int | None = None) -> HttpResponseBase:
    """Enter or change a project."""
    found = get_object_or_404(Project, pk=pk) if pk else None
    return _answer(request, ProjectForm(request.POST or None, instance=found), _("Project"))


def _answer(request: DeskRequest, form: "ModelForm[Task] | ModelForm[Project]", title: str) -> HttpResponseBase:
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("operations:tasks")
    back, title = Back(_("Tasks and projects"), "operations:tasks"), str(form.instance) if form.instance.pk else title
    return answer_form(request, form, title, back, "operations/task.html")
