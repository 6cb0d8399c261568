"""Change an order by hand: who, what, how; and remove and restore orders."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from depesa.core.edits import Snapshot, check_seen, edited, put, raised, snapshot
from depesa.core.money import rounded
from depesa.core.texts import one_line
from depesa.history.models import Origin
from depesa.history.services import fact_of, record, teller
from depesa.orders.models import Item, ItemKind, Order
from depesa.orders.services import shelf
from depesa.orders.services.checks import check
from depesa.orders.services.documents.invoices import invoice_when_due
from depesa.orders.services.drafts import DELIVERY, PARTY, ItemDraft, check_items, item_rows
from depesa.orders.services.placement import put_sums
from depesa.orders.services.states import Outcome, mark_paid
from depesa.staff.models import User

HEADER: Final = (
    *PARTY, *DELIVERY, "person",
    "language", "external_number", "note", "internal_note", "shipping_code", "shipping_name",
    "is_individual_shipping", "payment_code", "payment_name", "payment_kind", "variable_symbol", "tracking_code",
    "tracking_url", "is_reverse_charge",
)  # fmt: skip
"""What may be changed after an order is placed; currency and prices with or without VAT may not."""
_LINES: Final = frozenset((*PARTY, *DELIVERY, "person")) - {"email"}  # an order may have several addresses, one a line


def change(
    order: Order,
    values: Mapping[str, Any],
    items: Sequence[ItemDraft] | None = None,
    *,
    version: int | None,
    by: User | None,
    origin: str = Origin.STAFF.value,
) -> Order:
    """Change the order as somebody saw it in this version; Overtaken when it has changed since. None: as it is now.

    Documents that were generated stay as they are until they are generated again.
    """

    def told(row: Order) -> Snapshot:
        return _header_told(row) if items is None else _header_told(row) | {"items": items_told(_items_of(row))}

    with transaction.atomic():
        with edited(order, version, by=by, told=told, tell=teller("orders.changed", by=by, origin=origin)) as row:
            was_open, was_gross = row.is_individual_shipping, row.gross
            put(row, {**values, **{name: one_line(values[name]) for name in _LINES & values.keys()}}, HEADER)
            check(row, _items_of(row) if items is None else items)
            if items is not None:
                _replace(row, items)
        if (was_open, was_gross) != (row.is_individual_shipping, row.gross) and not row.is_individual_shipping:
            _follow(row, was_open=was_open, by=by, origin=origin)
    return row


def _follow(row: Order, *, was_open: bool, by: User | None, origin: str) -> None:
    """What follows from another sum: it may be paid whole now, and an invoice may be due that waited for the price."""
    if not row.is_paid and row.received and row.money_kept >= row.gross:
        mark_paid([row.pk], is_paid=True, by=by, origin=origin)
    elif was_open:
        invoice_when_due(row, by=by, origin=origin)


def _items_of(row: Order) -> list[Item]:
    return list(row.items.order_by("position", "id"))


def _replace(row: Order, items: Sequence[ItemDraft]) -> None:
    """The lines as they are now; one of shipping agrees its price, one that stays keeps what another shop fixed."""
    before = _items_of(row)
    fixed = {_sum_key(item): item.told for item in before if item.told}
    items = [replace(item, told=item.told or fixed.get(_sum_key(item))) for item in items]
    put_sums(row, check_items(items, row.currency, includes_vat=row.includes_vat))
    after = item_rows(row, items)
    shelf.exchange(row, before, after)
    had_price, has_price = (any(item.kind == ItemKind.SHIPPING for item in lines) for lines in (before, after))
    row.is_individual_shipping = row.is_individual_shipping and not (has_price and not had_price)
    row.items.all().delete()
    Item.objects.bulk_create(after)


def _sum_key(item: Item | ItemDraft) -> tuple[object, ...]:
    return (item.kind, item.code, item.text, item.quantity, item.price, item.vat_rate)


def remove(
    ids: Sequence[int], *, by: User | None, origin: str = Origin.STAFF.value, version: int | None = None
) -> Outcome:
    """Take these orders out of the lists; nothing is lost, their goods are put back, the number is not given again.

    One of them alone as somebody saw it in this version; Overtaken when it has changed since.
    """
    return _put_away(ids, is_removed=True, by=by, origin=origin, version=version)


def restore(ids: Sequence[int], *, by: User | None, origin: str = Origin.STAFF.value) -> Outcome:
    """Bring removed orders back as they were; their goods are taken again."""
    return _put_away(ids, is_removed=False, by=by, origin=origin)


def _put_away(
    ids: Sequence[int], *, is_removed: bool, by: User | None, origin: str, version: int | None = None
) -> Outcome:
    outcome = Outcome()
    at = timezone.now() if is_removed else None
    with transaction.atomic():
        locked = Order.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(ids))
        rows = list(locked.select_related("state").order_by("pk"))
        for row in rows:
            check_seen(row, version)
        changing = [row for row in rows if row.is_removed != is_removed]
        outcome.changed = [row.pk for row in changing]
        outcome.unchanged = [row.pk for row in rows if row.is_removed == is_removed]
        Order.objects.filter(pk__in=outcome.changed).update(
            removed_at=at, removed_by=by if is_removed else None, **raised(by)
        )
        for row in changing:
            row.removed_at = at
        if is_removed:
            shelf.give_back(outcome.changed)
        else:
            shelf.take_again([row.pk for row in changing if shelf.holds_goods(row)])
        event = "orders.removed" if is_removed else "orders.restored"
        before, after = {"removed": not is_removed}, {"removed": is_removed}
        record([fact_of(row, event, before=before, after=after) for row in changing], by=by, origin=origin)
    return outcome


def _header_told(row: Order) -> dict[str, Any]:
    return snapshot(row, HEADER) | {"gross": f"{rounded(row.gross, row.currency):f}"}


def items_told(items: Sequence[Item | ItemDraft]) -> str:
    """The lines as the history tells them."""
    return "; ".join(_item_told(item) for item in items)


def _item_told(item: Item | ItemDraft) -> str:
    quantity, price, rate = (value.normalize() for value in (item.quantity, item.price, item.vat_rate))
    return f"{quantity:f} × {item.text.strip()} {price:f} ({rate:f} %)"
