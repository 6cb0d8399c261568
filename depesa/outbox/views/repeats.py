"""Send a letter once more, with a reason, on a page that says what follows."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from depesa.core.errors import DomainError
from depesa.outbox.forms import ReasonForm
from depesa.outbox.models import Message
from depesa.outbox.services.repeats import check_repeatable, repeat
from depesa.staff.policy import DeskRequest, asks
from depesa.staff.rules import Right
from depesa.ui.forms import refusals_shown


@asks(Right.SEND)
def send_once_more(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask why, then queue the same letter once more."""
    found = get_object_or_404(Message.objects.visible_to(request.user).select_related("customer"), pk=pk)
    form = ReasonForm(request.POST or None, initial={"seen": found.resends.count()})
    if form.is_valid():
        values = form.cleaned_data
        with refusals_shown(form):
            again = repeat(found, reason=values["reason"], seen=values["seen"], by=request.user)
            messages.success(request, _("The letter waits to be sent once more."))
            return redirect(again)
    return render(request, "outbox/repetition.html", _asked(found, form))


def _asked(message: Message, form: ReasonForm) -> dict[str, object]:
    return {
        "letter": message,
        "recipients": [row.recipient for row in message.deliveries.order_by("pk")],
        "form": form,
        "question": _("Send the letter once more?"),
        "explanation": _("The same words and files go to the same recipients. What they say may have changed since."),
        "consequence": _("Your reason is kept in the history."),
        "button": _("Send once more"),
        "button_icon": "send",
        "back_url": message.get_absolute_url(),
        "cannot": _why_not(message),
    }


def _why_not(message: Message) -> str:
    try:
        check_repeatable(message)
    except DomainError as problem:
        return str(problem)
    return ""
