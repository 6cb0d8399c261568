"""What orders hold of the counted stock: each line knows what was really taken for it, and only that goes back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from depesa.catalog.services import take_stock
from depesa.history.models import Origin
from depesa.orders.models import Item, ItemKind, Order
from depesa.orders.rules.states import StateType


def holds_goods(order: Order) -> bool:
    """Whether the goods of the order are set aside: not of one that is cancelled or removed, or came from a file."""
    is_over = order.is_removed or order.state.type == StateType.CANCELLED
    return not is_over and order.origin != Origin.IMPORT


def take(rows: Sequence[Item], *, is_forced: bool) -> None:
    """Take what these lines sell off the shelf, and write on them what was taken; the caller stores them."""
    goods = _goods(rows)
    counted = take_stock([(row.product_id or 0, row.quantity) for row in goods], is_forced=is_forced)
    for row in goods:
        row.taken = row.quantity if row.product_id in counted else Decimal(0)


def give_back(ids: Iterable[int]) -> None:
    """Put what was taken for these orders back on the shelf."""
    taken = Item.objects.filter(order__in=ids, taken__gt=0)
    take_stock(
        [(pk, -Decimal(quantity)) for pk, quantity in taken.values_list("product", "taken") if pk], is_forced=True
    )
    taken.update(taken=Decimal(0))


def take_again(ids: Iterable[int]) -> None:
    """Take the goods of these orders once more: they have come back to life."""
    rows = list(Item.objects.filter(order__in=ids, taken=0))
    take(rows, is_forced=True)
    Item.objects.bulk_update([row for row in rows if row.taken], ["taken"])


def exchange(order: Order, before: Sequence[Item], after: Sequence[Item]) -> None:
    """Take or put back by how much the order grows or shrinks; what was sold uncounted is not counted afterwards."""
    if not holds_goods(order):
        return
    had, wants, taken = _summed(before, "quantity"), _summed(after, "quantity"), _summed(before, "taken")
    rests = {pk: min(max(taken[pk] + wants[pk] - had[pk], Decimal(0)), wants[pk]) for pk in {**had, **wants}}
    counted = take_stock([(pk, rest - taken[pk]) for pk, rest in rests.items()], is_forced=True)
    for row in _goods(after):
        pk = row.product_id or 0
        held = rests[pk] if pk in counted or rests[pk] == taken[pk] else min(taken[pk], wants[pk])
        row.taken = min(held, row.quantity)
        rests[pk] = taken[pk] = wants[pk] = held - row.taken


def _goods(rows: Iterable[Item]) -> list[Item]:
    return [row for row in rows if row.product_id and row.kind == ItemKind.PRODUCT]


def _summed(rows: Iterable[Item], name: str) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for row in _goods(rows):
        sums[row.product_id or 0] += getattr(row, name)
    return sums
