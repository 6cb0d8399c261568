"""Build the statements of some customers: read their documents once, write all rows in a few statements."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import BigIntegerField, CharField, Count, ExpressionWrapper, F, Sum
from django.utils import timezone

from depesa.company.models import Company
from depesa.company.queries import current, today
from depesa.core.errors import DomainError
from depesa.core.languages import formatter
from depesa.core.models import columns_of
from depesa.core.money import to_stored
from depesa.core.periods import Period, PeriodKind
from depesa.core.tables import insert_rows
from depesa.customers.models import Customer
from depesa.customers.queries import statement_addresses
from depesa.documents.models import Document
from depesa.history.services import Fact, record
from depesa.operations.models import Operation, Task
from depesa.pdf.glyphs import without_glyph
from depesa.staff.models import User
from depesa.statements.models import Settings, Statement, StatementLine, StatementRun, StatementState
from depesa.statements.paper import Ledger, Row, codes_of, freeze, ledger
from depesa.statements.queries import previous_run
from depesa.statements.rules.anomalies import Before, find_anomalies
from depesa.statements.services.setup import SENDING, task
from depesa.statements.services.words import Occasion, Wording, word_letters


class Moved(DomainError):
    """Documents of the period were changed while their statements were being formed. Form them again."""


@dataclass(frozen=True, slots=True)
class RunContext:
    """What is the same for every statement of a run."""

    run: StatementRun
    period: Period
    operation: Operation
    task: Task
    company: Company
    settings: Settings
    previous: StatementRun | None
    dated: str
    by: User | None
    at: dt.datetime


def context_of(run: StatementRun, operation: Operation, by: User | None) -> RunContext:
    """Read once what every statement of the run needs."""
    return RunContext(
        run=run,
        period=run.period,
        operation=operation,
        task=task(SENDING),
        company=current(),
        settings=Settings.now(),
        previous=previous_run(run),
        dated=today().isoformat(),
        by=by,
        at=timezone.now(),
    )


@dataclass(frozen=True, slots=True)
class Found:
    """The posted documents of one customer in the period, with the sums that their lines must have."""

    ledger: Ledger
    versions: int


def read_documents(period: Period, customers: Sequence[int]) -> dict[int, Found]:
    """The posted documents of these customers in the period, by customer, signed by their type."""
    found: dict[int, list[tuple[Row, Any]]] = defaultdict(list)
    versions: dict[int, int] = defaultdict(int)
    documents = Document.objects.of_period(period).posted().filter(customer__in=customers)
    for customer, day, kind, number, currency, net, vat, gross, rates, version in documents.values_list(
        "customer_id",
        ExpressionWrapper(F("document_on"), CharField()),
        "type",
        "number",
        "currency",
        *(ExpressionWrapper(F(f"signed_{name}"), BigIntegerField()) for name in ("net", "vat", "gross")),
        "rates",
        "content_version",
    ):
        found[customer].append((Row(str(day), kind, number, currency, net, vat, gross), rates))
        versions[customer] += version
    return {customer: Found(ledger(rows), versions[customer]) for customer, rows in found.items()}


@dataclass(slots=True)
class StatementDraft:
    """One statement before it has rows in the database."""

    customer: Customer
    ledger: Ledger
    addresses: str
    language: str
    revision: int = 1
    changes: Sequence[str] = ()
    wording: Wording = field(default_factory=Wording)


def build(context: RunContext, customers: Sequence[int]) -> int:
    """Create operation, statement and lines of these customers; how many there are now more."""
    read = read_documents(context.period, customers)
    cards = Customer.objects.in_bulk(list(read))
    addresses = statement_addresses(cards.values())
    drafts = [
        StatementDraft(
            cards[pk], found.ledger, "; ".join(addresses[pk]), cards[pk].language or context.company.language
        )
        for pk, found in sorted(read.items())
    ]
    statements = write(context, drafts)
    write_lines(context, statements, read.values())
    return len(statements)


def write(context: RunContext, drafts: Sequence[StatementDraft]) -> list[Statement]:
    """Operations and statements of the drafts, with their history; the lines are still missing."""
    statements = draw_up(context, drafts)
    insert_rows([statement.operation for statement in statements])
    for statement in statements:
        statement.operation = statement.operation  # takes the key that it has now
    insert_rows(statements)
    record([_formed(statement) for statement in statements], by=context.by)
    return statements


def draw_up(context: RunContext, drafts: Sequence[StatementDraft]) -> list[Statement]:
    """Statements with their operations as they would be; nothing is stored."""
    wordings = word_letters([_occasion(context, draft) for draft in drafts], context.company)
    for draft, wording in zip(drafts, wordings, strict=True):
        draft.wording = wording
    before = _before(context, [draft.customer.pk for draft in drafts])
    return [_statement(context, draft, _operation(context, draft), before.get(draft.customer.pk)) for draft in drafts]


def _occasion(context: RunContext, draft: StatementDraft) -> Occasion:
    return Occasion(
        customer=draft.customer,
        language=draft.language,
        period=context.period,
        ledger=draft.ledger,
        contact=str(context.task.manager or context.operation.manager or ""),
        revision=draft.revision,
        changes=draft.changes,
    )


def _operation(context: RunContext, draft: StatementDraft) -> Operation:
    forming, wording = context.operation, draft.wording
    return Operation(
        operation_on=forming.operation_on,
        **columns_of(context.period),
        planned_start_on=forming.planned_start_on,
        planned_end_on=forming.planned_end_on,
        task=context.task,
        project_id=forming.project_id or context.task.project_id,
        customer_id=draft.customer.pk,
        manager_id=context.task.manager_id or forming.manager_id,
        text=context.task.text,
        addresses=draft.addresses,
        subject=wording.subject,
        letter_text=wording.text,
        refusal=wording.problem,
        created_at=context.at,
    )


def _statement(context: RunContext, draft: StatementDraft, operation: Operation, before: Before | None) -> Statement:
    found, sheet = draft.ledger, sheet_of(context, draft)
    return Statement(
        run=context.run,
        customer_id=draft.customer.pk,
        revision=draft.revision,
        operation=operation,
        language=draft.language,
        sheet=sheet,
        document_count=len(found.rows),
        totals=found.gross,
        main_currency=found.main_currency,
        main_total=found.gross[found.main_currency],
        anomalies=find_anomalies(
            found.gross,
            draft.addresses,
            before,
            is_first=context.previous is None,
            percent=context.settings.sums_differ_by,
            is_printed=not without_glyph(json.dumps(sheet | {"letter_html": ""}, ensure_ascii=False)),
        ),
        formed_at=context.at,
    )


def sheet_of(context: RunContext, draft: StatementDraft) -> dict[str, Any]:
    """Everything that the PDF is made of, as it is now."""
    card, company, wording = draft.customer, context.company, draft.wording
    write = formatter(draft.language)
    sheet = freeze(
        draft.ledger,
        period=context.period,
        dated=context.dated,
        sender=[company.name, *write.address(company.address_lines), *codes_of(company, draft.language)],
        logo=company.logo_id,
        customer=[card.name, *write.address(card.address_lines), *codes_of(card, draft.language)],
        note=context.settings.note,
    )
    sheet["code"] = card.code
    sheet["copy_format"] = card.copy_format
    if draft.changes:
        sheet["revision"] = {"number": draft.revision, "changes": list(draft.changes)}
    sheet["wording"] = seal_of(wording.subject, wording.text)
    if wording.html:
        sheet["letter_html"] = wording.html
    return sheet


def seal_of(subject: str, text: str) -> str:
    """By this one sees later whether a person has edited the letter; line ends and outer blanks are no words."""
    return sha256("\n".join([subject.strip(), *text.strip().splitlines()]).encode()).hexdigest()[:16]


def _before(context: RunContext, customers: Sequence[int]) -> Mapping[int, Before]:
    if context.previous is None:
        return {}
    rows = Statement.objects.filter(run=context.previous, customer__in=customers)
    current_rows = rows.exclude(state=StatementState.SUPERSEDED)
    return {
        customer: Before(totals, addresses)
        for customer, totals, addresses in current_rows.values_list("customer_id", "totals", "operation__addresses")
    }


def _formed(statement: Statement) -> Fact:
    return Fact(
        event="statements.formed",
        subject=Operation.ref_of(statement.operation_id),
        customer_id=statement.customer_id,
        after={
            "revision": statement.revision,
            "documents": statement.document_count,
            "totals": statement.totals,
        },
    )


LINES = """
INSERT INTO statements_statementline
    (statement_id, run_id, document_id, document_version, gross, currency, is_current)
SELECT statement.id, statement.run_id, document.id, document.content_version, document.signed_gross,
    document.currency, %s
FROM statements_statement statement
{documents}
WHERE statement.id BETWEEN %s AND %s AND statement.run_id = %s
"""
JOINED = """JOIN documents_document document
    ON document.customer_id = statement.customer_id AND {within} AND {posting} = 'posted'
"""
# PostgreSQL knows nothing yet of rows written a moment ago and would go from the documents to the statements, one by
# one; OFFSET 0 keeps it to the order that is written.
LATERAL = """CROSS JOIN LATERAL (
    SELECT id, content_version, signed_gross, currency FROM documents_document
    WHERE customer_id = statement.customer_id AND {within} AND posting = 'posted' OFFSET 0
) document"""


def write_lines(context: RunContext, statements: Sequence[Statement], read: Iterable[Found]) -> None:
    """One line a document, inserted inside the database; Moved if they are not those that the sheets show."""
    if not statements:
        return
    first, last = min(each.pk for each in statements), max(each.pk for each in statements)
    try:
        _insert_lines(context, first, last)
    except IntegrityError:
        _take_over(context, [each.customer_id for each in statements])
        _insert_lines(context, first, last)
    lines = StatementLine.objects.filter(run=context.run, is_current=True, statement__gte=first, statement__lte=last)
    written = lines.aggregate(count=Count("id"), versions=Sum("document_version"), gross=Sum("gross"))
    shown = [0, 0, 0]
    for each in read:
        shown[0] += len(each.ledger.rows)
        shown[1] += each.versions
        shown[2] += sum(total[2] for total in each.ledger.totals.values())
    if [written["count"], written["versions"], to_stored(written["gross"])] != shown:
        raise Moved


def _insert_lines(context: RunContext, first: int, last: int) -> None:
    documents = LATERAL if connection.vendor == "postgresql" else JOINED
    insert = LINES.format(documents=documents.format(**_within(context.period)))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(insert, [True, first, last, context.run.pk])


def _within(period: Period) -> dict[str, str]:
    """Which documents lie in the period, in SQL: by the index of months, or of other days by that of the customer."""
    if period.kind == PeriodKind.MONTH:
        return {"within": f"month = {period.number}", "posting": "posting"}
    # The plus keeps SQLite from the index of what is posted, which knows no customer.
    return {"within": f"document_on >= '{period.first}' AND document_on < '{period.end}'", "posting": "+posting"}


def _take_over(context: RunContext, customers: Sequence[int]) -> None:
    """Documents that were given to another customer leave their old statement, which is stale from then on."""
    given = Document.objects.of_period(context.period).posted().filter(customer__in=customers)
    lines = StatementLine.objects.filter(run=context.run, is_current=True, document__in=given)
    lines.exclude(statement__customer=F("document__customer")).update(is_current=False)
