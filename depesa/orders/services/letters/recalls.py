"""Stop letters that wait to leave and would tell what is no longer so."""

from collections.abc import Sequence
from contextlib import suppress

from depesa.orders.models import Order
from depesa.orders.rules.presets import PAY_BY_TRANSFER
from depesa.outbox.models import Delivery, State
from depesa.outbox.services import cancel
from depesa.outbox.services.decisions import TooLateToCancel
from depesa.staff.models import User
from depesa.triggers.models import Transition


def recall(orders: Sequence[Order], *, only_requests: bool, reason: str, by: User | None) -> None:
    """Stop the letter of each new order that has not left; `only_requests`: if it asks for a payment by transfer."""
    noted = Transition.objects.filter(key__in=[f"{order.ref}:placed" for order in orders], message__isnull=False)
    if only_requests:
        noted = noted.filter(system_email__code__in=PAY_BY_TRANSFER)
    waiting = Delivery.objects.filter(message__in=noted.values("message"), state__in=[State.QUEUED, State.HELD])
    for delivery in waiting.select_related("message").order_by("pk"):
        with suppress(TooLateToCancel):
            cancel(delivery, reason=reason, by=by)
