"""Pages of imports: upload, understand, preview, confirm, watch, and what was refused."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from depesa.core.errors import StaleState
from depesa.documents.forms.imports import DiskUploadHandler, MappingForm, UploadForm
from depesa.documents.services import sales
from depesa.documents.services.sales import Figures
from depesa.imports import services as imports
from depesa.imports.models import BatchState, ImportBatch, ImportRefusal
from depesa.imports.queries import earlier_import, sample
from depesa.staff.policy import DeskRequest, acts, allow, asks, shows
from depesa.staff.rules import Right
from depesa.ui.answers import answer_list
from depesa.ui.filters import Choice
from depesa.ui.lists import Column, List, Sort
from depesa.ui.parts import Figure
from depesa.ui.values import write_value

IMPORTS = List[ImportBatch](
    name="imports",
    title=gettext_lazy("Imports"),
    columns=[
        Column("at", gettext_lazy("uploaded"), lambda row: row.created_at, width="tight"),
        Column("file", gettext_lazy("file"), lambda row: row.file_name, width="long", is_link=True),
        Column("state", gettext_lazy("state"), lambda row: row.state_word),
        Column("documents", gettext_lazy("documents"), lambda row: Figures.of(row).documents, width="number"),
        Column("imported", gettext_lazy("imported"), lambda row: Figures.of(row).imported, width="number"),
        Column("refused", gettext_lazy("refused"), lambda row: Figures.of(row).refused_documents, width="number"),
        Column("by", gettext_lazy("by"), lambda row: str(row.created_by or ""), width="wide"),
    ],
    sorts=[Sort("at", ["-id"])],
    filters=[Choice("state", gettext_lazy("state"), choices=BatchState.choices, where="state")],
    has_marks=False,
)
REFUSALS = List[ImportRefusal](
    name="refusals",
    title=gettext_lazy("Not imported"),
    columns=[
        Column("line", gettext_lazy("line"), lambda row: row.line, width="number"),
        Column("number", gettext_lazy("number"), lambda row: row.number, width="tight"),
        Column("reason", gettext_lazy("reason"), lambda row: row.reason, width="long wraps"),
    ],
    sorts=[Sort("line", ["line", "id"])],
    has_marks=False,
)


@allow(Right.SEE)
def batches(request: DeskRequest) -> HttpResponseBase:
    """All imports, the newest first."""
    rows = ImportBatch.objects.visible_to(request.user).select_related("created_by")
    empty = {"empty_template": "documents/imports/empty.html"}
    return answer_list(request, IMPORTS, rows, template="documents/imports/list.html", context=empty)


@csrf_exempt  # only so that the handler of uploads comes first; `_upload` checks the token
@asks(Right.WRITE)
def upload(request: DeskRequest) -> HttpResponse:
    """Files come in, straight to the disk."""
    handler = DiskUploadHandler(request)
    request.upload_handlers = [handler]
    try:
        return _upload(request)
    finally:
        handler.discard_unwanted()


@csrf_protect
def _upload(request: DeskRequest) -> HttpResponse:
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    if form.is_valid():
        profile = form.cleaned_data["profile"]
        begun = [imports.begin(file.intake, by=request.user, profile=profile) for file in form.cleaned_data["uploads"]]
        for batch in begun:
            _preview_small(batch)
        return redirect(begun[0] if len(begun) == 1 else "documents:imports")
    return render(request, "documents/imports/upload.html", {"form": form}, status=422 if form.is_bound else 200)


def _preview_small(batch: ImportBatch) -> None:
    if batch.size <= sales.SMALL:
        sales.preview(batch)


@shows(Right.SEE)
def batch(request: DeskRequest, pk: int) -> HttpResponse:
    """One import where it stands now: being read, waiting for a decision, or done."""
    found = _find(request, pk)
    can_change = found.state in {BatchState.UPLOADED, BatchState.PREVIEWED} and not found.is_working
    form = MappingForm(batch=found) if can_change else None
    return render(request, "documents/imports/batch.html", _batch_shown(found, form))


def _batch_shown(found: ImportBatch, form: MappingForm | None) -> dict[str, Any]:
    has_sample = form is not None and bool(found.shape.get("header"))
    return {
        "batch": found,
        "figures": _figures(found),
        "counts": Figures.of(found),
        "progress": _progress(found),
        "refusals": found.refusals.order_by("line", "pk")[:20],
        "form": form,
        "sample": sample(found) if has_sample else None,
        "earlier": earlier_import(found),
        "button": _button(found),
    }


@shows(Right.SEE)
def progress(request: DeskRequest, pk: int) -> HttpResponse:
    """The bar alone; when it is over, the whole page is asked for again."""
    found = _find(request, pk)
    response = render(request, "ui/parts/progress.html", {"progress": _progress(found)})
    if not found.is_working:
        response.headers["HX-Refresh"] = "true"
    return response


@acts(Right.WRITE)
def mapping(request: DeskRequest, pk: int) -> HttpResponse:
    """Understand the file differently, keep that as a profile if it got a name, and look again."""
    found = _find(request, pk)
    if found.state not in {BatchState.UPLOADED, BatchState.PREVIEWED}:
        raise Http404
    form = MappingForm(request.POST, batch=found)
    if not form.is_valid():
        return render(request, "documents/imports/batch.html", _batch_shown(found, form), status=422)
    try:
        _choose(found, form)
    except StaleState as stale:
        messages.warning(request, str(stale))
    return redirect(found)


def _choose(found: ImportBatch, form: MappingForm) -> None:
    chosen = form.chosen()
    imports.choose(found, chosen)
    if form.cleaned_data["name"]:
        imports.save_profile(chosen)
    _preview_small(found)


@acts(Right.WRITE)
def confirmation(request: DeskRequest, pk: int) -> HttpResponse:
    """What the preview showed comes in."""
    found = _find(request, pk)
    if found.state == BatchState.PREVIEWED and found.reading.is_posted and not request.user.may(Right.POST):
        raise PermissionDenied
    try:
        sales.confirm(found, by=request.user)
    except StaleState as stale:
        messages.warning(request, str(stale))
    else:
        if found.size <= sales.SMALL:
            sales.import_documents(found)
    return redirect(found)


@acts(Right.WRITE)
def removal(request: DeskRequest, pk: int) -> HttpResponse:
    """The file is not wanted after all."""
    found = _find(request, pk)
    try:
        imports.drop(found)
    except StaleState as stale:
        messages.warning(request, str(stale))
        return redirect(found)
    messages.success(request, _("Dropped. Nothing of %(file)s was imported.") % {"file": found.file_name})
    return redirect("documents:imports")


@allow(Right.SEE)
def refusals(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Everything of one file that was not taken, line by line."""
    found = _find(request, pk)
    rows = ImportRefusal.objects.filter(batch=found)
    return answer_list(request, REFUSALS, rows, template="documents/imports/refusals.html", context={"batch": found})


def _find(request: DeskRequest, pk: int) -> ImportBatch:
    return get_object_or_404(ImportBatch.objects.visible_to(request.user), pk=pk)


def _progress(found: ImportBatch) -> dict[str, Any]:
    is_reading = found.state == BatchState.UPLOADED
    return {
        "id": "progress",
        "title": _("The file is being read") if is_reading else _("The documents are coming in"),
        "done": found.progress,
        "total": 100,
        "refresh_url": reverse("documents:import_progress", args=[found.pk]),
        "is_over": not found.is_working,
    }


def _figures(found: ImportBatch) -> list[Figure]:
    counts = Figures.of(found)
    is_done = found.state in {BatchState.DONE, BatchState.CONFIRMED}
    sums = ", ".join(
        f"{number_format(total, 2, force_grouping=True)} {currency}"
        for currency, total in sorted(counts.totals.items())
    )
    return [
        Figure(_("lines"), write_value(counts.lines)),
        Figure(
            _("imported") if is_done else _("new documents"), write_value(counts.imported if is_done else counts.new)
        ),
        Figure(_("net, returns negative"), sums or "0"),
        Figure(_("here already"), write_value(counts.unchanged)),
        Figure(_("refused"), write_value(counts.refused_documents), tone="bad" if counts.refused_documents else ""),
        Figure(_("new customers"), write_value(counts.customers_created)),
    ]


def _button(found: ImportBatch) -> str:
    counts = Figures.of(found)
    documents = ngettext("Import %(shown)s document", "Import %(shown)s documents", counts.new)
    customers = ngettext("of %(shown)s customer", "of %(shown)s customers", counts.customers)
    return " ".join(
        text % {"shown": write_value(count)} for text, count in ((documents, counts.new), (customers, counts.customers))
    )
