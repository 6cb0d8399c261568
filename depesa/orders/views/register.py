"""The list of orders."""

from typing import Any, Final

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from depesa.catalog.models import PriceList
from depesa.core.languages import choices
from depesa.customers.queries import narrow_to_customer
from depesa.history.models import Origin
from depesa.orders.models import Bulk, Order, PaymentKind, State
from depesa.orders.queries.lookup import by_state, found, since, until, with_counts
from depesa.orders.queries.money import look_at_money, otherwise_elsewhere
from depesa.orders.templatetags.orders import state_badge
from depesa.staff.policy import DeskRequest, asks, shows
from depesa.staff.rules import Right
from depesa.ui.answers import answer_list
from depesa.ui.filters import Choice, Day, Text, Yes
from depesa.ui.lists import Act, Column, List, Sort
from depesa.ui.templatetags.ui import badge

MARKS: Final = "orders"


def _paid(order: Order) -> SafeString:
    return badge(word=_now("paid"), tone="good", icon="check") if order.is_paid else SafeString()


def _resolved(order: Order) -> SafeString:
    return badge(word=_now("resolved"), tone="good", icon="check") if order.is_resolved else SafeString()


def _items(order: Order) -> SafeString:
    """How many products; pointing at it brings a preview of what was ordered."""
    return format_html(
        '<span class="peek" tabindex="0" hx-get="{}" hx-trigger="mouseenter once, focus once" '
        'hx-target="find .peeked" hx-swap="innerHTML">{}<span class="peeked"></span></span>',
        reverse("orders:preview", args=[order.pk]),
        _count(order),
    )


def _count(order: Order) -> int:
    return int(getattr(order, "product_count", 0))  # annotated by with_counts


def _came_through(order: Order) -> str:
    return " · ".join(filter(None, [str(order.get_origin_display()), order.elsewhere]))


def _act(verb: str, label: Any, icon: str, **more: Any) -> Act:
    return Act(verb, label, f"orders:bulk_{verb}", icon=icon, **{"right": Right.WRITE, **more})


ORDERS = List[Order](
    name=MARKS,
    has_choice=True,
    title=_("Orders"),
    columns=[
        Column("number", _("number"), lambda row: row.number, width="tight", is_link=True),
        Column("placed", _("placed"), lambda row: timezone.localtime(row.placed_at), width="tight"),
        Column("customer", _("customer"), lambda row: row.name, width="long"),
        Column("email", _("e-mail"), lambda row: row.email, width="wider cut"),
        Column("items", _("items"), _count, draw=_items, width="wide number"),
        Column("shipping", _("shipping"), lambda row: row.shipping_name, width="wider cut"),
        Column("payment", _("payment"), lambda row: row.payment_name, width="wider cut"),
        Column("sum", _("total"), lambda row: row.gross, unit=lambda row: row.currency, width="number"),
        Column("currency", _("currency"), lambda row: row.currency, is_only_in_files=True),
        Column("paid", _("paid"), lambda row: row.is_paid, draw=_paid, width="tight end"),
        Column("resolved", _("resolved"), lambda row: row.is_resolved, draw=_resolved, width="wider tight"),
        Column("symbol", _("variable symbol"), lambda row: row.variable_symbol, is_extra=True),
        Column("external", _("number elsewhere"), lambda row: row.external_number, is_extra=True),
        Column("language", _("language"), lambda row: row.get_language_display(), is_extra=True),
        Column("pricelist", _("price list"), lambda row: row.price_list_name, is_extra=True),
        Column("origin", _("came through"), _came_through, is_extra=True),
        Column(
            "state", _("state"), lambda row: str(row.state), draw=lambda row: state_badge(row.state), width="tight end"
        ),
    ],
    sorts=[Sort("placed", ["-placed_at", "-id"])],
    filters=[
        Choice("state", _("state"), choices=State.objects.all(), named_by="code", where="state__code"),
        Choice(
            "paid",
            _("payment"),
            choices=[("yes", _("paid")), ("no", _("unpaid"))],
            where=lambda rows, value: rows.filter(paid_at__isnull=value == "no"),
        ),
        Choice(
            "resolved",
            _("work"),
            choices=[("yes", _("resolved")), ("no", pgettext_lazy("order", "not resolved"))],
            where=lambda rows, value: rows.filter(resolved_at__isnull=value == "no"),
        ),
        Text("customer", _("customer"), where=narrow_to_customer),
        Day("since", _("date"), where=since, sentence=_("%(label)s since %(value)s")),
        Day("until", _("date"), where=until, sentence=_("%(label)s until %(value)s")),
        Choice("language", _("language"), choices=choices, where="language"),
        Choice(
            "pricelist",
            _("price list"),
            choices=PriceList.objects.order_by("name"),
            where=lambda rows, value: rows.filter(price_list=int(value)),
        ),
        Choice("way", _("way of payment"), choices=PaymentKind.choices, where="payment_kind"),
        Choice("origin", _("came through"), choices=Origin.choices, where="origin"),
        Yes("money", _("money to look at"), where=lambda rows, _yes: rows.filter(look_at_money())),
        Yes("differs", _("otherwise in its shop"), where=lambda rows, _yes: rows.filter(otherwise_elsewhere())),
        Yes("uninvoiced", _("invoice missing"), where=lambda rows, _yes: rows.filter(invoice_missing_at__isnull=False)),
        Yes("removed", _("removed"), where=lambda rows, _yes: rows.filter(removed_at__isnull=False)),
    ],
    acts=[
        _act("state", _("Change state"), "refresh", shortcut="s", is_primary=True),
        _act("paid", _("Mark paid"), "money"),
        _act("unpaid", _("Mark unpaid"), "undo"),
        _act("resolved", _("Mark resolved"), "check"),
        _act("unresolved", _("Mark unresolved"), "undo"),
        _act("documents", _("Generate documents"), "documents"),
        _act("invoices", _("Generate invoices"), "stamp", right=Right.POST),
        _act("remove", _("Remove"), "bin"),
    ],
    search=found,
    search_label=_("Number, name, e-mail, document or variable symbol"),
)


@asks(Right.SEE)
def orders(request: DeskRequest) -> HttpResponseBase:
    """The list of orders with a quick filter for each state; removed ones stand in it only if they are asked for."""
    rows = with_counts(Order.objects.visible_to(request.user).select_related("state"))
    if "yes" not in (request.GET.get("removed"), request.GET.get("money")):
        rows = rows.filter(removed_at__isnull=True)
    shown = {
        "empty_template": "orders/none.html",
        "may_write": request.user.may(Right.WRITE),
        "state_tabs": _tabs(request),
        "open_bulk": Bulk.objects.filter(finished_at__isnull=True).order_by("-pk").first(),
    }
    return answer_list(request, ORDERS, rows, template="orders/orders.html", context=shown)


def _tabs(request: DeskRequest) -> list[dict[str, Any]]:
    """All, and one quick filter a state, with the other filters kept."""
    chosen = request.GET.get("state", "")
    counted = by_state()
    total = sum(each.count for each in counted)
    tabs = [{"label": _("All"), "url": _address(request, ""), "is_current": not chosen, "count": total}]
    for each in counted:
        if each.count or each.state.code == chosen:
            url, is_current = _address(request, each.state.code), each.state.code == chosen
            tabs.append({"label": str(each.state), "url": url, "is_current": is_current, "count": each.count})
    return tabs


def _address(request: DeskRequest, state: str) -> str:
    words = request.GET.copy()
    for name in ("state", "at", "file"):
        words.pop(name, None)
    if state:
        words["state"] = state
    return f"{request.path}?{words.urlencode()}" if words else request.path


@shows(Right.SEE)
def preview(request: DeskRequest, pk: int) -> HttpResponse:
    """What was ordered, by whom, with which notes: shown where the list is pointed at."""
    order = get_object_or_404(Order.objects.visible_to(request.user), pk=pk)
    items = list(order.items.all()[:31])
    shown = {"order": order, "items": items[:30], "has_more": len(items) > 30}
    return render(request, "orders/preview.html", shown)
