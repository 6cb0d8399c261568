"""Send the letter of an operation once more: an act of its own, with a reason."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from depesa.core.errors import DomainError
from depesa.core.inputs import read_lines
from depesa.operations.models import Operation
from depesa.operations.queries import can_be_sent_again
from depesa.operations.services import send_again
from depesa.staff.policy import DeskRequest, asks
from depesa.staff.rules import Right


@asks(Right.SEND)
def repeat(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Say what one more letter means, ask why, then put it into the outbox."""
    row = get_object_or_404(Operation.objects.visible_to(request.user).select_related("task", "customer"), pk=pk)
    reason, problem = read_lines(request.POST.get("reason"), most=300), ""
    if request.method == "POST":
        try:
            send_again(row, reason=reason, by=request.user)
        except DomainError as refused:
            problem = str(refused)
        else:
            messages.success(request, _("One more letter is in the outbox."))
            return redirect(row)
    shown = {
        "operation": row,
        "reason": reason,
        "problem": problem,
        "cannot": "" if can_be_sent_again(row) else _("No letter of it has left. Post the operation instead."),
        "back_url": row.get_absolute_url(),
    }
    return render(request, "operations/resend.html", shown, status=422 if problem else 200)
