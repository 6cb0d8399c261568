"""Take an invoice back, whole or in part."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from depesa.company.queries import today
from depesa.orders import services
from depesa.orders.forms.documents import CreditForm
from depesa.orders.queries.documents import document_of
from depesa.staff.policy import DeskRequest, asks
from depesa.staff.rules import Right
from depesa.ui.forms import posted, pressed, refusals_shown


@asks(Right.WRITE)
def credit(request: DeskRequest, pk: int) -> HttpResponse:
    """Make a credit note of some or all items of the invoice, with what is left of each."""
    row = document_of(pk, request.user)
    if row.type.code != "invoice":
        messages.error(request, _("A credit note is made from an invoice."))
        return redirect("orders:document", pk)
    form = CreditForm(posted(request), invoice=row, left=services.left_to_credit(row), today=today())
    if form.is_valid():
        with refusals_shown(form):
            wished = {
                name: form.cleaned_data[name] for name in ("reason", "issued_on", "tax_on") if form.cleaned_data[name]
            }
            made = pressed(request, lambda: services.credit(row, form.quantities, by=request.user, **wished))
            messages.success(request, _("Credit note %(number)s was made.") % {"number": made.number})
            return redirect(f"{row.order.get_absolute_url()}#documents")
    shown = {"document": row, "order": row.order, "form": form, "is_left": any(form.left.values())}
    return render(request, "orders/credit_note.html", shown, status=422 if form.errors else 200)
