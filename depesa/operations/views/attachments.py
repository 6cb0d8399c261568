"""Files and links on an operation."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.csp import csp_override

from depesa.mail.frames import SANDBOX, show_file
from depesa.operations.forms import AttachmentForm
from depesa.operations.models import Attachment, Operation
from depesa.operations.services import attach_file, attach_link, detach
from depesa.staff.models import User
from depesa.staff.policy import DeskRequest, acts, shows
from depesa.staff.rules import Right
from depesa.ui.forms import refusals_told


@acts(Right.WRITE)
def attach(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Put a file or a link on the operation."""
    operation = get_object_or_404(Operation.objects.visible_to(request.user), pk=pk)
    form = AttachmentForm(request.POST, request.FILES)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
    else:
        with refusals_told(request):
            _attach(operation, form, request.user)
    return redirect(operation)


def _attach(operation: Operation, form: AttachmentForm, by: User) -> None:
    given = form.cleaned_data
    if file := given["file"]:
        attach_file(operation, file_name=file.name, content=file.read(), name=given["name"], by=by)
    else:
        attach_link(operation, name=given["name"], link=given["link"], by=by)


@acts(Right.WRITE)
def take_off(request: DeskRequest, pk: int, attachment: int) -> HttpResponseBase:
    """Take a file or link off the operation."""
    found = get_object_or_404(Attachment.objects.select_related("operation"), pk=attachment, operation=pk)
    detach(found, by=request.user)
    return redirect(found.operation)


@shows(Right.SEE)
@csp_override(SANDBOX)
def attachment(request: DeskRequest, pk: int, attachment: int) -> HttpResponse:
    """The file inside the page, or to be saved."""
    found = get_object_or_404(Attachment.objects.select_related("blob"), pk=attachment, operation=pk)
    if found.blob is None:
        raise Http404
    return show_file(request, bytes(found.blob.content), name=found.name, media_type=found.media_type)
