"""What visitors write to us, and what we answer."""

from django.db import transaction
from django.utils import timezone

from depesa.core.errors import Faults
from depesa.core.reasons import gettext as _
from depesa.core.texts import fold, one_line, some_lines
from depesa.customers.services import find_or_create
from depesa.history.services import Fact, record
from depesa.orders.models import Order
from depesa.shop.models import Account, Message, Reply
from depesa.shop.services.accounts import checked_address, is_owner
from depesa.shop.services.links import ORIGIN
from depesa.staff.models import User
from depesa.staff.services import limits
from depesa.triggers.services import Change, note

LONGEST = 5000


def write(
    *,
    email: str,
    text: str,
    language: str,
    machine: str,
    name: str = "",
    order_number: str = "",
    account: Account | None = None,
) -> Message:
    """Keep the message as a note in the history of the customer and, if it is theirs, of the order; confirm it.

    What was written is repeated to nobody but its writer, signed in with the address.
    """
    address = checked_address(email)
    written = _cleaned(text)
    if not written:
        raise Faults({"text": _("Write your message.")})
    limits.pass_through(message_machine=machine, letter_machine=machine, letter=address)
    is_proven = is_owner(account, address)
    with transaction.atomic():
        customer = (
            account.customer
            if account and is_proven
            else find_or_create(email=address, name=name, language=language, origin=ORIGIN)
        )
        order = _own_order(order_number, address, customer.pk)
        message = Message.objects.create(
            customer=customer,
            order=order,
            name=one_line(name),
            email=address,
            is_proven=is_proven,
            language=language,
            text=written,
        )
        _tell_written(message, "shop.message-received", written)
        _note(message, "received", language=language)
    return message


def answer(message: Message, text: str, *, by: User) -> Reply:
    """Answer a message in the thread of the letter that confirmed it; the letter leaves by itself."""
    written = _cleaned(text)
    if not written:
        raise Faults({"text": _("Write the answer.")})
    with transaction.atomic():
        reply = Reply.objects.create(message=message, text=written, by=by)
        Message.objects.filter(pk=message.pk).update(answered_at=timezone.now(), closed_at=None)
        _tell_written(message, "shop.message-answered", written, by=by)
        _note(message, f"reply:{reply.pk}", language=message.language, reply=reply, by=by)
    message.refresh_from_db()
    return reply


def close(message: Message, *, by: User) -> None:
    """The message needs no answer."""
    with transaction.atomic():
        if Message.objects.filter(pk=message.pk, closed_at=None).update(closed_at=timezone.now()):
            _tell_written(message, "shop.message-closed", "", by=by)


def _own_order(number: str, email: str, customer_id: int) -> Order | None:
    """The order of this number, if whoever writes is its customer; a stranger's order stays untouched."""
    found = Order.objects.present().filter(number=number.strip()).first() if number.strip() else None
    is_own = found is not None and (found.customer_id == customer_id or found.email_key == fold(email))
    return found if is_own else None


def _note(message: Message, what: str, *, language: str, reply: Reply | None = None, by: User | None = None) -> None:
    change = Change(
        key=f"{message.ref}:{what}",
        event="message-written",
        subject=message.ref,
        customer_id=message.customer_id,
        after={"reply": reply.pk} if reply else None,
        language=language,
    )
    note([change], by=by, origin="" if by else ORIGIN)


def _tell_written(message: Message, event: str, text: str, *, by: User | None = None) -> None:
    subject = message.order.ref if message.order else message.ref
    fact = Fact(event=event, subject=subject, customer_id=message.customer_id, note=text)
    record([fact], by=by, origin="" if by else ORIGIN)


def _cleaned(text: str) -> str:
    return some_lines(text)[:LONGEST]
