"""Form one statement anew after its documents changed: only when a person asks for it."""

from collections.abc import Sequence

from django.db import transaction

from depesa.core.edits import RAISED, raise_version
from depesa.core.errors import Refused
from depesa.core.languages import speaking
from depesa.core.leases import FREE
from depesa.core.reasons import gettext as _
from depesa.history.services import Fact, record
from depesa.operations.models import Operation
from depesa.staff.models import User
from depesa.statements.models import Statement, StatementRun, StatementState
from depesa.statements.queries import differences, has_left, stale
from depesa.statements.services.builder import (
    Found,
    RunContext,
    StatementDraft,
    context_of,
    draw_up,
    read_documents,
    seal_of,
    write,
    write_lines,
)

RENEWED = (
    "sheet", "document_count", "totals", "main_currency", "main_total", "language", "anomalies", "formed_at", "state",
    "problem", "paper", "machine_copy", "rendered_at", *FREE,
)  # fmt: skip


def re_form(statement: Statement, *, by: User | None) -> Statement:
    """Freeze the customer's documents anew.

    Before the letter has left, the same statement shows them, with the address and an edited text kept. After it,
    revision 2 with an operation of its own says what changed; posting that one answers in the same thread.
    """
    with transaction.atomic():
        run = StatementRun.objects.select_for_update(no_key=True).get(pk=statement.run_id)
        operation = Operation.objects.select_for_update(no_key=True).get(pk=statement.operation_id)
        row = Statement.objects.select_related("run", "customer").get(pk=statement.pk)
        _check_open(run, row, operation)
        found = read_documents(row.period, [row.customer_id]).get(row.customer_id)
        if found is None:
            raise Refused(_("The customer has no posted document in the period now. Remove the operation instead."))
        context = context_of(run, run.operation, by)
        is_sent = Operation.objects.filter(has_left(), pk=operation.pk).exists()
        return _revise(context, row, operation, found) if is_sent else _renew(context, row, operation, found)


def _check_open(run: StatementRun, statement: Statement, operation: Operation) -> None:
    if unfinished := run.unfinished:
        raise Refused(unfinished)
    if statement.state == StatementState.SUPERSEDED:
        raise Refused(_("A revision has replaced this statement. Form that one anew."))
    if statement.state == StatementState.LEFT_OUT or operation.removed_at:
        raise Refused(_("The customer is left out of this period. Put the operation back first."))


def _shows(statement: Statement, found: Found) -> bool:
    """Whether the statement shows these documents as they are, though they were changed and changed back."""
    now = ([list(row) for row in found.ledger.rows], [list(rate) for rate in found.ledger.rates])
    return now == (statement.sheet["rows"], statement.sheet["rates"])


def _write_lines_anew(context: RunContext, statement: Statement, found: Found) -> None:
    statement.lines.all().delete()
    write_lines(context, [statement], [found])


def _changes(statement: Statement) -> Sequence[str]:
    with speaking(statement.language):
        return [each.sentence(statement.language) for each in differences(statement)]


def _of_rates(statement: Statement) -> str:
    with speaking(statement.language):
        return _("VAT rates of documents were corrected; the sums are the same.")


def _draft(context: RunContext, statement: Statement, operation: Operation, found: Found) -> StatementDraft:
    language = statement.customer.language or context.company.language
    return StatementDraft(statement.customer, found.ledger, operation.addresses, language, statement.revision)


def _renew(context: RunContext, statement: Statement, operation: Operation, found: Found) -> Statement:
    """The letter has not left: the statement itself is frozen anew and waits for its PDF."""
    changes = _changes(statement)
    was_edited = statement.sheet["wording"] != seal_of(operation.subject, operation.letter_text)
    draft = _draft(context, statement, operation, found)
    if statement.sheet["revision"]:
        draft.changes = [*statement.sheet["revision"]["changes"], *changes]
    (fresh,) = draw_up(context, [draft])
    for name in RENEWED:
        setattr(statement, name, getattr(fresh, name))
    statement.save(update_fields=RENEWED)
    if not was_edited:
        for name in ("subject", "letter_text", "refusal"):
            setattr(operation, name, getattr(fresh.operation, name))
    raise_version(operation, context.by)
    operation.save(update_fields=["subject", "letter_text", "refusal", *RAISED])
    _write_lines_anew(context, statement, found)
    _tell_anew(context, statement, changes)
    return statement


def _revise(context: RunContext, statement: Statement, operation: Operation, found: Found) -> Statement:
    """The letter has left: it stays what it was, and a revision with a letter of its own takes over."""
    if _shows(statement, found):
        if not stale(context.run).filter(pk=statement.pk).exists():
            raise Refused(_("Nothing has changed since the letter left. Use “Send again” to send it once more."))
        _write_lines_anew(context, statement, found)
        return statement
    changes = _changes(statement) or [_of_rates(statement)]
    draft = _draft(context, statement, operation, found)
    draft.revision, draft.changes = statement.revision + 1, changes
    Statement.objects.filter(pk=statement.pk).update(state=StatementState.SUPERSEDED)
    statement.lines.update(is_current=False)
    (revision,) = write(context, [draft])
    write_lines(context, [revision], [found])
    _tell_anew(context, revision, changes)
    return revision


def _tell_anew(context: RunContext, statement: Statement, changes: Sequence[str]) -> None:
    fact = Fact(event="statements.re-formed", subject=Operation.ref_of(statement.operation_id))
    fact.customer_id = statement.customer_id
    fact.after = {"revision": statement.revision, "changes": list(changes)}
    record([fact], by=context.by)
