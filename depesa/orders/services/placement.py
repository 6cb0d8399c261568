"""Place orders: snapshot, number, state, stock, and what follows from it, in one transaction."""

from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from depesa.company.models import Company
from depesa.company.queries import current
from depesa.core.edits import unless_there
from depesa.core.errors import Faults
from depesa.core.reasons import gettext as _
from depesa.core.texts import one_line
from depesa.customers.models import Customer
from depesa.customers.services import found_or_made
from depesa.documents.models import NumberSeries
from depesa.documents.rules import Sums
from depesa.documents.services import reserve
from depesa.history.models import Origin
from depesa.history.services import Fact, fact_of, record
from depesa.orders.models import AutomaticInvoice, Item, Order, PaymentKind, State
from depesa.orders.queries.settings import invoicing
from depesa.orders.rules.presets import order_preset
from depesa.orders.rules.states import StateType
from depesa.orders.services import shelf
from depesa.orders.services.checks import check
from depesa.orders.services.documents.invoices import invoice_by_itself
from depesa.orders.services.drafts import DELIVERY, PARTY, ItemDraft, OrderDraft, check_items, item_rows, items_of
from depesa.orders.services.states import mark_paid
from depesa.staff.models import User
from depesa.triggers.rules import Reason
from depesa.triggers.services import Change, note

SERIES: Final = "orders"
_FIRST: Final = (StateType.RECEIVED, StateType.UNRESOLVED, StateType.CANCELLED)
SNAPSHOT: Final = ("name", "company_code", "vat_code", "street", "postcode", "city", "country", "email", "phone")


def place(
    drafts: Sequence[OrderDraft],
    *,
    by: User | None = None,
    origin: str = Origin.STAFF.value,
    send_emails: bool = True,
) -> list[Order]:
    """Place these orders, in their order; Faults names what is wrong with the first bad one, and none is placed.

    The state is Received, or Unresolved where the price of shipping is still to be agreed, or Cancelled. What is paid
    already, or costs nothing, is marked paid. The letter of each is noted, and the invoice made if the settings say
    so; letters are written out later.
    """
    company, settings = current(), invoicing()
    lines = [items_of(draft) for draft in drafts]
    with transaction.atomic():
        customers = _customers(drafts, by=by, origin=origin)
        states = {state.type: state for state in State.objects.filter(type__in=_FIRST)}
        orders = [
            _order(draft, items, customer, company, states, by=by, origin=origin)
            for draft, items, customer in zip(drafts, lines, customers, strict=True)
        ]
        _number(orders)
        _insert(orders)
        rows = [row for order, items in zip(orders, lines, strict=True) for row in item_rows(order, items)]
        if origin != Origin.IMPORT:
            held = [row for row in rows if shelf.holds_goods(row.order)]
            shelf.take(held, is_forced=origin != Origin.SHOP)
        Item.objects.bulk_create(rows, batch_size=1000)
        paid = [order for order, draft in zip(orders, drafts, strict=True) if _is_paid(order, draft, origin)]
        if origin != Origin.IMPORT:
            changes = [_change(order, is_paid=order in paid, send_emails=send_emails) for order in orders]
            note(changes, by=by, origin=origin)
        record([_placed(order, origin) for order in orders], by=by, origin=origin)
        if settings.automatic == AutomaticInvoice.ORDERED and origin != Origin.IMPORT:
            invoice_by_itself(orders, by=by, origin=origin, send_emails=send_emails)
        if paid:
            moments = {order.pk: draft.paid_at for order, draft in zip(orders, drafts, strict=True)}
            for at in dict.fromkeys(moments[order.pk] for order in paid):
                ids = [order.pk for order in paid if moments[order.pk] == at]
                mark_paid(ids, is_paid=True, by=by, origin=origin, send_emails=send_emails, at=at)
            for order in paid:
                order.refresh_from_db(fields=["paid_at", "version", "changed_at", "invoice_problem"])
    return orders


def _is_paid(order: Order, draft: OrderDraft, origin: str) -> bool:
    """Whether nothing is left to pay: it was told so, or it costs nothing and no price is open."""
    costs_nothing = not order.gross and not order.is_individual_shipping and origin != Origin.IMPORT
    return draft.is_paid or costs_nothing


def _first_state(draft: OrderDraft) -> str:
    if draft.is_cancelled:
        return StateType.CANCELLED
    return StateType.UNRESOLVED if draft.is_individual_shipping else StateType.RECEIVED


def _customers(drafts: Sequence[OrderDraft], *, by: User | None, origin: str) -> list[Customer]:
    """The card of each order: the given one, the one with the same e-mail and name, or a new contact."""
    strangers = [draft for draft in drafts if draft.customer is None]
    for draft in strangers:
        if not draft.party.get("name", "").strip():
            raise Faults({"name": _("Write the name of the customer, or choose one.")})
    cards = [
        {"language": draft.language, **{name: draft.party.get(name, "") for name in SNAPSHOT}} for draft in strangers
    ]
    is_told = origin in (Origin.API, Origin.IMPORT)  # by a program: nobody is there to correct an address
    found = iter(found_or_made(cards, by=by, origin=origin, keeps_wrong_address=is_told))
    return [draft.customer or next(found) for draft in drafts]


def _order(
    draft: OrderDraft,
    items: Sequence[ItemDraft],
    customer: Customer,
    company: Company,
    states: dict[str, State],
    *,
    by: User | None,
    origin: str,
) -> Order:
    if not draft.items:
        raise Faults({"items": _("Write at least one item.")})
    currency = draft.currency or (draft.price_list.currency if draft.price_list else "") or company.currency
    sums = check_items(items, currency, includes_vat=draft.includes_vat)
    order = Order(
        number=draft.number.strip(),
        external_number=draft.external_number.strip(),
        origin=origin,
        customer=customer,
        state=states[_first_state(draft)],
        placed_at=draft.placed_at or timezone.now(),
        language=_language(draft, customer, company),
        currency=currency,
        price_list=draft.price_list,
        price_list_name=draft.price_list.name if draft.price_list else "",
        includes_vat=draft.includes_vat,
        is_reverse_charge=draft.is_reverse_charge,
        has_account=draft.has_account,
        is_proven=draft.is_proven,
        note=draft.note,
        internal_note=draft.internal_note,
        consents=list(draft.consents),
        is_individual_shipping=draft.is_individual_shipping,
        payment_kind=draft.payment_kind,
        variable_symbol=draft.variable_symbol.strip(),
        content_hash=draft.content_hash,
        created_by=by,
        **_ways(draft),
        **_told_elsewhere(draft),
        **_party(draft, customer),
    )
    check(order, items)
    put_sums(order, sums)
    return order


def put_sums(order: Order, sums: Sums) -> None:
    """Write on the order what its items add up to."""
    order.net, order.vat, order.gross, order.rates = sums.net, sums.vat, sums.gross, sums.kept()


def _language(draft: OrderDraft, customer: Customer, company: Company) -> str:
    return draft.language or customer.language or company.language


def _told_elsewhere(draft: OrderDraft) -> dict[str, Any]:
    return {"elsewhere": draft.elsewhere, "differs": draft.differs, "told_more": dict(draft.told_more)}


def _ways(draft: OrderDraft) -> dict[str, str]:
    """How it is shipped and paid, as texts."""
    return {
        "shipping_code": draft.shipping.code if draft.shipping else "",
        "shipping_name": draft.shipping.name if draft.shipping else "",
        "payment_code": draft.payment.code if draft.payment else "",
        "payment_name": draft.payment.name if draft.payment else "",
    }


def _party(draft: OrderDraft, customer: Customer) -> dict[str, str]:
    """The snapshot of who orders; fields that were not given at all come from the card."""
    found = {name: str(draft.party[name] if name in draft.party else getattr(customer, name)) for name in PARTY}
    found |= {name: draft.delivery.get(name, "") for name in DELIVERY}
    kept = {name: text.strip() if name == "email" else one_line(text) for name, text in found.items()}
    return {**kept, "name": kept["name"] or customer.name, "person": one_line(draft.person)[:200]}


def _number(orders: Sequence[Order]) -> None:
    """Numbers from the series of orders for those without one; variable symbols follow from them."""
    bare = [order for order in orders if not order.number]
    if bare:
        series = NumberSeries.objects.get(code=SERIES)
        serials = reserve(series, len(bare), kind="order", taken=taken_numbers)
        for order, serial in zip(bare, serials, strict=True):
            order.number = series.written(serial)
    for order in orders:
        order.variable_symbol = order.variable_symbol or symbol_of(order.number)


def taken_numbers(written: Sequence[str]) -> set[str]:
    """Which of these numbers an order bears already."""
    return set(Order.objects.filter(number__in=written).values_list("number", flat=True))


def symbol_of(number: str) -> str:
    """The variable symbol that a number makes: its digits, at most the last ten."""
    return "".join(c for c in number if c.isdigit() and c.isascii())[-10:].lstrip("0")


def _insert(orders: Sequence[Order]) -> None:
    with unless_there(Faults({"number": _("Another order has this number.")})):
        Order.objects.bulk_create(orders, batch_size=500)


def _change(order: Order, *, is_paid: bool, send_emails: bool) -> Change:
    is_cancelled = order.state.type == StateType.CANCELLED
    return Change(
        key=f"{order.ref}:placed",
        event="order-placed",
        subject=order.ref,
        name=order.number,
        customer_id=order.customer_id,
        after=order.state.code,
        system_email=order_preset(
            has_account=order.has_account,
            is_transfer=order.payment_kind == PaymentKind.TRANSFER and not is_paid,
            is_individual=order.is_individual_shipping,
        ),
        reason=Reason.NOT_NEEDED if is_cancelled else "",
        detail=_("The order was cancelled.") if is_cancelled else "",
        language=order.language,
        send_emails=send_emails,
    )


def _placed(order: Order, origin: str) -> Fact:
    after: dict[str, Any] = {
        "number": order.number,
        "state": order.state.code,
        "gross": f"{order.gross:f}",
        "currency": order.currency,
    }
    event = "orders.imported" if origin == Origin.IMPORT else "orders.placed"
    return fact_of(order, event, after=after)
