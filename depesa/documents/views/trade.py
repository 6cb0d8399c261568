"""What a customer bought, as pieces of the pages that are about the customer: figures and a plot by month."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from depesa.core.periods import Period
from depesa.customers.models import Customer
from depesa.documents.queries import Turnover, trade_by_month, turnover_of
from depesa.staff.policy import DeskRequest, shows
from depesa.staff.rules import Right
from depesa.ui.parts import Figure
from depesa.ui.templatetags.lists import money

MONTHS: Final = 24
MOST_PLOTS: Final = 3  # currencies


@dataclass(frozen=True, slots=True)
class Trade:
    """The trade in one currency, month by month, as the plot takes it."""

    currency: str
    values: list[float]
    labels: list[str]


@shows(Right.SEE)
def figures_of_customer(request: DeskRequest, pk: int) -> HttpResponse:
    """Turnover per currency over all posted sales documents."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    if not request.htmx:
        return redirect(_documents_of(customer))
    figures = [_figure(each, _documents_of(customer)) for each in turnover_of(pk)]
    return render(request, "ui/parts/figure_list.html", {"figures": figures or [Figure(_("Turnover"), "–")]})


@shows(Right.SEE)
def trade_of_customer(request: DeskRequest, pk: int) -> HttpResponse:
    """A small plot of the trade by month, one for each currency, with its table for screen readers."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    if not request.htmx:
        return redirect(_documents_of(customer))
    plots = [_trade(pk, each) for each in turnover_of(pk)[:MOST_PLOTS]]
    return render(request, "documents/trade_of_customer.html", {"plots": plots})


def _figure(turnover: Turnover, url: str) -> Figure:
    documents = ngettext("%(count)s document", "%(count)s documents", turnover.count) % {"count": turnover.count}
    words = {"gross": money(turnover.gross, turnover.currency), "documents": documents}
    return Figure(
        _("Turnover"),
        money(turnover.net, turnover.currency),
        url,
        _("%(gross)s with VAT, %(documents)s") % words,
    )


def _trade(customer_id: int, turnover: Turnover) -> Trade:
    months = trade_by_month(customer_id, turnover.currency, Period.of(turnover.last_on), MONTHS)
    return Trade(
        turnover.currency,
        [float(amount) for _month, amount in months],
        [date_format(month.first, "m/y") for month, _amount in months],
    )


def _documents_of(customer: Customer) -> str:
    return f"{reverse('documents:documents')}?{urlencode({'customer': customer.code})}"
