"""The register of sales documents: list, posting, taking back."""

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from depesa.core.inputs import read_key, read_lines
from depesa.core.money import rounded
from depesa.core.search import has_words
from depesa.customers.models import Customer
from depesa.customers.queries import narrow_to_customer
from depesa.documents import services
from depesa.documents.models import POSTINGS, TYPES, Document
from depesa.documents.views.confirmation import ask_to_post, ask_to_take_back
from depesa.staff.policy import DeskRequest, asks, shows
from depesa.staff.rules import Right
from depesa.ui import marks
from depesa.ui.answers import answer_list
from depesa.ui.confirmations import is_confirmed
from depesa.ui.filters import Choice, InPeriod, Text
from depesa.ui.lists import Act, Column, List, Sort
from depesa.ui.templatetags.ui import badge

NAME: Final = "documents"


def _found(rows: QuerySet[Document], text: str) -> QuerySet[Document]:
    """Documents in whose number it stands; if there is none, those of customers that are found so.

    One or the other: an OR of both, beside another filter, is walked through from end to end.
    """
    return rows.filter(has_words(Document, text)) if _is_number(text) else narrow_to_customer(rows, text)


def _is_number(text: str) -> bool:
    return Document.objects.filter(has_words(Document, text)).exists()


DOCUMENTS: Final = List[Document](
    name=NAME,
    title=gettext_lazy("Documents"),
    columns=[
        Column("date", gettext_lazy("date"), lambda row: row.document_on, width="tight"),
        Column("number", gettext_lazy("number"), str, width="tight", is_link=True),
        Column("type", gettext_lazy("type"), lambda row: row.get_type_display(), width="tight"),
        Column("customer", gettext_lazy("customer"), lambda row: row.customer.name, width="long"),
        Column("customer_code", gettext_lazy("customer code"), lambda row: row.customer.code, is_only_in_files=True),
        Column(
            "posting",
            gettext_lazy("state"),
            lambda row: row.get_posting_display(),
            draw=lambda row: badge(row.posting.replace("-", "_")),
            width="tight",
        ),
        Column("due", gettext_lazy("due"), lambda row: row.due_on, is_only_in_files=True),
        Column("net", gettext_lazy("net"), lambda row: rounded(row.signed_net, row.currency), width="number wide"),
        Column("vat", gettext_lazy("VAT"), lambda row: rounded(row.signed_vat, row.currency), width="number wide"),
        Column(
            "gross",
            gettext_lazy("sum"),
            lambda row: rounded(row.signed_gross, row.currency),
            unit=lambda row: row.currency,
            width="number tight end",
        ),
        Column("currency", gettext_lazy("currency"), lambda row: row.currency, is_only_in_files=True),
    ],
    sorts=[
        Sort("date", ["-document_on", "-id"]),
        Sort("number", ["number_key", "id"]),
    ],
    filters=[
        Choice("state", gettext_lazy("state"), choices=POSTINGS, where="posting"),
        InPeriod("month", gettext_lazy("month"), where="document_on"),
        Choice("type", gettext_lazy("type"), choices=TYPES, where="type"),
        Text("customer", gettext_lazy("customer"), where=narrow_to_customer),
        Text(
            "number",
            gettext_lazy("number"),
            where=lambda rows, text: rows.filter(has_words(Document, text)),
            sort="-number",
        ),
        Text(
            "currency",
            gettext_lazy("currency"),
            sentence="%(label)s: %(value)s",
            where=lambda rows, text: rows.filter(currency=text.upper()),
        ),
    ],
    acts=[
        Act(
            "post",
            gettext_lazy("Post"),
            "documents:posting",
            icon="stamp",
            shortcut="p",
            right=Right.POST,
            is_primary=True,
        ),
        Act("take-back", gettext_lazy("Take posting back"), "documents:withdrawal", icon="undo", right=Right.POST),
    ],
    search=_found,
    search_sort=lambda text: "-number" if _is_number(text) else "",
    search_label=gettext_lazy("Number or customer"),
)


@asks(Right.SEE)
def documents(request: DeskRequest) -> HttpResponseBase:
    """The register."""
    rows = Document.objects.visible_to(request.user).select_related("customer").defer("lines", "rates")
    context = {"empty_template": "documents/no_documents.html", "may_write": request.user.may(Right.WRITE)}
    return answer_list(request, DOCUMENTS, rows, template="documents/documents.html", context=context)


@shows(Right.SEE)
def of_customer(request: DeskRequest, pk: int) -> HttpResponse:
    """The last documents of a customer, as a piece of the customer's page."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    url = f"{reverse('documents:documents')}?{urlencode({'customer': customer.code})}"
    if not request.htmx:
        return redirect(url)
    rows = Document.objects.visible_to(request.user).filter(customer=customer).defer("lines", "rates")
    shown = {"rows": rows.order_by("-document_on", "-id")[:10], "url": url}
    return render(request, "documents/of_customer.html", shown)


@asks(Right.POST)
def post(request: DeskRequest) -> HttpResponse:
    """Post the marked documents, or the one that is named: how many, which sums, what is odd; then do it."""
    chosen = _chosen(request)
    if not is_confirmed(request, chosen.count()):
        return ask_to_post(request, chosen)
    ids = list(chosen.values_list("pk", flat=True))
    outcome = services.post(ids, by=request.user)
    text = ngettext("%(n)s document was posted.", "%(n)s documents were posted.", outcome.done)
    return _say_outcome(request, ids, outcome, text)


@asks(Right.POST)
def take_back(request: DeskRequest) -> HttpResponse:
    """Take the posting of the marked documents back, or of the one that is named."""
    chosen = _chosen(request)
    if not is_confirmed(request, chosen.count()):
        return ask_to_take_back(request, chosen)
    ids = list(chosen.values_list("pk", flat=True))
    reason = read_lines(request.POST.get("reason"), most=500)
    outcome = services.take_back(ids, by=request.user, reason=reason)
    text = ngettext(
        "The posting of %(n)s document was taken back.", "The posting of %(n)s documents was taken back.", outcome.done
    )
    return _say_outcome(request, ids, outcome, text)


def _chosen(request: DeskRequest) -> QuerySet[Document]:
    """The document that the address names, or all that are marked."""
    named = request.GET.get("document", "")
    rows = Document.objects.visible_to(request.user)
    if named:
        pk = read_key(named)
        return rows.filter(pk=get_object_or_404(rows, pk=pk).pk)
    return rows.filter(pk__in=marks.marked(request.user.pk, NAME))


def _say_outcome(request: DeskRequest, ids: list[int], outcome: Any, text: str) -> HttpResponse:
    """Say how many were done; what was refused stays marked and is shown with its reason."""
    refused = {refusal.document.pk for refusal in outcome.refused}
    marks.remove(request.user.pk, NAME, [pk for pk in ids if pk not in refused])
    if outcome.done:
        messages.success(request, text % {"n": outcome.done})
    if outcome.refused:
        return render(
            request, "documents/refused.html", {"outcome": outcome, "title": _("Not everything could be done")}
        )
    if request.GET.get("document"):
        return redirect("documents:document", ids[0])
    return redirect("documents:documents")
