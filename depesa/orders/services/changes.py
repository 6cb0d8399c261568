"""Change an order by hand: who, what, how; and remove and restore orders."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from depesa.core.edits import Snapshot, check_seen, edited, put, raised, snapshot
from depesa.core.money import rounded
from depesa.core.texts import one_line
from depesa.history.models import Origin
from depesa.history.services import fact_of, record, teller
from depesa.orders.models import Item, Order
from depesa.orders.services.checks import check
from depesa.orders.services.drafts import DELIVERY, PARTY, ItemDraft, check_items, item_rows
from depesa.orders.services.placement import put_sums
from depesa.orders.services.states import Outcome
from depesa.staff.models import User

HEADER: Final = (
    *PARTY, *DELIVERY, "language", "external_number", "note", "internal_note", "shipping_code", "shipping_name",
    "is_individual_shipping", "payment_code", "payment_name", "payment_kind", "variable_symbol", "tracking_code",
    "tracking_url", "is_reverse_charge",
)  # fmt: skip
"""What may be changed after an order is placed; currency and prices with or without VAT may not."""
_LINES: Final = frozenset(PARTY + DELIVERY) - {"email"}  # an order may have several addresses, one a line


def change(
    order: Order,
    values: Mapping[str, Any],
    items: Sequence[ItemDraft] | None = None,
    *,
    version: int,
    by: User | None,
    origin: str = Origin.STAFF.value,
) -> Order:
    """Change the order as somebody saw it in this version; Overtaken when it has changed since.

    Documents that were generated stay as they are until they are generated again.
    """

    def told(row: Order) -> Snapshot:
        return _header_told(row) if items is None else _header_told(row) | {"items": items_told(_items_of(row))}

    with edited(order, version, by=by, told=told, tell=teller("orders.changed", by=by, origin=origin)) as row:
        put(row, {**values, **{name: one_line(values[name]) for name in _LINES & values.keys()}}, HEADER)
        check(row, _items_of(row) if items is None else items)
        if items is not None:
            _replace(row, items)
    return row


def _items_of(row: Order) -> list[Item]:
    return list(row.items.order_by("position", "id"))


def _replace(row: Order, items: Sequence[ItemDraft]) -> None:
    put_sums(row, check_items(items, row.currency, includes_vat=row.includes_vat))
    row.items.all().delete()
    Item.objects.bulk_create(item_rows(row, items))


def remove(
    ids: Sequence[int], *, by: User | None, origin: str = Origin.STAFF.value, version: int | None = None
) -> Outcome:
    """Take these orders out of the lists; nothing is lost, and the number is not given again.

    One of them alone as somebody saw it in this version; Overtaken when it has changed since.
    """
    return _put_away(ids, is_removed=True, by=by, origin=origin, version=version)


def restore(ids: Sequence[int], *, by: User | None, origin: str = Origin.STAFF.value) -> Outcome:
    """Bring removed orders back as they were."""
    return _put_away(ids, is_removed=False, by=by, origin=origin)


def _put_away(
    ids: Sequence[int], *, is_removed: bool, by: User | None, origin: str, version: int | None = None
) -> Outcome:
    outcome = Outcome()
    at = timezone.now() if is_removed else None
    with transaction.atomic():
        rows = list(Order.objects.select_for_update(of=("self",)).filter(pk__in=list(ids)).order_by("pk"))
        for row in rows:
            check_seen(row, version)
        changing = [row for row in rows if row.is_removed != is_removed]
        outcome.changed = [row.pk for row in changing]
        outcome.unchanged = [row.pk for row in rows if row.is_removed == is_removed]
        Order.objects.filter(pk__in=outcome.changed).update(
            removed_at=at, removed_by=by if is_removed else None, **raised(by)
        )
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
