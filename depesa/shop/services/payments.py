"""What a payment gateway says: proved by its signature, believed once, and kept whatever has become of the order."""

import time
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import IntegrityError, transaction

from depesa.core.errors import Refused
from depesa.core.inputs import read_amount, read_json, read_text
from depesa.core.locks import unlock
from depesa.core.reasons import gettext as _
from depesa.history.services import tell
from depesa.orders.models import Order, State
from depesa.orders.rules import StateType
from depesa.orders.services import change_state, mark_paid, mark_resolved, payments
from depesa.shop.models import GatewayMessage
from depesa.shop.queries import the_shop
from depesa.shop.rules import is_signed

ORIGIN: Final = "gateway"
STATES: Final = {
    "pending": StateType.PAYMENT_PENDING,
    "paid": StateType.PAYMENT_SUCCEEDED,
    "failed": StateType.PAYMENT_FAILED,
    "cancelled": StateType.PAYMENT_CANCELLED,
}
PAID: Final = "paid"
REFUNDED: Final = "refunded"
EVENTS: Final = (*STATES, REFUNDED)


class NotSigned(Refused):
    """The signature is not right, or the message is older than five minutes."""


class NotUnderstood(Refused):
    """The message is not understood."""


class NoSuchOrder(Refused):
    """There is no such order."""


@dataclass(frozen=True, slots=True)
class Payment:
    """What the gateway says: its own name of the message, the order's number, what happened, and the sum if told."""

    identity: str
    order: str
    event: str
    amount: Decimal | None
    currency: str


def receive(body: bytes, *, timestamp: str, signature: str) -> str:
    """Take a message of the gateway: "moved", "partly" (paid), "noted", "repeated", or "refused" (another currency)."""
    kept = the_shop().secret
    if not kept or not is_signed(unlock(kept, "gateway"), timestamp, body, signature, now=time.time()):
        raise NotSigned
    payment = _payment_in(body)
    order = Order.objects.filter(number=payment.order).first()
    if order is None:
        raise NoSuchOrder
    try:
        with transaction.atomic():
            known = GatewayMessage.objects.create(
                identity=payment.identity, order_number=payment.order, event=payment.event, outcome="moved"
            )
            outcome = _believe(order, payment)
            if outcome != known.outcome:
                GatewayMessage.objects.filter(pk=known.pk).update(outcome=outcome)
    except IntegrityError:
        if not GatewayMessage.objects.filter(identity=payment.identity).exists():
            raise
        return "repeated"
    return outcome


def _believe(order: Order, payment: Payment) -> str:
    """Count the money and move the order, unless it is paid, cancelled or removed; each message is in its history."""
    told = {"event": payment.event, "gateway": payment.identity}
    if payment.amount is not None and payment.currency != order.currency:
        note = _("It was told in another currency than that of the order: %(amount)s %(currency)s.")
        note %= {"amount": payment.amount, "currency": payment.currency or "?"}
        tell(order, "shop.payment-refused", after=told, note=note, origin=ORIGIN)
        return "refused"
    tell(order, "shop.payment-told", after=told, origin=ORIGIN)
    if order.is_paid and payment.event in {"failed", "cancelled"}:
        mark_resolved([order.pk], is_resolved=False, by=None, origin=ORIGIN)  # the money may have gone back
    if payment.event == REFUNDED:
        payments.give_back(order.pk, payment.amount, origin=ORIGIN)
        return "noted"
    if payment.event == PAID:
        order = payments.take_in(order.pk, payment.amount, origin=ORIGIN)
        if order.is_individual_shipping or order.money_kept < order.gross:
            return "partly"
    return "moved" if _move(order, payment) else "noted"


def _move(order: Order, payment: Payment) -> bool:
    """Whether the message moved the order or marked it paid; one whose price is open stays where it is."""
    if order.is_individual_shipping:
        return False
    moved = change_state([order.pk], State.objects.get(type=STATES[payment.event]), by=None, origin=ORIGIN).changed
    if payment.event != PAID:
        return bool(moved)
    is_marked = mark_paid([order.pk], is_paid=True, by=None, origin=ORIGIN).changed  # if the state has not done it
    return bool(moved or is_marked)


def _payment_in(body: bytes) -> Payment:
    wrong = NotUnderstood(_("Send an object with id, order and event (%(events)s).") % {"events": ", ".join(EVENTS)})
    try:
        said = read_json(body)
        amount = read_amount(said["amount"]) if said.get("amount") is not None else None
        payment = Payment(
            identity=read_text(str(said["id"]), most=101),
            order=read_text(str(said["order"]), most=41),
            event=str(said["event"]),
            amount=amount,
            currency=read_text(str(said.get("currency", "")), most=3).upper(),
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        raise wrong from None
    if payment.event not in EVENTS or (payment.amount or 0) < 0:
        raise wrong
    if not 0 < len(payment.identity) <= 100 or not 0 < len(payment.order) <= 40:
        raise wrong
    return payment
