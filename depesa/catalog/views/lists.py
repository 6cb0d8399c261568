"""Pages of categories and price lists."""

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from depesa.catalog import queries, services
from depesa.catalog.forms import CategoryForm, PriceListForm
from depesa.catalog.models import Category, PriceList
from depesa.staff.policy import DeskRequest, asks, shows
from depesa.staff.rules import Right
from depesa.ui.forms import Back, answer_form, saved


@shows(Right.SEE)
def categories(request: DeskRequest) -> HttpResponse:
    """Every category, in the order of the shop."""
    rows = Category.objects.annotate(count=Count("products")).order_by("position", "pk")
    shown = {"categories": rows, "may_write": request.user.may(Right.WRITE)}
    return render(request, "catalog/categories.html", shown)


@asks(Right.WRITE)
def new_category(request: DeskRequest) -> HttpResponse:
    return _answer_category(request, Category(), _("New category"))


@asks(Right.WRITE)
def category(request: DeskRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Category, pk=pk)
    return _answer_category(request, found, found.name)


@shows(Right.SEE)
def price_lists(request: DeskRequest) -> HttpResponse:
    """Every price list, the default one first."""
    rows = PriceList.objects.annotate(count=Count("prices")).order_by("-is_default", "name", "pk")
    shown = {
        "price_lists": rows,
        "usual": queries.default_price_list(),
        "may_set_up": request.user.may(Right.SET_UP),
    }
    return render(request, "catalog/price_lists.html", shown)


@asks(Right.SET_UP)
def new_price_list(request: DeskRequest) -> HttpResponse:
    currency = queries.default_price_list().currency
    form = PriceListForm(request.POST or None, initial={"currency": currency})
    return _answer_price_list(request, form, PriceList(), _("New price list"))


@asks(Right.SET_UP)
def price_list(request: DeskRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(PriceList, pk=pk)
    return _answer_price_list(request, PriceListForm(request.POST or None, instance=found), found, found.name)


def _answer_category(request: DeskRequest, found: Category, title: str) -> HttpResponse:
    form = CategoryForm(request.POST or None, instance=found)
    if saved(request, form, lambda: services.save_category(found, form.values(), version=form.seen, by=request.user)):
        return redirect("catalog:categories")
    return answer_form(request, form, title, Back(_("Categories"), "catalog:categories"))


def _answer_price_list(request: DeskRequest, form: PriceListForm, found: PriceList, title: str) -> HttpResponse:
    if saved(request, form, lambda: services.save_price_list(found, form.values(), version=form.seen, by=request.user)):
        return redirect("catalog:price_lists")
    return answer_form(request, form, title, Back(_("Price lists"), "catalog:price_lists"))
