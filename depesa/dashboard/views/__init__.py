"""The start page, and what can be set up."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from depesa.core.search import typed
from depesa.dashboard import queries
from depesa.dashboard.navigation import SETTINGS, entries
from depesa.staff.policy import DeskRequest, shows
from depesa.staff.rules import Right
from depesa.statements.queries.live import strip_of

MOST_AT_ONCE = 500  # statements that are counted while the page waits


@shows(Right.SEE)
def start(request: DeskRequest) -> HttpResponse:
    """Where the day begins."""
    today, run = timezone.localdate(), queries.newest_run()
    is_big = bool(run and run.formed_count + run.already_count > MOST_AT_ONCE)
    shown = {
        "needs": queries.needs(today, None if is_big else run),
        "steps": queries.first_steps(),
        "run": run,
        "strip": strip_of(run) if run and not is_big else None,
        "letters": queries.letters_by_day(today),
        "next_forming": queries.next_forming(),
    }
    return render(request, "dashboard/start.html", shown)


@shows(Right.SEE)
def month(request: DeskRequest) -> HttpResponse:
    """The newest month and what it needs, for a start page that does not wait for ten thousand statements."""
    run = queries.newest_run()
    shown = {"run": run, "strip": strip_of(run), "needs": queries.needs_of_month(run)} if run else {}
    return render(request, "dashboard/month.html", shown)


@shows(Right.SEE)
def settings(request: DeskRequest) -> HttpResponse:
    """What can be set up, as far as the user may."""
    return render(request, "dashboard/settings.html", {"places": list(entries(SETTINGS, request.user))})


@shows(Right.SEE)
def search(request: DeskRequest) -> HttpResponse:
    """Everything that begins with what was typed; `kind` shows all of one kind, page by page."""
    text, kind = typed(request.GET.get("q", "")), request.GET.get("kind", "")
    groups = queries.search(text, user=request.user, kind=kind, at=request.GET.get("at", ""))
    is_one_kind = kind in {each.key for each in queries.KINDS}
    shown = {"groups": groups, "text": text, "search_text": text, "is_one_kind": is_one_kind}
    return render(request, "dashboard/search.html", shown)


@shows(Right.SEE)
def palette(request: DeskRequest) -> HttpResponse:
    """The same as lines below the field, while one types."""
    text = typed(request.GET.get("q", ""))
    shown = {"groups": queries.search(text, user=request.user), "text": text}
    return render(request, "dashboard/palette.html", shown)
