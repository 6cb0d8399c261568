"""Pages of a text's versions: what it said before, and one of them beside it, which can be made the text again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from depesa.core.inputs import read_key
from depesa.core.versions import Comparison, VersionedText
from depesa.ui.forms import refusals_told
from depesa.ui.parts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """A text and its versions: its name and the address of its editor, below which stand those of the versions.

    `summary` says in a word what a version said, under `column`; `roll_back` takes the number of a version and the
    number of that which the person saw.
    """

    text: VersionedText
    title: Text
    url: str
    column: Text
    summary: Callable[[Any], Text]
    compare: Callable[[Any], Comparison]
    roll_back: Callable[[int, int], object]


def list_versions(request: HttpRequest, versions: Versions) -> HttpResponse:
    """What the text said before, by whom and when."""
    rows = [(each, versions.summary(each)) for each in versions.text.former]
    return render(request, "ui/versions.html", {"versions": versions, "rows": rows})


def answer_version(request: HttpRequest, versions: Versions, number: int) -> HttpResponse:
    """One earlier version beside the text of now; POST makes it the text again."""
    former = versions.text.former_in(number)
    if former is None:
        raise Http404
    if request.method == "POST":
        return _rolled_back(request, versions, number)
    return render(
        request, "ui/version.html", {"versions": versions, "former": former, "compared": versions.compare(former)}
    )


def _rolled_back(request: HttpRequest, versions: Versions, number: int) -> HttpResponse:
    with refusals_told(request):
        versions.roll_back(number, read_key(request.POST.get("version")))
        messages.success(request, _("Version %(n)d is the text again.") % {"n": number})
        return redirect(versions.url)
    return redirect(request.path)
