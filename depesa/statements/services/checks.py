"""Whether a sending operation may leave: one sentence for each thing that stands in its way."""

from collections.abc import Collection, Sequence

from depesa.core.reasons import gettext as _
from depesa.documents.rules import Posting
from depesa.mail.addresses import AddressError, split_addresses
from depesa.operations.models import Operation
from depesa.operations.services import already_posted
from depesa.statements.models import Statement, StatementState
from depesa.statements.queries import has_living_letter


def living(operations: Collection[int]) -> set[int]:
    """Those operations one of whose letters is on its way, has arrived, or may have."""
    return set(Operation.objects.filter(has_living_letter(), pk__in=operations).values_list("pk", flat=True))


def recipients(operation: Operation, own: str) -> Sequence[str]:
    """The addresses on the operation, as mail servers take them; AddressError names each wrong one."""
    return [address.text for address in split_addresses(operation.addresses, own=[own])]


def blocker(operation: Operation, own: str, *, has_left: bool, is_again: bool = False) -> str:
    """Why the letter of this operation may not leave; empty if it may. `own` is the address we send from.

    `has_left`: one of its letters is alive. `is_again`: a person asked for one more letter although one has left.
    """
    statement: Statement | None = getattr(operation, "statement", None)
    if operation.removed_at:
        return _("It was removed. Put it back first.")
    if not is_again and operation.posting == Posting.POSTED:
        return already_posted(operation)
    if not is_again and has_left:
        return _("Its letter has left already. Use “Send again” if the customer needs another one.")
    if statement is None:
        return _("No statement belongs to it. Form the period first.")
    if operation.customer_id != statement.customer_id:
        return _(
            "Its statement is that of %(customer)s. Set the customer back; another one has a statement of their own."
        ) % {"customer": statement.customer}
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
