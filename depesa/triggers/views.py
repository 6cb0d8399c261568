"""Pages of transitions: one record's, the list of all, the rules, the hold time."""

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from depesa.core.errors import DomainError
from depesa.core.records import Ref
from depesa.staff.policy import DeskRequest, acts, allow, asks, shows
from depesa.staff.rules import Right
from depesa.triggers import queries, services
from depesa.triggers.contributions import event_words
from depesa.triggers.forms import SettingsForm
from depesa.triggers.models import Settings, Status, Transition
from depesa.ui import marks
from depesa.ui.answers import answer_list
from depesa.ui.filters import Choice, Text
from depesa.ui.forms import Back, answer_form, saved
from depesa.ui.lists import Act, Column, List, Sort
from depesa.ui.templatetags.ui import badge

LISTED: Final = "transitions"


def _outcome(row: Transition) -> SafeString:
    tone, icon = queries.LOOKS[row.status]
    return badge(word=queries.word_of(row), tone=tone, icon=icon)


TRANSITIONS: Final = List[Transition](
    name=LISTED,
    title=gettext_lazy("Letters after events"),
    columns=[
        Column("at", gettext_lazy("when"), lambda row: row.at, width="tight"),
        Column("about", gettext_lazy("about"), str, width="first", is_link=True),
        Column("what", gettext_lazy("what happened"), lambda row: str(event_words(row.event)), width="cut"),
        Column("email", gettext_lazy("system e-mail"), lambda row: queries.email_words(row.system_email), width="wide"),
        Column("status", gettext_lazy("letter"), queries.word_of, width="tight end", draw=_outcome),
        Column("why", gettext_lazy("why"), queries.reason_words, width="long"),
        Column("by", gettext_lazy("by"), lambda row: str(row.by or row.get_origin_display()), width="wider"),
    ],
    sorts=[Sort("at", ["-id"])],
    filters=[
        Choice("status", gettext_lazy("letter"), choices=Status.choices, where="status"),
        Choice("event", gettext_lazy("event"), choices=queries.events, where="event"),
        Choice("email", gettext_lazy("system e-mail"), choices=queries.emails_in_use, where="system_email"),
        Text("customer", gettext_lazy("customer"), where="customer__name__istartswith"),
    ],
    search=lambda rows, text: rows.filter(queries.named(text)),
    search_label=gettext_lazy("Number of the order, or what it is about"),
    acts=[Act("try-again", gettext_lazy("Try again"), "triggers:retry_marked", icon="refresh", right=Right.SEND)],
)


@allow(Right.SEE)
def transitions(request: DeskRequest) -> HttpResponseBase:
    """Every change that could cause a letter, with the letter or the reason why there is none."""
    rows = Transition.objects.visible_to(request.user).select_related("system_email", "by")
    shown = {"failed": queries.count_failed(), "empty_template": "triggers/empty.html"}
    return answer_list(request, TRANSITIONS, rows, template="triggers/transitions.html", context=shown)


@shows(Right.SEE)
def of(request: DeskRequest, ref: Ref) -> HttpResponse:
    """Why letters about this record left and why others did not; as a page, or as a part of another."""
    return _show_record(request, ref)


def _show_record(request: DeskRequest, ref: Ref) -> HttpResponse:
    told = queries.of_record(ref)
    shown = {
        "told": told,
        "ref": ref,
        "name": str(told[0].row) if told else ref,
        "page": ref.url,
        "is_moving": any(each.row.status == Status.HELD for each in told),
        "may_send": request.user.may(Right.SEND),
    }
    if not request.htmx:
        return render(request, "triggers/of.html", shown)
    # Asked from its own page it looks as it did there; in another page the letters themselves stand beside it.
    is_own = (request.htmx.current_url_abs_path or "").partition("?")[0] == reverse("triggers:of", args=[ref])
    return render(request, "triggers/why.html", {**shown, "is_piece": not is_own})


@acts(Right.SEND)
def undo(request: DeskRequest, pk: int) -> HttpResponse:
    """Take a letter back while it is held."""
    row = get_object_or_404(Transition.objects.visible_to(request.user), pk=pk)
    try:
        services.undo(row, by=request.user)
    except DomainError:
        return _answer(request, row, _("It is too late: the letter has been written."), is_wrong=True)
    return _answer(request, row, _("The letter does not leave."))


@acts(Right.SEND)
def try_again(request: DeskRequest, pk: int) -> HttpResponse:
    """Write a letter once more, or after all."""
    row = get_object_or_404(Transition.objects.visible_to(request.user), pk=pk)
    try:
        services.try_again([row.pk], by=request.user)
    except DomainError as problem:
        return _answer(request, row, str(problem), is_wrong=True)
    return _answer(request, row, _("The letter is being written."))


def _answer(request: DeskRequest, row: Transition, sentence: str, *, is_wrong: bool = False) -> HttpResponse:
    """Inside another page the part itself is the answer; as a page of its own the sentence says it."""
    if request.htmx:
        return _show_record(request, row.ref)
    (messages.error if is_wrong else messages.success)(request, sentence)
    return redirect(row.get_absolute_url())


@asks(Right.SEND)
def try_marked_again(request: DeskRequest) -> HttpResponse:
    """Write the marked letters once more: how many it will be, then one button."""
    marked = services.repeatable(marks.marked(request.user.pk, LISTED))
    count = len(marked)
    if request.method == "POST" and count:
        services.try_again(marked, by=request.user)
        marks.clear(request.user.pk, LISTED)
        sentence = ngettext("%(count)s letter is being written.", "%(count)s letters are being written.", count)
        messages.success(request, sentence % {"count": count})
        return redirect("triggers:transitions")
    return render(request, "ui/confirm.html", _question(count))


def _question(count: int) -> dict[str, object]:
    named = {"count": count}
    return {
        "question": ngettext("Write %(count)s letter again?", "Write %(count)s letters again?", count) % named,
        "explanation": _("Each is written with the text and the data of now. What has left already is passed over."),
        "button": ngettext("Write %(count)s letter", "Write %(count)s letters", count) % named,
        "button_icon": "refresh",
        "back_url": reverse("triggers:transitions"),
        "cannot": "" if count else _("None of the marked rows has a letter that could be written."),
    }


@shows(Right.SEE)
def rules(request: DeskRequest) -> HttpResponse:
    """Every rule: when which system e-mail goes to whom."""
    shown = {"rules": queries.rules(), "hold": queries.hold_seconds(), "may_set_up": request.user.may(Right.SET_UP)}
    return render(request, "triggers/rules.html", shown)


@asks(Right.SET_UP)
def settings(request: DeskRequest) -> HttpResponse:
    """How long letters are held."""
    form = SettingsForm(request.POST or None, instance=Settings.now())
    if saved(request, form, lambda: services.save_hold(form.cleaned_data["hold"], version=form.seen, by=request.user)):
        return redirect("triggers:settings")
    back = Back(_("Settings"), "dashboard:settings")
    return answer_form(request, form, _("Letters after events"), back, "triggers/settings.html")
