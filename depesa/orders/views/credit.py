"""Take an invoice back, whole or in part."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from depesa.company.queries import today
from depesa.core.errors import DomainError
from depesa.orders import services
from depesa.orders.forms.documents import CreditForm
from depesa.orders.models import OrderDocument
from depesa.orders.queries.documents import document_of
from depesa.orders.views.frame import posted, show_faults
from depesa.staff.policy import DeskRequest, allow
from depesa.staff.rules import Right


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Right.WRITE)
def crediting(request: DeskRequest, pk: int) -> HttpResponse:
    """Make a credit note of some or all items of the invoice, with what is left of each."""
    row = document_of(pk, request.user)
    if row.type.code != "invoice":
        messages.error(request, _("A credit note is made from an invoice."))
        return redirect("orders:document", pk)
    form = CreditForm(posted(request), invoice=row, left=services.left_to_credit(row), today=today())
    if request.method == "POST" and form.is_valid() and (made := _credited(request, form, row)):
        messages.success(request, _("Credit note %(number)s was made.") % {"number": made.number})
        return redirect(f"{row.order.get_absolute_url()}#documents")
    shown = {"document": row, "order": row.order, "form": form, "is_left": any(form.left.values())}
    return render(request, "orders/crediting.html", shown, status=422 if form.errors else 200)


def _credited(request: DeskRequest, form: CreditForm, row: OrderDocument) -> OrderDocument | None:
    days = {name: form.cleaned_data[name] for name in ("issued_on", "tax_on") if form.cleaned_data[name]}
    try:
        return services.credit(row, form.quantities, by=request.user, **days)
    except DomainError as problem:
        show_faults(form, problem)
        return None
