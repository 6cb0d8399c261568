"""Pieces of other pages: the statements of a customer, and those in which a document stands."""

from urllib.parse import urlencode

from django.db.models import Prefetch
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from depesa.core.languages import period_in_words
from depesa.core.periods import Period
from depesa.customers.models import Customer
from depesa.documents.models import Document
from depesa.operations.models import Operation
from depesa.operations.queries import ladder_of, with_letters
from depesa.staff.policy import DeskRequest, shows
from depesa.staff.rules import Right
from depesa.statements.models import Statement, StatementLine

SHOWN = 12


@shows(Right.SEE)
def of_customer(request: DeskRequest, pk: int) -> HttpResponseBase:
    """The last statements of a customer."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    url = f"{reverse('operations:operations')}?{urlencode({'customer': customer.code})}"
    if not request.htmx:
        return redirect(url)
    rows = Statement.objects.filter(customer=customer).select_related("run", "paper").defer("sheet")
    rows = rows.prefetch_related(Prefetch("operation", with_letters(Operation.objects.all())))
    last = rows.order_by("-run__period_end_on", "-run__period_first_on", "-revision")[:SHOWN]
    found = [(row, period_in_words(row.period), ladder_of(row.operation)) for row in last]
    return render(request, "statements/of_customer.html", {"rows": found, "url": url})


@shows(Right.SEE)
def of_document(request: DeskRequest, pk: int) -> HttpResponseBase:
    """The statements in which a document stands."""
    document = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    if not request.htmx:
        return redirect("statements:run", Period.from_number(document.month))
    lines = StatementLine.objects.filter(document=document).select_related("statement__run", "statement__customer")
    lines = lines.defer("statement__sheet").order_by("-is_current", "-id")
    found = [
        (line, period_in_words(line.statement.period), line.document_version != document.content_version)
        for line in lines
    ]
    return render(request, "statements/of_document.html", {"rows": found, "document": document})
