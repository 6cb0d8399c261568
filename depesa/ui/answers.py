"""How a list answers a request: the page, only its table, a file of it, or the marks that were set."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import IO, Any, Final

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.core.handlers.asgi import ASGIRequest
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_htmx.http import HttpResponseClientRedirect

from depesa.core.inputs import read_keys
from depesa.core.languages import spoken
from depesa.ui import columns, exports, marks
from depesa.ui.listings import MOST_COUNTED, Listing, read_list
from depesa.ui.lists import Act, List
from depesa.ui.pager import read_on

CHUNK: Final = 2000
MOST_IN_WORKBOOK: Final = 100_000


def at_exit[Response: HttpResponseBase](response: Response) -> Response:
    """The answer at an exit, at which the browser forgets what it kept of the pages."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


class SavedList(StreamingHttpResponse):
    """A list as a file, which somebody takes along."""

    name = ""


def answer_list[M: Model](
    request: HttpRequest,
    declared: List[M],
    rows: QuerySet[M],
    *,
    template: str,
    context: Mapping[str, Any] | None = None,
) -> HttpResponseBase:
    """The whole answer of a list's page; `template` extends ui/lists/list.html and finds the `listing`.

    `rows` are those that the person may see; GET shows, POST sets marks, ?file=csv or xlsx writes what is shown.
    """
    user_id = int(request.user.pk or 0)
    listing = read_list(declared, rows, request.GET, user_id=user_id, path=request.path)
    if request.method == "POST":
        if response := _set_marks(request, listing):
            return response
    elif request.GET.get("file") == "csv":
        return _answer_csv(request, listing)
    elif request.GET.get("file") == "xlsx":
        return _answer_workbook(request, listing)
    name = "ui/lists/frame.html" if _is_part(request) else template
    shown = {**(context or {}), "listing": listing, "acts": _acts(request, listing)}
    page = render(request, name, shown)
    patch_vary_headers(page, ["HX-Request"])
    if _is_part(request) and request.method == "GET":
        page.headers["HX-Push-Url"] = listing.asked.own_url  # without the empty words of the filter form
    return page


def _is_part(request: HttpRequest) -> bool:
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx and htmx.target == "list" and not htmx.history_restore_request)


def _acts(request: HttpRequest, listing: Listing[Any]) -> list[Act]:
    may = getattr(request.user, "may", None)
    return [act for act in listing.declared.acts if not act.right or (may and may(act.right))]


def _set_marks(request: HttpRequest, listing: Listing[Any]) -> HttpResponseBase | None:
    """Do what the form of marks asks; None means that the table is to be shown again in place."""
    name, user_id = listing.declared.name, listing.user_id
    shown = read_keys(request.POST.get("here", "").split(","))
    asked = request.POST.get("act", "")
    if asked == "clear":
        marks.clear(user_id, name)
    elif asked == "page":
        marks.take_over(user_id, name, shown=shown, ticked=shown)
    elif asked == "no-page":
        marks.take_over(user_id, name, shown=shown, ticked=())
    elif asked == "all":
        marks.add_all(user_id, name, listing.rows)
        _say_count(request, listing)
    else:
        marks.take_over(user_id, name, shown=shown, ticked=set(read_keys(request.POST.getlist("mark"))) & set(shown))
    if asked in {"columns", "usual-columns"} and listing.declared.has_choice:
        return _set_columns(request, listing)
    for act in _acts(request, listing):
        if asked == act.key:
            return HttpResponseClientRedirect(resolve_url(act.url)) if _is_part(request) else redirect(act.url)
    return None if _is_part(request) else redirect(listing.asked.own_url)


def _set_columns(request: HttpRequest, listing: Listing[Any]) -> HttpResponseBase:
    """Keep which columns the person wants; the whole page comes anew."""
    name, known = listing.declared.name, {column.key for column in listing.shown_columns.choosable}
    if request.POST["act"] == "columns":
        columns.choose(listing.user_id, name, [key for key in request.POST.getlist("column") if key in known])
    else:
        columns.forget(listing.user_id, name)
    return redirect(listing.asked.own_url)


def _say_count(request: HttpRequest, listing: Listing[Any]) -> None:
    if not _is_part(request):
        count = marks.count(listing.user_id, listing.declared.name)
        messages.success(request, ngettext("%(n)s row is marked.", "%(n)s rows are marked.", count) % {"n": count})


def _answer_csv(request: HttpRequest, listing: Listing[Any]) -> HttpResponseBase:
    chunks = _csv_chunks(listing, spoken(), timezone.get_current_timezone_name())
    return _answer_file(request, listing, chunks, "csv", "text/csv; charset=utf-8")


async def _one_by_one(chunks: Iterator[str] | Iterator[bytes]) -> AsyncIterator[str | bytes]:
    """The chunks, each read from the database outside the event loop, so that other pages go on."""
    following = sync_to_async(lambda: next(chunks, None))
    while (chunk := await following()) is not None:
        yield chunk
        await asyncio.sleep(0)


def _csv_chunks(listing: Listing[Any], language: str, zone: str) -> Iterator[str]:
    # The answer is written after the middleware is done: language and time zone are set for each chunk.
    yield exports.BYTE_ORDER_MARK
    chunks = _table(listing)
    while True:
        with translation.override(language), timezone.override(zone):
            rows = next(chunks, None)
            text = exports.csv_lines(rows) if rows is not None else None
        if text is None:
            return
        yield text


def _table(listing: Listing[Any]) -> Iterator[list[list[exports.Cell]]]:
    """Head and rows as cells, in chunks of 2,000, each its own short query."""
    yield [[str(column.label) for column in listing.declared.columns]]
    last = None
    while rows := read_on(listing.rows, listing.asked.order, after=last, size=CHUNK):
        yield [[_cell(column.value(row)) for column in listing.declared.columns] for row in rows]
        last = rows[-1]


def _cell(value: Any) -> exports.Cell:
    if isinstance(value, bool):
        return _("yes") if value else ""
    if hasattr(value, "tzinfo") and value.tzinfo is not None:
        return timezone.localtime(value)
    return value if isinstance(value, exports.CELL_TYPES) else str(value)


def _answer_workbook(request: HttpRequest, listing: Listing[Any]) -> HttpResponseBase:
    if listing.matching > MOST_COUNTED and listing.rows[MOST_IN_WORKBOOK : MOST_IN_WORKBOOK + 1].exists():
        messages.error(request, _("A workbook takes 100,000 rows. Choose CSV, or filter the list first."))
        return redirect(listing.asked.own_url)
    rows = (row for chunk in _table(listing) for row in chunk)
    file = exports.workbook(str(listing.declared.title), rows)
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _answer_file(request, listing, _pieces(file), "xlsx", media_type)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        yield from iter(lambda: file.read(65536), b"")


def _answer_file(
    request: HttpRequest,
    listing: Listing[Any],
    chunks: Iterator[str] | Iterator[bytes],
    ending: str,
    media_type: str,
) -> HttpResponseBase:
    is_async = isinstance(request, ASGIRequest)
    response = SavedList(_one_by_one(chunks) if is_async else chunks, content_type=media_type)
    response.name = listing.declared.name
    name = f"{listing.declared.name}-{timezone.localdate():%Y-%m-%d}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
