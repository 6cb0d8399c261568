"""Change an order: header and lines; whoever comes second is told and loses nothing."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from depesa.catalog.models import Product
from depesa.core.errors import DomainError, StaleState
from depesa.core.inputs import read_key
from depesa.orders import services
from depesa.orders.forms.items import after, drafts_of, lines_from, lines_with, row_of, row_of_product
from depesa.orders.forms.orders import OrderForm
from depesa.orders.models import Order
from depesa.orders.queries.conflicts import Meeting, meet, newest_entry
from depesa.orders.queries.detail import order_of
from depesa.orders.queries.products import Hit, hits_for
from depesa.orders.services import ItemDraft
from depesa.staff.policy import DeskRequest, asks, shows
from depesa.staff.rules import Right
from depesa.ui.forms import show_refusal


@asks(Right.WRITE)
def edit(request: DeskRequest, pk: int) -> HttpResponse:
    """Change the order as it was opened."""
    found = order_of(pk, request.user)
    if found.is_removed:
        messages.error(request, _("The order was removed. Restore it first."))
        return redirect(found)
    if request.method != "POST":
        return _show_page(request, found, _opened(found), lines_with([*map(row_of, found.items.all()), {}]))
    if act := act_of(request.POST):
        return _show_page(
            request, found, typed_header(request.POST, found), lines_with(rows_after(act, request, found))
        )
    form, formset = OrderForm(request.POST, instance=Order(pk=pk)), lines_from(request.POST)
    if form.is_valid() and formset.is_valid():
        items = drafts_of(formset)
        if not any(each.errors for each in formset):
            return _keep(request, found, form, formset, items)
    return _show_page(request, found, form, formset, status=422)


@shows(Right.SEE)
def product_hits(request: DeskRequest) -> HttpResponse:
    """Products whose code or name begins as typed, each as a button that adds it."""
    return render(request, "orders/parts/product_hits.html", {"hits": hits_for(request.GET.get("find", ""))})


def act_of(data: QueryDict) -> str:
    """Which button was pressed, empty for the one that saves; the Enter key searches while a search is typed."""
    act = data.get("act", "")
    return ("find" if data.get("find", "").strip() else "") if act == "enter" else act


def _keep(request: DeskRequest, found: Order, form: OrderForm, formset: Any, items: list[ItemDraft]) -> HttpResponse:
    version = form.cleaned_data["version"]
    try:
        services.change(found, form.values, items, version=version, by=request.user)
    except StaleState:
        return _meet(request, found.pk, form, items)
    except DomainError as problem:
        show_refusal(form, problem)
        return _show_page(request, found, form, formset, status=422)
    messages.success(request, _("Saved. Documents stay as they are until they are generated again."))
    return redirect(found)


def _meet(request: DeskRequest, pk: int, form: OrderForm, items: list[ItemDraft]) -> HttpResponse:
    """Somebody was faster: their changes are taken over where nothing was typed, the rest stands side by side."""
    fresh = order_of(pk, request.user)
    typed = form.values | {"items": services.items_told(items)}
    meeting = meet(fresh, form.cleaned_data["opened"], typed)
    data = request.POST.copy()
    data["version"], data["opened"] = str(fresh.version), str(newest_entry(fresh))
    for name in meeting.taken_over:
        if name in form.fields:
            data[name] = getattr(fresh, name) or ""
    lines = lines_with([*map(row_of, fresh.items.all()), {}]) if "items" in meeting.taken_over else lines_from(data)
    return _show_page(request, fresh, OrderForm(data, instance=Order(pk=pk)), lines, status=409, meeting=meeting)


def _opened(found: Order) -> OrderForm:
    return OrderForm(instance=found, initial={"version": found.version, "opened": newest_entry(found)})


def typed_header(data: QueryDict, found: Order) -> OrderForm:
    """The header with what was typed, right or wrong, while only the lines change."""
    typed = {name: data.get(name, "") for name in OrderForm.base_fields}
    return OrderForm(instance=found, initial=typed)


def rows_after(act: str, request: DeskRequest, order: Order) -> list[dict[str, Any]]:
    """The lines after a button of theirs; a product comes with its price in the order's price list."""
    word, _dash, key = act.partition("-")
    product = Product.objects.filter(pk=read_key(key)).first() if word == "add" else None
    if product is None:
        return after(act, request.POST)
    row = row_of_product(
        product,
        order.price_list,
        currency=order.currency,
        includes_vat=order.includes_vat,
        language=order.language,
    )
    return after(act, request.POST, row)


def _show_page(
    request: DeskRequest,
    found: Order,
    form: OrderForm,
    formset: Any,
    *,
    status: int = 200,
    meeting: Meeting | None = None,
) -> HttpResponse:
    hits: list[Hit] = hits_for(request.POST.get("find", "")) if act_of(request.POST) == "find" else []
    both = [
        {"label": form.fields[name].label if name in form.fields else _("items"), "now": now}
        for name, now in (meeting.both.items() if meeting else ())
    ]
    shown = {"order": found, "form": form, "formset": formset, "meeting": meeting, "both": both, "hits": hits}
    return render(request, "orders/edit.html", shown, status=status)
