"""The history of an order as scripts read it, changes and letters in one line of time, and the names in it."""

from typing import Any

from depesa.core.records import about
from depesa.documents.models import DocumentType
from depesa.history.contributions import Names
from depesa.history.models import Entry
from depesa.orders.models import Order, State
from depesa.outbox.models import Delivery, Message


def history_of(order: Order) -> list[dict[str, Any]]:
    """Every change and every letter of the order, oldest first, with the keys that the command promises."""
    changes = Entry.objects.filter(about(order.ref)).select_related("actor").order_by("id")
    letters = Message.objects.concerning(order.ref).select_related("created_by").defer("skeleton")
    told = [_change(entry) for entry in changes] + [_letter_out(message) for message in letters.order_by("id")]
    return [row for _at, row in sorted(told, key=lambda pair: pair[0])]


def _change(entry: Entry) -> tuple[Any, dict[str, Any]]:
    return entry.at, {
        "at": entry.at.isoformat(),
        "event": entry.event,
        "who": str(entry.actor) if entry.actor else "",
        "origin": entry.origin,
        "before": entry.before,
        "after": entry.after,
        "message": None,
    }


def _letter_out(message: Message) -> tuple[Any, dict[str, Any]]:
    states = dict(Delivery.objects.filter(message=message).order_by("id").values_list("recipient", "state"))
    return message.sealed_at, {
        "at": message.sealed_at.isoformat(),
        "event": "outbox.letter",
        "who": str(message.created_by) if message.created_by else "",
        "origin": "staff" if message.created_by else "system",
        "before": None,
        "after": {"subject": message.subject, "recipients": states},
        "message": message.pk,
    }


def names() -> Names:
    """Codes that the history of orders keeps, by the names that states and types have today."""
    return {
        "state": {state.code: str(state) for state in State.objects.all()},
        "type": {kind.code: str(kind) for kind in DocumentType.objects.all()},
    }
