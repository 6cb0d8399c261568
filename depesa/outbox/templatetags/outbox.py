"""Tags of the outbox: ladders in lists, banners for pages where letters begin, and words for what servers said."""

from typing import Any, Final

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from depesa.core.reasons import Sentence
from depesa.core.records import Ref
from depesa.core.sessions import blockers
from depesa.outbox import queries
from depesa.outbox.models import Channel, EvidenceKind, Message, State
from depesa.outbox.queries import timelines
from depesa.outbox.rules import FAULTS
from depesa.staff.models import User
from depesa.staff.rules import Right
from depesa.ui.contributions import Notice
from depesa.ui.parts import Action, Text
from depesa.ui.templatetags.ui import draw_ladder

register = template.Library()

_PHASES: Final[dict[str, Text]] = {
    "load": gettext_lazy("not begun"),
    "connect": gettext_lazy("to the connection"),
    "greeting": gettext_lazy("to the greeting"),
    "encryption": gettext_lazy("to the encryption"),
    "sign_in": gettext_lazy("to the sign-in"),
    "sender": gettext_lazy("to the sender address"),
    "recipient": gettext_lazy("to the recipient"),
    "body": gettext_lazy("to the text"),
    "permit": gettext_lazy("to the last character but one"),
    "dot": gettext_lazy("to the end; no answer came"),
    "reply": gettext_lazy("to the end"),
    "store": gettext_lazy("to the end"),
    "close": gettext_lazy("to the end"),
}
_VERDICTS: Final[dict[str, Text]] = {
    "accepted": gettext_lazy("counts as accepted"),
    "not-accepted": gettext_lazy("was not accepted"),
    "resent": gettext_lazy("uncertain, so sent once more by itself: a second link is harmless, a lost one is not"),
    "not-resent": gettext_lazy("uncertain, and could not be sent once more by itself; a person decides"),
    "delivered": pgettext_lazy("letter", "delivered"),
    "bounced": pgettext_lazy("letter", "returned"),
}


@register.inclusion_tag("outbox/parts/banners.html", takes_context=True)
def letter_banners(context: Context) -> dict[str, Any]:
    """What a person must know before letters leave: who blocks the database, the catcher, channels that stand still."""
    user = context["request"].user
    return {"banners": find_banners(user), "request": context["request"], "csrf_token": context.get("csrf_token")}


def find_banners(user: User) -> list[Notice]:
    """The banners that this user sees; whoever may do something about it gets the button."""
    found = queries.waiting()
    banners = [Notice("error", sentence) for sentence in blockers()]
    if catcher := queries.catcher_in_use():
        banners.append(_catcher_banner(catcher, user))
    # A channel that was put aside for the catcher is told of by the catcher's banner.
    stopped = [row for row in [*found.paused, *found.faulty] if row != queries.channel_put_aside()]
    counts = queries.count_waiting(stopped)
    return banners + [_channel_banner(row, counts.get(row.pk, 0), user) for row in stopped]


def _catcher_banner(catcher: Channel, user: User) -> Notice:
    text = _("Letters go to the mail catcher. Nothing reaches a customer.")
    aside = queries.channel_put_aside()
    if aside and user.may(Right.SET_UP):
        back = Action(
            _("Use %(channel)s again") % {"channel": aside}, reverse("outbox:choice", args=[aside.pk]), "send", "post"
        )
        return Notice("warning", text, back)
    return Notice("warning", text, Action(_("Open the catcher"), reverse("catcher:letters"), "tray"))


def _channel_banner(channel: Channel, waiting: int, user: User) -> Notice:
    reason = channel.paused_reason if channel.is_paused else fault_words(channel.fault)
    name = _("%(channel)s is paused: %(reason)s") if channel.is_paused else _("%(channel)s does not work: %(reason)s")
    behind = ngettext("%(count)s letter waits behind it.", "%(count)s letters wait behind it.", waiting) % {
        "count": waiting
    }
    words = (name % {"channel": channel, "reason": reason.rstrip(".")}, behind if waiting else "")
    text = " ".join(part if part.endswith(".") else f"{part}." for part in words if part)
    resume = Action(_("Resume"), reverse("outbox:resumption", args=[channel.pk]), "play", "post")
    mend = Action(_("Set it right"), reverse("outbox:channel", args=[channel.pk]), "settings")
    if channel.is_paused and user.may(Right.DECIDE):
        return Notice("error", text, resume)
    return Notice("error", text, mend if user.may(Right.SET_UP) else None)


@register.filter
def fault_words(fault: str) -> str:
    """What a channel suffers from, in a sentence; the server's own words stand behind it."""
    if fault[:3] in ("530", "534", "535", "538"):
        return _("The mail server refuses the user name or the password") + f" ({fault})."
    found = next((known for known in FAULTS if fault.startswith(known.replace("_", " "))), None)
    if found:
        return f"{Sentence(FAULTS[found])} ({fault})."
    return _("The mail server says no: %(answer)s") % {"answer": fault} if fault else ""


@register.filter
def domain(address: str) -> str:
    """The part after @."""
    return address.rpartition("@")[2]


@register.filter
def phase_words(phase: str) -> Text:
    """How far an attempt came."""
    return _PHASES.get(phase, phase)


@register.filter
def verdict_words(verdict: str) -> Text:
    """What a piece of evidence says about the letter."""
    return _VERDICTS.get(verdict, "")


@register.filter
def evidence_words(kind: str) -> Text:
    """Where a piece of evidence comes from."""
    return EvidenceKind(kind).label if kind in EvidenceKind else kind


@register.filter
def outcome_words(state: str) -> Text:
    """How an attempt ended."""
    return State(state).label if state in State else state


@register.simple_tag
def ladder_of(message: Message) -> SafeString:
    """The ladder of a whole message, for lists."""
    return draw_ladder(queries.ladder_of_message(message))


@register.inclusion_tag("outbox/_timeline.html", takes_context=True)
def timeline_of(context: Context, ref: Ref) -> dict[str, Any]:
    """The timeline of a record, or of all of a customer, with its filter and notes."""
    request = context["request"]
    found = timelines.timeline_of(ref, request.user, shown=request.GET.get("show", ""))
    token = context.get("csrf_token")
    return {"timeline": found, "may_note": request.user.may(Right.WRITE), "request": request, "csrf_token": token}
