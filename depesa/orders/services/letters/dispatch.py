"""Send a letter that a person wrote: documents, letter and history in one transaction, or nothing of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from depesa.core.edges import assert_outside_transaction, kill_point
from depesa.core.errors import Refused, StaleState
from depesa.history.services import Fact, record
from depesa.orders.models import Order
from depesa.orders.services.letters.composition import Composed, Wanted, compose
from depesa.orders.services.letters.enclosures import ForeseenWrong
from depesa.outbox.models import Message
from depesa.outbox.services import queue

TRIES: Final = 5  # another process may take a foreseen number each time


def key_of(token: UUID) -> str:
    """Under which the letter of a window stands in the outbox: there can be one only."""
    return f"order-letter:{token}"


def message_of(token: UUID) -> Message | None:
    """The letter that this window has sent, if it has."""
    return Message.objects.filter(dedupe_key=key_of(token)).first()


@dataclass(frozen=True, slots=True)
class Sent:
    """The letter in the outbox, the types that were generated with it, and those that cannot be, with the reason."""

    message: Message
    generated: Sequence[str] = ()
    skipped: dict[str, str] = field(default_factory=dict)


def send(wanted: Wanted, *, and_then: Callable[[], object] = lambda: None) -> Sent:
    """Queue the letter and what is generated for it; the same key sends once, however often it is asked.

    An accounting document that does not exist is left out and named. `and_then` happens in the same transaction.
    """
    assert_outside_transaction()
    for _try in range(TRIES):
        if known := Message.objects.filter(dedupe_key=wanted.key).first():
            return Sent(known)
        composed = compose(wanted)
        kill_point("order-letter-composed")
        try:
            with transaction.atomic():
                message = _queued(composed)
                and_then()
                kill_point("order-letter-queued")
        except ForeseenWrong:
            continue
        return Sent(message, composed.plan.codes, composed.plan.skipped)
    raise StaleState(_("Others are generating the same documents just now. Send it once more."))


def _queued(composed: Composed) -> Message:
    wanted = composed.wanted
    order = Order.objects.select_for_update(of=("self",)).get(pk=wanted.order.pk)
    if order.is_removed:
        raise Refused(_("The order was removed. Restore it first."))
    if known := Message.objects.filter(dedupe_key=wanted.key).first():
        return known  # somebody pressed twice, and the other press was faster
    message = queue([composed.keep()], by=wanted.by)[wanted.key]
    record([_fact(composed, message)], by=wanted.by, origin=wanted.origin)
    return message


def _fact(composed: Composed, message: Message) -> Fact:
    wanted, its_plan = composed.wanted, composed.plan
    names = [each.name for each in (*its_plan.files, *composed.others)]
    return Fact(
        event="orders.letter-sent",
        subject=wanted.order.subject,
        customer_id=wanted.order.customer_id,
        after={
            "message": message.pk,
            "subject": wanted.subject,
            "to": ", ".join((*wanted.to, *wanted.cc, *wanted.bcc)),
            "files": ", ".join(names),
        },
        note=" ".join(its_plan.skipped.values()),
    )
