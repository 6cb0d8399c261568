"""One decision about many marked letters: the same reason stands with each of them."""

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from depesa.core.errors import DomainError
from depesa.outbox.forms import ReasonForm
from depesa.outbox.models import Delivery
from depesa.outbox.views.decisions import LEAVE, SEND_AGAIN, TRY_AGAIN, Decision
from depesa.staff.policy import DeskRequest, asks
from depesa.ui import marks
from depesa.ui.parts import Figure

MOST_AT_ONCE: Final = 500


def waiting_for(decision: Decision, user_id: int) -> QuerySet[Delivery]:
    """Deliveries of the marked letters that this decision can settle; of a letter only those recipients."""
    marked = marks.marked(user_id, "letters")
    rows = Delivery.objects.filter(message__in=marked, state__in=decision.states)
    if decision.leads_out:
        rows = rows.filter(message__useless_after__gt=timezone.now(), message__resends=None)
    return rows.select_related("message").order_by("pk")


def _page_of(decision: Decision, question: Promise) -> Callable[..., HttpResponse]:
    @asks(decision.right)
    def view(request: DeskRequest) -> HttpResponse:
        rows = waiting_for(decision, request.user.pk)
        count = rows.count()
        form = ReasonForm(request.POST or None, initial={"seen": count})
        if form.is_valid() and form.cleaned_data["seen"] == count and 0 < count <= MOST_AT_ONCE:
            _decide(request, decision, list(rows), form.cleaned_data["reason"])
            return redirect("outbox:messages")
        return render(request, "outbox/decision.html", _asked(decision, question, rows, count, form))

    return view


def _decide(request: DeskRequest, decision: Decision, rows: list[Delivery], reason: str) -> None:
    left = 0
    for row in rows:
        try:
            decision.verb(row, reason=reason, by=request.user)
        except DomainError:
            left += 1  # somebody else, or the mail server's late answer, was faster: nothing is wrong
    done = len(rows) - left
    text = ngettext("%(count)s letter is settled.", "%(count)s letters are settled.", done)
    messages.success(request, text % {"count": done})
    if left:
        text = ngettext("%(count)s letter had changed meanwhile.", "%(count)s letters had changed meanwhile.", left)
        messages.warning(request, text % {"count": left})
    marks.clear(request.user.pk, "letters")


def _asked(
    decision: Decision, question: Promise, rows: QuerySet[Delivery], count: int, form: ReasonForm
) -> dict[str, object]:
    if form.is_bound and form.is_valid():
        form = ReasonForm({"reason": form.cleaned_data["reason"], "seen": count})
        form.add_error(None, _("The letters have changed since you opened this page. Look at the number again."))
    marked = rows.values("message").distinct().count()
    return {
        "form": form,
        "question": str(question % {"count": count}),
        "explanation": decision.consequence,
        "consequence": _("Your reason is kept as evidence with each of them."),
        "figures": [Figure(_("Recipients"), str(count)), Figure(_("Letters"), str(marked))],
        "cannot": _cannot(count),
        "button": decision.label,
        "button_icon": decision.icon,
        "back_url": reverse("outbox:messages"),
    }


def _cannot(count: int) -> str:
    if not count:
        return _("None of the marked letters is in a state for this.")
    return _("At most %(most)s at once. Mark fewer letters.") % {"most": MOST_AT_ONCE} if count > MOST_AT_ONCE else ""


send_marked_again = _page_of(
    SEND_AGAIN, ngettext_lazy("Send %(count)s letter again?", "Send %(count)s letters again?", "count")
)
leave_marked = _page_of(
    LEAVE, ngettext_lazy("Leave %(count)s letter as it is?", "Leave %(count)s letters as they are?", "count")
)
try_marked_again = _page_of(
    TRY_AGAIN,
    ngettext_lazy("Try to hand %(count)s letter over again?", "Try to hand %(count)s letters over again?", "count"),
)
