"""Documents of an order: generate, look at, generate again, delete, try the PDF once more."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from depesa.core.errors import DomainError, Refused
from depesa.core.inputs import read_key
from depesa.documents.models import DocumentType
from depesa.orders import services
from depesa.orders.forms.documents import GenerateForm
from depesa.orders.models import Order, OrderDocument
from depesa.orders.queries.detail import order_of
from depesa.orders.queries.documents import document_of, sent_papers, usual_values, why_it_stays
from depesa.pdf import pages_in
from depesa.staff.policy import DeskRequest, acts, asks, shows
from depesa.staff.rules import Right
from depesa.ui.forms import posted, refusals_shown

MOST_PAGES: Final = 40


@asks(Right.WRITE)
def generate(request: DeskRequest, pk: int, code: str) -> HttpResponse:
    """Generate a document of this type: the dialog, and the act."""
    order = order_of(pk, request.user)
    kind = get_object_or_404(DocumentType.objects.select_related("series"), code=code)
    form = GenerateForm(posted(request), kind=kind, initial=usual_values(order, kind))
    if form.is_valid():
        with refusals_shown(form):
            made = _generated(request, form, order, kind)
            return redirect("orders:document", made.pk) if not kind.series_id else _to_documents(order)
    shown = {"order": order, "form": form, "kind": kind}
    return render(request, "orders/new_document.html", shown, status=422 if form.errors else 200)


def _generated(request: DeskRequest, form: GenerateForm, order: Order, kind: DocumentType) -> OrderDocument:
    sends = bool(form.cleaned_data.get("send_emails"))
    wish = services.Wish(order=order, type=kind, **form.days)
    issued = services.generate([wish], by=request.user, send_emails=sends)
    if not issued.made:
        raise Refused(issued.refused[order.pk])
    made = issued.made[0]
    _say(request, made, _("%(document)s was generated. Its letter is on its way.") if issued.letters.get(order.pk)
         else _("%(document)s was generated."))  # fmt: skip
    return made


@shows(Right.SEE)
def document(request: DeskRequest, pk: int) -> HttpResponse:
    """A document: its pages as pictures, what it is, what can be done with it."""
    row = document_of(pk, request.user)
    pages = min(pages_in(bytes(row.paper.blob.content)), MOST_PAGES) if row.paper else 0
    shown = _page_of(request, row) | {
        "pages": range(1, pages + 1),
        "credit_notes": row.credit_notes.order_by("id"),
    }
    return render(request, "orders/document.html", shown)


def _page_of(request: DeskRequest, row: OrderDocument) -> dict[str, Any]:
    return {
        "document": row,
        "order": row.order,
        "is_sent": bool(sent_papers(row.order, [row])),
        "may_write": request.user.may(Right.WRITE) and not row.order.is_removed,
    }


@asks(Right.WRITE)
def regenerate(request: DeskRequest, pk: int) -> HttpResponse:
    """Generate a document again under its number, from the order as it is now."""
    row = document_of(pk, request.user)
    names = ("issued_on", "due_on", "tax_on", "variable_symbol")
    now = {name: getattr(row, name) for name in names}
    form = GenerateForm(posted(request), kind=row.type, is_again=True, initial=now)
    if form.is_valid():
        with refusals_shown(form):
            made = services.regenerate(row, by=request.user, **form.days, revision=_revision_in(request))
            _say(request, made, _("%(document)s was generated again from the order as it is now."))
            return redirect("orders:document", pk)
    shown = _page_of(request, row) | {"form": form, "kind": row.type}
    return render(request, "orders/regeneration.html", shown, status=422 if form.errors else 200)


@asks(Right.WRITE)
def delete(request: DeskRequest, pk: int) -> HttpResponse:
    """Delete a document, after a question that says what becomes of its number."""
    row = document_of(pk, request.user)
    cannot = why_it_stays(row)
    if request.method == "POST" and not cannot:
        try:
            services.delete(row, by=request.user, revision=_revision_in(request))
        except DomainError as problem:
            cannot = str(problem)
        else:
            _say(request, row, _("%(document)s was deleted."))
            return _to_documents(row.order)
    shown = _page_of(request, row) | {
        "cannot": cannot,
        "is_last": bool(row.series and row.serial == row.series.last),
    }
    return render(
        request, "orders/document_deletion.html", shown, status=409 if cannot and request.method == "POST" else 200
    )


@acts(Right.WRITE)
def try_again(request: DeskRequest, pk: int) -> HttpResponse:
    """Make the PDF once more that could not be made."""
    row = document_of(pk, request.user)
    services.render_again([row.pk])
    messages.info(request, _("The PDF is being made once more."))
    return _to_documents(row.order)


def _revision_in(request: DeskRequest) -> int | None:
    """The revision that was seen; None where a program sent none."""
    return read_key(request.POST.get("revision")) or None


def _say(request: DeskRequest, row: OrderDocument, sentence: str) -> None:
    name = f"{row.type} {row.number}".strip()
    messages.success(request, sentence % {"document": name[:1].upper() + name[1:]})


def _to_documents(order: Order) -> HttpResponse:
    return redirect(f"{order.get_absolute_url()}#documents")
