"""Money that a payment gateway or another shop tells of: counted on the order, whatever has become of it."""

from decimal import Decimal

from django.db import transaction

from depesa.core.edits import RAISED, raise_version
from depesa.history.services import tell
from depesa.orders.models import Order
from depesa.orders.queries.money import standing


def take_in(pk: int, amount: Decimal | None, *, origin: str) -> Order:
    """Count what came in for the order; None: what is still missing, or all of it once more. In its currency."""
    with transaction.atomic():
        order = _locked(pk)
        missing = order.gross - order.money_kept
        more = amount if amount is not None else missing if missing > 0 else order.gross
        return _count(order, "received", more, "orders.money-received", origin=origin)


def give_back(pk: int, amount: Decimal | None, *, origin: str) -> Order:
    """Count what went back to the customer; None: everything that came in."""
    with transaction.atomic():
        order = _locked(pk)
        more = amount if amount is not None else order.money_kept or order.gross
        return _count(order, "returned", more, "orders.money-returned", origin=origin)


def _locked(pk: int) -> Order:
    return Order.objects.select_for_update(of=("self",), no_key=True).select_related("state").get(pk=pk)


def _count(order: Order, name: str, more: Decimal, event: str, *, origin: str) -> Order:
    """Add to the amount; what a person should look at is open again."""
    amount = Decimal(getattr(order, name) or 0) + more
    before = {name: f"{getattr(order, name) or 0:f}", "resolved": order.is_resolved}
    setattr(order, name, amount)
    order.received = order.received or Decimal(0)
    if standing(order):
        order.resolved_at = None
    raise_version(order, None)
    order.save(update_fields=["received", "returned", "resolved_at", *RAISED])
    after = {name: f"{amount:f}", "resolved": order.is_resolved}
    tell(order, event, before=before, after=after, origin=origin)
    return order
