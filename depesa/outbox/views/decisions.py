"""What a person decides about a letter that stands still: with a reason, on a page that says what follows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from depesa.core.errors import Refused
from depesa.core.inputs import read_key
from depesa.outbox import services
from depesa.outbox.forms import ReasonForm
from depesa.outbox.models import Delivery, Installation, State
from depesa.outbox.services.quarantine import end_quarantine, places_awaited
from depesa.staff.models import User
from depesa.staff.policy import DeskRequest, acts, asks, grave, shows
from depesa.staff.rules import Right
from depesa.ui.forms import refusals_shown
from depesa.ui.parts import Action, Text


class Verb(Protocol):
    """A decision as the outbox takes it."""

    def __call__(self, delivery: Delivery, *, reason: str, by: User) -> None:
        """Settle the delivery, or say in a DomainError why not."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One way out: from which states, with which right, and what follows in plain words."""

    name: str
    verb: Verb
    right: Right
    states: frozenset[str]
    label: Text
    question: Text
    consequence: Text
    done: Text
    icon: str

    def fits(self, delivery: Delivery) -> bool:
        """Whether it can be decided so now: nothing is offered that would be refused."""
        return delivery.state in self.states and (not self.leads_out or services.is_wanted(delivery.message))

    @property
    def leads_out(self) -> bool:
        """Whether the letter would leave once more."""
        return self.verb in (services.send_again, services.try_again)


SEND_AGAIN: Final = Decision(
    "resend",
    services.send_again,
    Right.DECIDE,
    frozenset({State.UNKNOWN}),
    _("Send again"),
    _("Send the letter again?"),
    _("The customer may get it twice: nobody knows whether the first one arrived."),
    _("The letter waits to be sent again."),
    "send",
)
LEAVE: Final = Decision(
    "acceptance",
    services.leave,
    Right.DECIDE,
    frozenset({State.UNKNOWN}),
    _("Leave"),
    _("Leave the letter as it is?"),
    _("The customer may not have it: nobody knows whether it arrived, and it is not sent again."),
    _("The letter is left as it is."),
    "check",
)
TRY_AGAIN: Final = Decision(
    "retry",
    services.try_again,
    Right.SEND,
    frozenset({State.REJECTED, State.EXPIRED, State.HELD}),
    _("Try again"),
    _("Try to hand the letter over again?"),
    _("The same letter goes to the same address. It was surely not taken before, so nobody gets it twice."),
    _("The letter waits to be sent again."),
    "refresh",
)
CANCEL: Final = Decision(
    "cancellation",
    services.cancel,
    Right.SEND,
    frozenset({State.QUEUED, State.HELD}),
    _("Cancel"),
    _("Cancel the letter?"),
    _("It does not leave. If it is being handed over this very moment, it is too late."),
    _("The letter is cancelled."),
    "cross",
)
ALL: Final = (SEND_AGAIN, LEAVE, TRY_AGAIN, CANCEL)


def decisions_of(delivery: Delivery, user: User) -> list[tuple[Action, Text]]:
    """What this user may decide about the delivery now, each with its consequence."""
    return [
        (Action(each.label, reverse(f"outbox:{each.name}", args=[delivery.pk]), each.icon), each.consequence)
        for each in ALL
        if user.may(each.right) and each.fits(delivery)
    ]


def _page_of(decision: Decision) -> Callable[..., HttpResponse]:
    @asks(decision.right)
    def view(request: DeskRequest, pk: int) -> HttpResponse:
        delivery = get_object_or_404(Delivery.objects.select_related("message__customer"), pk=pk)
        form = ReasonForm(request.POST or None, initial={"seen": delivery.permit_seq})
        if form.is_valid() and _decide(request, decision, delivery, form, request.user):
            return redirect(delivery.message)
        return render(request, "outbox/decision.html", _asked(decision, delivery, form))

    return view


def _decide(request: DeskRequest, decision: Decision, delivery: Delivery, form: ReasonForm, by: User) -> bool:
    # What was seen when the page was opened counts: a letter that was handed over meanwhile is another question.
    delivery.permit_seq = form.cleaned_data["seen"] or delivery.permit_seq
    with refusals_shown(form):
        decision.verb(delivery, reason=form.cleaned_data["reason"], by=by)
        messages.success(request, str(decision.done))
        return True
    return False


def _asked(decision: Decision, delivery: Delivery, form: ReasonForm) -> dict[str, object]:
    return {
        "delivery": delivery,
        "form": form,
        "question": decision.question,
        "explanation": decision.consequence,
        "consequence": _("Your reason is kept as evidence."),
        "button": decision.label,
        "button_icon": decision.icon,
        "back_url": delivery.message.get_absolute_url(),
    }


send_again = _page_of(SEND_AGAIN)
leave = _page_of(LEAVE)
try_again = _page_of(TRY_AGAIN)
cancel = _page_of(CANCEL)


@shows(Right.SEE)
def quarantine(request: DeskRequest) -> HttpResponse:
    """Why nothing leaves, and the list that a person must read first."""
    installation = Installation.objects.get(pk=1)
    uncertain = Delivery.objects.filter(state=State.UNKNOWN).select_related("message")
    shown = {
        "installation": installation,
        "uncertain": uncertain.order_by("-pk")[:200],
        "awaited": places_awaited(),
        "may_decide": request.user.may(Right.DECIDE),
    }
    return render(request, "outbox/quarantine.html", shown)


@grave()
@acts(Right.DECIDE)
def lift_quarantine(request: DeskRequest) -> HttpResponse:
    """A person has read the list: letters may leave again."""
    lost = [key for typed in request.POST.getlist("lost") if (key := read_key(typed))]
    try:
        end_quarantine(by=request.user, lost=lost)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("outbox:quarantine")
    messages.success(request, str(_("The quarantine has ended. Letters leave again.")))
    return redirect("outbox:messages")
