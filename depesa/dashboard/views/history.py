"""Everything that happened: searched by who, what, when and about what; and the proof that nothing is missing."""

import datetime as dt
from typing import Any, Final

from django.core import signing
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from depesa.company.queries import midnight
from depesa.core.records import about
from depesa.customers.models import Customer
from depesa.customers.queries import narrow_to_customer
from depesa.dashboard.queries.past import records_named
from depesa.history.contributions import EVENTS, spellings
from depesa.history.models import Entry, Origin
from depesa.history.queries import first_id_from, in_words, length, origin_in_words
from depesa.history.services import Mark, Verdict, verify_on
from depesa.staff.models import User
from depesa.staff.policy import DeskRequest, shows
from depesa.staff.rules import Right
from depesa.ui.answers import answer_list
from depesa.ui.filters import Choice, Day, Text
from depesa.ui.lists import Column, List, Sort
from depesa.ui.parts import Change
from depesa.ui.parts import Entry as Line

STEP: Final = 2000  # entries that are checked while a page waits
_SIGNER: Final = signing.Signer(salt="dashboard.chain")


def _line_of(row: Entry) -> Line:
    """The entry in words, worked out once for all columns."""
    if "line" not in row.__dict__:
        row.__dict__["line"] = in_words([row])[0]
    line: Line = row.__dict__["line"]
    return line


def _changes_text(changes: "list[Change]") -> str:
    return "; ".join(f"{each.field}: {each.before} → {each.after}" for each in changes)


def _draw_what(row: Entry) -> SafeString:
    line = _line_of(row)
    changes = format_html_join("", " {}", ((_draw_change(each),) for each in line.changes))
    note = format_html('<p class="inner-note">{}</p>', line.note) if line.note else ""
    return format_html("{}{}{}", line.what, changes, note)


def _draw_change(change: Change) -> SafeString:
    return format_html(
        '<span class="change small"><span class="soft">{}</span> {}{}{}</span>',
        change.field,
        format_html("<del>{}</del>", change.before) if change.before else "",
        " → " if change.before and change.after else "",
        format_html("<ins>{}</ins>", change.after) if change.after else "",
    )


def _draw_record(row: Entry) -> SafeString:
    words, url = row.ref.words, row.ref.url
    return format_html('<a class="opens" href="{}">{}</a>', url, words) if url else format_html("{}", words)


def _from(rows: QuerySet[Entry], day: dt.date) -> QuerySet[Entry]:
    return rows.filter(pk__gte=first_id_from(midnight(day)))


def _until(rows: QuerySet[Entry], day: dt.date) -> QuerySet[Entry]:
    return rows.filter(pk__lt=first_id_from(midnight(day + dt.timedelta(days=1))))


def _about_events(rows: QuerySet[Entry], event: str) -> QuerySet[Entry]:
    return rows.filter(event__in=spellings(event))


def _events() -> list[tuple[str, Any]]:
    words = [(event, str(word)) for event, (word, _icon) in EVENTS.items()]
    return sorted(words, key=lambda pair: pair[1])


PAST: Final = List[Entry](
    name="history",
    title=_("History"),
    columns=[
        Column("at", _("when"), lambda row: row.at, width="tight"),
        Column("who", _("who"), lambda row: str(row.actor or ""), width="cut"),
        Column("through", _("through"), lambda row: origin_in_words(row.origin), width="tight"),
        Column("what", _("what"), lambda row: str(_line_of(row).what), draw=_draw_what, width="long wraps"),
        Column("record", _("record"), lambda row: str(row.ref), draw=_draw_record, width="tight end"),
        Column("customer", _("customer"), lambda row: getattr(row, "customer_name", "") or "", width="cut wide"),
        Column(
            "changes",
            _("before and after"),
            lambda row: _changes_text(list(_line_of(row).changes)),
            is_only_in_files=True,
        ),
        Column("note", _("note"), lambda row: row.note, is_only_in_files=True),
        Column("hash", "SHA-256", lambda row: getattr(row, "hash", None) or "", is_only_in_files=True),
    ],
    sorts=[Sort("at", ["-id"])],
    filters=[
        Choice("who", _("who"), choices=User.objects.order_by("name", "username"), where="actor"),
        Choice("through", _("through"), choices=Origin.choices, where="origin"),
        Choice("what", _("what"), choices=_events, where=_about_events),
        Day("from", _("from"), where=_from),
        Day("until", _("until"), where=_until),
        Text("customer", _("customer"), where=narrow_to_customer),
    ],
    search=lambda rows, text: rows.filter(about(*records_named(text))),
    search_label=_("Number of an order or document, subject of a letter"),
    has_marks=False,
)


@shows(Right.SEE)
def history(request: DeskRequest) -> HttpResponseBase:
    """Everything that happened, newest first."""
    names = Customer.objects.filter(pk=OuterRef("customer_id")).values("name")[:1]
    rows = Entry.objects.select_related("actor").annotate(customer_name=Subquery(names), hash=F("link__hash"))
    return answer_list(request, PAST, rows, template="dashboard/history.html")


@shows(Right.SEE)
def chain(request: DeskRequest) -> HttpResponse:
    """Whether the history is whole: checked entry by entry, a few thousand at a time."""
    mark = _read_mark(request.GET.get("from", ""))
    if mark is None:
        return render(request, "dashboard/chain.html", {"total": length()})
    found = verify_on(mark, STEP)
    shown: dict[str, Any] = {"verdict": found} if isinstance(found, Verdict) else {"progress": _progress(found)}
    name = "dashboard/parts/chain.html" if request.htmx else "dashboard/chain.html"
    return render(request, name, {**shown, "start": _written_mark(Mark())})


def _progress(mark: Mark) -> dict[str, Any]:
    url = f"{reverse('dashboard:chain')}?from={_written_mark(mark)}"
    return {"done": mark.length, "total": max(length(), mark.length), "refresh_url": url}


def _written_mark(mark: Mark) -> str:
    return _SIGNER.sign_object([mark.last, mark.hash, mark.length])


def _read_mark(text: str) -> Mark | None:
    """The mark of a walk that goes on; "start" begins one; anything else is none."""
    if text == "start":
        return Mark()
    try:
        return Mark(*_SIGNER.unsign_object(text))
    except (signing.BadSignature, ValueError, TypeError):
        return None
