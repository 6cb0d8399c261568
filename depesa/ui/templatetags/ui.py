"""Tags that show the shared parts of a page; the parts themselves are plain data of `depesa.ui.parts`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import uuid4

from django import template
from django.forms import BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_lazy, pgettext_lazy

from depesa.core.links import link_of
from depesa.ui import parts
from depesa.ui.contributions import notices
from depesa.ui.forms import laid_out
from depesa.ui.parts import Text

register = template.Library()

# A state's key leads to its tone, icon and word; the word is what the clerk reads.
STATES: Final[Mapping[str, tuple[str, str, Text]]] = {
    "not_posted": ("calm", "clock", pgettext_lazy("record", "Not posted")),
    "posted": ("good", "check", pgettext_lazy("record", "Posted")),
    "corrected": ("doubt", "pencil", pgettext_lazy("record", "Corrected")),
    "asked": ("busy", "clock", pgettext_lazy("record", "Being posted")),
    "late": ("bad", "clock", pgettext_lazy("record", "Late")),
    "stale": ("doubt", "difference", pgettext_lazy("record", "Out of date")),
    "left_out": ("calm", "minus", pgettext_lazy("record", "Left out")),
    "held": ("doubt", "pause", pgettext_lazy("letter", "Held")),
    "queued": ("calm", "tray", pgettext_lazy("letter", "Waiting")),
    "leased": ("busy", "send", pgettext_lazy("letter", "Leaving")),
    "handing_over": ("busy", "send", pgettext_lazy("letter", "Leaving")),
    "accepted": ("good", "check", pgettext_lazy("letter", "Accepted")),
    "delivered": ("good", "letter-open", pgettext_lazy("letter", "Delivered")),
    "rejected": ("bad", "cross", pgettext_lazy("letter", "Refused")),
    "returned": ("bad", "returned", pgettext_lazy("letter", "Returned")),
    "expired": ("bad", "clock", pgettext_lazy("letter", "Expired")),
    "unknown": ("doubt", "question", pgettext_lazy("letter", "Uncertain")),
    "cancelled": ("calm", "cross", pgettext_lazy("letter", "Cancelled")),
    "paid": ("good", "money", gettext_lazy("Paid")),
    "unpaid": ("doubt", "money", gettext_lazy("Unpaid")),
    "running": ("busy", "play", gettext_lazy("Running")),
    "paused": ("doubt", "pause", gettext_lazy("Paused")),
    "finished": ("good", "check", gettext_lazy("Finished")),
    "failed": ("bad", "warning", gettext_lazy("Failed")),
    "active": ("good", "check", gettext_lazy("Active")),
    "inactive": ("calm", "minus", gettext_lazy("Not active")),
    "blocked": ("bad", "lock", gettext_lazy("Blocked")),
}

NOTES: Final[Mapping[str, tuple[str, str]]] = {
    "success": ("good", "check"),
    "warning": ("doubt", "warning"),
    "error": ("bad", "warning"),
    "info": ("busy", "info"),
    "debug": ("calm", "info"),
}


@register.simple_tag
def press() -> SafeString:
    """Names the button of a form that makes something, so that pressed twice it makes one thing (see ui.forms)."""
    return format_html('<input type="hidden" name="press" value="{}">', uuid4().hex)


@register.simple_tag
def icon(name: str, label: Text = "") -> SafeString:
    """A 16 px line icon of the sprite; silent for screen readers unless it has a label."""
    href = f"{static('ui/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', href)


_icon = icon  # the badge's own argument has the same name
_DOT: Final = '<svg class="dot" viewBox="0 0 8 8" aria-hidden="true"><circle cx="4" cy="4" r="4" fill="{}" /></svg>'


@register.filter
def number(value: Any, decimals: int | None = None) -> str:
    """A number as the locale writes it, thousands apart."""
    return "" if value is None or value == "" else number_format(value, decimals, force_grouping=True)


@register.simple_tag
def badge(state: str = "", word: Text = "", tone: str = "", icon: str = "", colour: str = "") -> SafeString:
    """A state as colour, icon and word; a state of one's own gives its word and `colour` (a hex value)."""
    known = STATES.get(state, ("calm", "", word or state))
    symbol = icon or known[1]
    sign = format_html(_DOT, colour) if colour else _icon(symbol) if symbol else SafeString()
    return format_html('\n<span class="badge is-{}">{}{}</span>\n', tone or known[0], sign, word or known[2])


@register.inclusion_tag("ui/parts/note.html")
def note(level: str, text: Text, action: parts.Action | None = None) -> dict[str, Any]:
    """A sentence in the page that a person should read: success, info, warning or error."""
    tone, symbol = NOTES.get(level.rsplit(" ", 1)[-1], NOTES["info"])
    return {"tone": tone, "icon": symbol, "text": text, "action": action, "is_alert": level == "error"}


@register.simple_tag
def ladder(ladder: parts.Ladder, size: str = "small") -> SafeString:
    """The evidence ladder: what is proven about a letter, never more."""
    if size != "large":
        return draw_ladder(ladder)
    crossing = _crossing(ladder)
    rungs = [
        {"step": step, "is_crossing": index == crossing, "tall_y": 12 - index * 3, "tall": 3 + index * 3}
        for index, step in enumerate(ladder.steps)
    ]
    return render_to_string("ui/parts/ladder.html", {"ladder": ladder, "rungs": rungs})


def draw_ladder(ladder: parts.Ladder) -> SafeString:
    """The ladder of a row; written here and not in a template because a list has fifty of them."""
    branch, total = ladder.branch, len(ladder.steps)
    reached = tuple(step.is_reached for step in ladder.steps)
    lines = [_tip_line(step.label, step.proof, step.at) for step in ladder.steps if step.is_reached]
    if branch:
        lines.append(_tip_line(branch.word, branch.proof, branch.at, " is-branch"))
    return format_html(
        _LADDER,
        tone=ladder.tone,
        rungs=_rungs(reached, _crossing(ladder), branch.key if branch else ""),
        icon=icon(branch.icon) if branch else "",
        word=ladder.word,
        proven=gettext("%(reached)s of %(total)s steps proven.") % {"reached": ladder.reached, "total": total},
        proof=ladder.proof,
        lines=mark_safe("".join(lines)),  # noqa: S308  each line is escaped
    )


_LADDER: Final = """
<span class="ladder is-{tone}">
<button type="button" class="ladder-face">
<svg class="rungs" width="29" height="14" viewBox="0 0 29 14" aria-hidden="true">{rungs}</svg>
{icon}<span class="word">{word}</span>
<span class="for-readers">{proven} {proof}</span>
</button>
<span class="tip" aria-hidden="true">{lines}</span>
</span>
"""
_RUNG: Final = '<rect x="{}" y="{:.1f}" width="4.5" height="{:.1f}" rx="0.75" class="{}"{} />'


def _crossing(ladder: parts.Ladder) -> int:
    """The step at which the letter left the straight way; -1 if it did not."""
    return min(ladder.reached, len(ladder.steps) - 1) if ladder.branch else -1


@lru_cache(maxsize=256)
def _rungs(reached: tuple[bool, ...], crossing: int, key: str) -> SafeString:
    """The bars of a small ladder; there are only a few that differ."""
    drawn = ""
    for index, is_reached in enumerate(reached):
        word = f"is-{key}" if index == crossing else "is-reached" if is_reached else ""
        fill = ' fill="url(#hatch)"' if index == crossing and key == "uncertain" else ""
        drawn += _RUNG.format(index * 6, 11 - index * 2.5, 3 + index * 2.5, word, fill)
    return SafeString(drawn)


def _tip_line(word: Text, proof: Text, at: datetime | None, kind: str = "") -> str:
    told, moment = str(escape(str(proof))), _moment(at) if at else ""
    told = f"{told}, {moment}" if moment and (told or kind) else f"{told}{moment}"
    return f'<span class="tip-line{kind}"><b>{escape(str(word))}</b><span class="proof">{told}</span></span>'


def _moment(at: datetime) -> str:
    return _moment_in(at, get_language() or "", timezone.get_current_timezone_name())


@lru_cache(maxsize=1024)
def _moment_in(at: datetime, _language: str, _zone: str) -> str:
    """Day and time to the second as the language writes them; the rows of a month share most of them."""
    local = timezone.localtime(at) if timezone.is_aware(at) else at
    return f"{date_format(local, 'SHORT_DATE_FORMAT')} {date_format(local, 'H:i:s')}"


@register.inclusion_tag("ui/parts/slip.html", takes_context=True)
def slip(context: Context, slip: parts.Slip) -> dict[str, Any]:
    """A letter as a slip of paper, with up to three things to do."""
    return {"slip": slip, "actions": slip.actions[:3], "request": context.get("request")}


@register.inclusion_tag("ui/parts/strip.html")
def strip(strip: parts.Strip) -> dict[str, Any]:
    """A run as one bar by state; the words below it are the filters."""
    blocks = parts.lay_out([segment.count for segment in strip.segments])
    drawn = [(s, b) for s, b in zip(strip.segments, blocks, strict=False) if s.count]
    return {"strip": strip, "drawn": drawn}


@register.inclusion_tag("ui/parts/plot.html")
def plot_bars(
    values: Sequence[float],
    labels: Sequence[str],
    caption: Text = "",
    unit: Text = "",
    odd: Sequence[int] = (),
    decimals: int = 0,
) -> dict[str, Any]:
    """A small bar plot with its table for screen readers; `odd` are the indexes that need a look."""
    return {"plot": parts.draw_bars(values, labels, odd=odd, decimals=decimals, caption=caption, unit=unit)}


@register.inclusion_tag("ui/parts/timeline.html", takes_context=True)
def timeline(context: Context, entries: Sequence[parts.Entry]) -> dict[str, Any]:
    """Letters, changes and notes in one column, newest first as given."""
    return {"entries": entries, "request": context.get("request")}


@register.inclusion_tag("ui/parts/action.html")
def action(action: parts.Action, is_plain: bool = False) -> dict[str, Any]:
    """One thing to do: a link that looks like a button, or a form of one button."""
    return {"action": action, "is_plain": is_plain}


@register.inclusion_tag("ui/frame/notices.html", takes_context=True)
def page_notices(context: Context) -> dict[str, Any]:
    """What everybody at the desk must know now, whatever page is open."""
    request = context.get("request")
    user = getattr(request, "user", None)
    return {"notices": notices() if user and user.is_authenticated else [], "request": request}


register.filter("laid_out", laid_out)
register.filter("link", link_of)


@register.inclusion_tag("ui/parts/field.html")
def field(field: BoundField, width: str = "") -> dict[str, Any]:
    """A form field: label, control, help, and errors in a sentence at the field."""
    return {
        "field": field,
        "width": width,
        "is_tick": getattr(field.field.widget, "input_type", "") == "checkbox" and not field.use_fieldset,
    }
