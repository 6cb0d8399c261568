"""What a customer ordered, as pieces of the pages that are about the customer."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from depesa.customers.models import Customer
from depesa.orders.queries.trade import orders_of, unpaid_of
from depesa.staff.policy import DeskRequest, shows
from depesa.staff.rules import Right
from depesa.ui.parts import Figure
from depesa.ui.templatetags.lists import money

SHOWN: Final = 10


@shows(Right.SEE)
def of_customer(request: DeskRequest, pk: int) -> HttpResponse:
    """The last orders of a customer, with state and total."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    if not request.htmx:
        return redirect(customer)
    found = list(orders_of(pk, request.user)[: SHOWN + 1])
    shown = {"orders": found[:SHOWN], "has_more": len(found) > SHOWN, "customer": customer}
    return render(request, "orders/of_customer.html", shown)


@shows(Right.SEE)
def figures_of_customer(request: DeskRequest, pk: int) -> HttpResponse:
    """How many orders a customer has placed, and what is not paid yet."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    if not request.htmx:
        return redirect(customer)
    orders = orders_of(pk, request.user)
    count, last = orders.count(), orders.first()
    hint = _("the last one on %(day)s") % {"day": date_format(last.placed_at, "SHORT_DATE_FORMAT")} if last else ""
    figures = [Figure(_("Orders"), str(count) if count else "–", last.get_absolute_url() if last else "", hint)]
    for each in unpaid_of(pk, request.user):
        words = ngettext("%(count)s order", "%(count)s orders", each.count) % {"count": each.count}
        figures.append(Figure(_("Unpaid"), money(each.gross, each.currency), hint=words, tone="doubt"))
    return render(request, "ui/parts/figure_list.html", {"figures": figures})
