"""Whether a sending operation may leave: one sentence for each thing that stands in its way."""

from collections.abc import Collection, Sequence

from depesa.core.reasons import gettext as _
from depesa.documents.rules import Posting
from depesa.mail.addresses import AddressError, split_addresses
from depesa.operations.models import Operation
from depesa.operations.services import already_posted
from depesa.outbox.models import FAILED_FOR_GOOD, Delivery
from depesa.statements.models import Statement, StatementState


def alive(messages: Collection[int | None]) -> set[int]:
    """Those messages of which at least one copy is on its way, has arrived, or may have."""
    deliveries = Delivery.objects.filter(message__in=[pk for pk in messages if pk])
    return set(deliveries.exclude(state__in=FAILED_FOR_GOOD).values_list("message_id", flat=True))


def recipients(operation: Operation, own: str) -> Sequence[str]:
    """The addresses on the operation, as mail servers take them; AddressError names each wrong one."""
    return [address.text for address in split_addresses(operation.addresses, own=[own])]


def blocker(operation: Operation, living: Collection[int], own: str, *, is_again: bool = False) -> str:
    """Why the letter of this operation may not leave; empty if it may. `own` is the address we send from.

    `is_again`: a person asked for one more letter although one has left.
    """
    statement: Statement | None = getattr(operation, "statement", None)
    if operation.removed_at:
        return _("It was removed. Put it back first.")
    if not is_again and operation.posting == Posting.POSTED:
        return already_posted(operation)
    if not is_again and operation.message_id in living:
        return _("Its letter has left already. Use “Send again” if the customer needs another one.")
    if statement is None:
        return _("No statement belongs to it. Form the period first.")
    return _of_statement(statement) or _of_letter(operation, own)


def _of_statement(statement: Statement) -> str:
    if unfinished := statement.run.unfinished:
        return unfinished
    match statement.state:
        case StatementState.LEFT_OUT:
            return _("The customer is left out of this period. Put the operation back first.")
        case StatementState.SUPERSEDED:
            return _("A revision has replaced this statement. Post the operation of the revision.")
        case StatementState.FORMED:
            return _("The PDF is not ready yet. Wait a moment and post it again.")
        case StatementState.FAILED:
            return _("There is no PDF: %(problem)s") % {"problem": statement.problem}
        case _:
            return ""


def _of_letter(operation: Operation, own: str) -> str:
    if not operation.addresses.strip():
        return _("There is no e-mail address. Fill one in.")
    try:
        if not recipients(operation, own):
            return _("There is no e-mail address. Fill one in.")
    except AddressError as problem:
        return str(problem)
    if not operation.subject.strip():
        return operation.refusal or _("The subject is empty.")
    if not operation.letter_text.strip():
        return _("The letter text is empty.")
    return ""
