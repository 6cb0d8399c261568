"""The project and the two tasks of the monthly run."""

from django.utils.translation import gettext_noop

from depesa.operations.models import Project, Task

FORMING = "form-statements"
SENDING = "send-statement"
PROJECT = "monthly-statements"
NAMES = {
    FORMING: gettext_noop("Form the list of customers to be sent a list of invoices"),
    SENDING: gettext_noop("Sending the list of invoices"),
    PROJECT: gettext_noop("Monthly lists of invoices"),
}


def set_up() -> None:
    """Create the project and the two tasks where they are missing; what the trader changed stays."""
    project, _created = Project.objects.get_or_create(code=PROJECT, defaults={"name": NAMES[PROJECT]})
    for code in (FORMING, SENDING):
        Task.objects.get_or_create(code=code, defaults={"name": NAMES[code], "project": project, "runs": code})


def task(code: str) -> Task:
    """One of the two tasks of the run."""
    found = Task.objects.select_related("project", "manager").filter(code=code).first()
    if found is None:
        set_up()
        found = Task.objects.select_related("project", "manager").get(code=code)
    return found
