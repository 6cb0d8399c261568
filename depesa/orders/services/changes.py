"""Change an order by hand: who, what, how; and remove and restore orders."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from depesa.core.errors import Faults, StaleState
from depesa.core.languages import codes
from depesa.core.money import rounded
from depesa.core.reasons import gettext as _
from depesa.history.models import Origin
from depesa.history.services import Fact, record
from depesa.orders.models import Item, ItemKind, Order, PaymentKind
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


def change(
    order: Order,
    values: Mapping[str, Any],
    items: Sequence[ItemDraft] | None = None,
    *,
    version: int,
    by: User | None,
    origin: str = Origin.STAFF.value,
) -> Order:
    """Change the order as somebody saw it in this version; StaleState when it has changed since.

    Documents that were generated stay as they are until they are generated again.
    """
    with transaction.atomic():
        row = Order.objects.select_for_update(of=("self",)).select_related("state").get(pk=order.pk)
        if row.version != version:
            raise StaleState
        before = _told(row) | _items_told(row, items)
        for name in HEADER:
            if name in values:
                setattr(row, name, values[name])
        _check(row)
        if items is not None:
            _replace(row, items)
        after = _told(row) | _items_told(row, items)
        changed = [name for name in after if before[name] != after[name]]
        if changed:
            row.version += 1
            row.save()
            facts = {name: before[name] for name in changed}, {name: after[name] for name in changed}
            _tell([row], "orders.changed", *facts, by=by, origin=origin)
    return row


def _check(row: Order) -> None:
    faults = {}
    if not row.name.strip():
        faults["name"] = _("Write the name of the customer.")
    if row.language not in codes():
        faults["language"] = _("Choose one of: %(known)s.") % {"known": ", ".join(codes())}
    if row.payment_kind not in PaymentKind.values:
        faults["payment_kind"] = _("Choose one of: %(known)s.") % {"known": ", ".join(PaymentKind.values)}
    symbol = row.variable_symbol
    if symbol and not (symbol.isdigit() and symbol.isascii() and len(symbol) <= 10):
        faults["variable_symbol"] = _("A variable symbol is at most 10 digits.")
    if row.tracking_url and not row.tracking_url.lower().startswith(("https://", "http://")):
        faults["tracking_url"] = _("A link begins with https:// or http://.")
    if faults:
        raise Faults(faults)


def _replace(row: Order, items: Sequence[ItemDraft]) -> None:
    if row.is_reverse_charge and any(item.vat_rate for item in items):
        raise Faults({"items": _("With reverse charge the VAT rate of every item is 0.")})
    put_sums(row, check_items(items, row.currency, includes_vat=row.includes_vat))
    row.items.all().delete()
    Item.objects.bulk_create(item_rows(row, items))


def draft_of(item: Item) -> ItemDraft:
    """The item as it would be entered."""
    return ItemDraft(
        text=item.text,
        quantity=item.quantity,
        price=item.price,
        vat_rate=item.vat_rate,
        code=item.code,
        unit=item.unit,
        kind=ItemKind(item.kind).value,
        product=item.product,
        invoice_note=item.invoice_note,
    )


def remove(ids: Sequence[int], *, by: User | None, origin: str = Origin.STAFF.value) -> Outcome:
    """Take these orders out of the lists; nothing is lost, and the number is not given again."""
    return _put_away(ids, is_removed=True, by=by, origin=origin)


def restore(ids: Sequence[int], *, by: User | None, origin: str = Origin.STAFF.value) -> Outcome:
    """Bring removed orders back as they were."""
    return _put_away(ids, is_removed=False, by=by, origin=origin)


def _put_away(ids: Sequence[int], *, is_removed: bool, by: User | None, origin: str) -> Outcome:
    outcome = Outcome()
    at = timezone.now() if is_removed else None
    with transaction.atomic():
        rows = list(Order.objects.select_for_update(of=("self",)).filter(pk__in=list(ids)).order_by("pk"))
        changing = [row for row in rows if row.is_removed != is_removed]
        outcome.changed = [row.pk for row in changing]
        outcome.unchanged = [row.pk for row in rows if row.is_removed == is_removed]
        Order.objects.filter(pk__in=outcome.changed).update(
            removed_at=at, removed_by=by if is_removed else None, version=F("version") + 1
        )
        event = "orders.removed" if is_removed else "orders.restored"
        _tell(changing, event, {"removed": not is_removed}, {"removed": is_removed}, by=by, origin=origin)
    return outcome


def _told(row: Order) -> dict[str, Any]:
    return {name: getattr(row, name) for name in HEADER} | {"gross": f"{rounded(row.gross, row.currency):f}"}


def _items_told(row: Order, items: Sequence[ItemDraft] | None) -> dict[str, Any]:
    if items is None:
        return {}
    return {"items": items_told(list(row.items.order_by("position", "id")))}


def items_told(items: Sequence[Item | ItemDraft]) -> str:
    """The lines as the history tells them."""
    return "; ".join(_written(item) for item in items)


def _written(item: Item | ItemDraft) -> str:
    quantity, price, rate = (value.normalize() for value in (item.quantity, item.price, item.vat_rate))
    return f"{quantity:f} × {item.text.strip()} {price:f} ({rate:f} %)"


def _tell(rows: Sequence[Order], event: str, before: Any, after: Any, *, by: User | None, origin: str) -> None:
    record(
        [Fact(event=event, subject=row.ref, customer_id=row.customer_id, before=before, after=after) for row in rows],
        by=by,
        origin=origin,
    )
