"""Send statements: posting sending operations puts their letters into the outbox."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Final

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from depesa.company.models import Company
from depesa.company.queries import current
from depesa.core.edges import assert_outside_transaction, kill_point
from depesa.core.edits import RAISED
from depesa.core.errors import Refused
from depesa.core.links import unbroken
from depesa.core.reasons import gettext as _
from depesa.core.tables import update_rows
from depesa.documents.rules import Posting
from depesa.emails.models import SystemEmail
from depesa.emails.services import Filled, Html, body_of, frame
from depesa.history.services import Fact, record
from depesa.operations import services as operations
from depesa.operations.contributions import ANY
from depesa.operations.models import Attachment, Operation
from depesa.operations.rules import PostingReport
from depesa.outbox.mime import Mailbox
from depesa.outbox.models import Message
from depesa.outbox.services import EnclosureDraft, Letter, Sealing, default_channel, enclose_many, prepare, queue
from depesa.outbox.services.channels import sender_address
from depesa.staff.models import User
from depesa.statements.models import Statement
from depesa.statements.rules import LETTER
from depesa.statements.services.builder import seal_of
from depesa.statements.services.checks import blocker, living, recipients
from depesa.triggers.services.drafts import files_of

CHUNK: Final = 250
USELESS_AFTER: Final = dt.timedelta(days=14)
NEEDED = ("statement__run", "statement__paper", "statement__machine_copy", "customer", "message", *operations.FOLLOWING)


class SwitchedOff(Refused):
    """The system e-mail of statements is switched off. Switch it on in the settings, then post once more."""


@dataclass(slots=True)
class Outgoing:
    """An operation that may leave, with its letter."""

    operation: Operation
    letter: Letter


def post_sending(ids: Sequence[int], by: User | None, wanted: Q = ANY) -> PostingReport:
    """Queue the letters of these operations as they stand on them; each refused one says why and stops nothing."""
    assert_outside_transaction()
    report = PostingReport()
    for chunk in batched(ids, CHUNK):
        report += _send(chunk, by, wanted)
    return report


def send_again(operation: Operation, *, reason: str, by: User | None) -> Message:
    """One more letter of an operation whose letter has left, as the operation stands now; a person says why."""
    assert_outside_transaction()
    if not reason.strip():
        raise Refused(_("Say why the letter is sent again."))
    row = Operation.objects.get(pk=operation.pk)
    if row.message_id is None or row.posting == Posting.NOT_POSTED:
        raise Refused(_("No letter has left yet. Post the operation instead."))
    report = _send([row.pk], by, ANY, reason=reason)
    if report.refused:
        raise Refused(report.refused[0][1])
    return Message.objects.defer("skeleton").order_by("-pk").filter(resend_of=row.message_id)[0]


def _send(ids: Sequence[int], by: User | None, wanted: Q, *, reason: str = "") -> PostingReport:
    rows = list(
        Operation.objects.filter(wanted, pk__in=ids)
        .select_related(*NEEDED)
        .defer("statement__sheet", "message__skeleton")
        .order_by("pk")
    )
    outgoing, refused = _sorted_out(rows, is_again=bool(reason))
    sealing = prepare([each.letter for each in outgoing])
    refused |= {
        each.operation.pk: sealing.refused[each.letter.dedupe_key]
        for each in outgoing
        if each.letter.dedupe_key in sealing.refused
    }
    kill_point("sealed")
    with transaction.atomic():
        late = _post(outgoing, sealing, by, wanted, reason)
        refused |= late
        _keep_refusals(rows, refused)
    return PostingReport(len(rows) - len(refused), tuple(sorted(refused.items())))


def _sorted_out(rows: Sequence[Operation], *, is_again: bool) -> tuple[list[Outgoing], dict[int, str]]:
    """Who may leave, with the letters, and who may not and why."""
    system_email = SystemEmail.objects.get(code=LETTER)
    if not system_email.is_active:
        return [], {row.pk: str(SwitchedOff()) for row in rows}
    left, own = living([row.pk for row in rows]), sender_address(default_channel())
    refused = _of_others(rows) | {
        row.pk: why for row in rows if (why := blocker(row, own, has_left=row.pk in left, is_again=is_again))
    }
    going = [row for row in rows if row.pk not in refused]
    files, threads, usual = _enclosures(going), _threads(going), _usual(system_email, going)
    return [
        Outgoing(row, _letter(row, own, files[row.pk], threads.get(row.pk, ""), usual, is_again=is_again))
        for row in going
    ], refused


def _of_others(rows: Sequence[Operation]) -> dict[int, str]:
    """Operations with a file that was attached while they had another customer, who alone may get it."""
    files = Attachment.objects.filter(operation__in=rows, is_sent=True, paper__isnull=False).order_by("-id")
    strange = files.exclude(paper__customer=F("operation__customer"))
    sentence = _("The file “%(name)s” belongs to another customer. Take it off the operation.")
    return {operation: sentence % {"name": name} for operation, name in strange.values_list("operation", "name")}


@dataclass(frozen=True, slots=True)
class _Usual:
    """What the system e-mail says about every letter made with it."""

    sender: Mailbox | None
    hidden_copy: tuple[str, ...]
    files: Sequence[EnclosureDraft]
    company: Company
    html: Mapping[int, str]  # of their own, by operation; not of those whose text a person has changed


def _usual(email: SystemEmail, rows: Sequence[Operation]) -> _Usual:
    company = current()
    sender = Mailbox(email.sender, company.name) if email.sender else None
    hidden_copy = (email.hidden_copy,) if email.hidden_copy else ()
    found = Statement.objects.filter(operation__in=rows, sheet__has_key="letter_html")
    formed = dict(found.values_list("operation_id", "sheet"))
    html = {
        row.pk: formed[row.pk]["letter_html"]
        for row in rows
        if row.pk in formed and formed[row.pk]["wording"] == seal_of(row.subject, row.letter_text)
    }
    return _Usual(sender, hidden_copy, files_of([email.pk]).get(email.pk, ()), company, html)


def _page(row: Operation, links: Sequence[str], usual: _Usual) -> Html:
    """The HTML that the text has of its own, in the frame; empty where there is none."""
    if row.pk not in usual.html:
        return Html("", ())
    html = usual.html[row.pk] + (body_of("\n\n".join(links)) if links else "")
    return frame(Filled(row.subject, row.letter_text, row.statement.language, html=html), usual.company)


def _letter(row: Operation, own: str, files: "_Files", in_reply_to: str, usual: _Usual, *, is_again: bool) -> Letter:
    statement: Statement = row.statement
    count, page = row.posting_count + is_again, _page(row, files.links, usual)
    return Letter(
        dedupe_key=f"v1:stmt:{statement.period.key}:{row.customer_id}:r{statement.revision}:{count}",
        kind="statement",
        customer_id=row.customer_id,
        language=statement.language,
        to=tuple(recipients(row, own)),
        subject=row.subject,
        text="\n\n".join([row.letter_text.rstrip(), *files.links]),
        html=page.html,
        inline=page.inline,
        bcc=usual.hidden_copy,
        sender=usual.sender,
        useless_after=timezone.now() + USELESS_AFTER,
        enclosures=(*files.enclosures, *usual.files),
        in_reply_to=in_reply_to,
        resend_of_id=row.message_id,
        is_of_run=True,
        concerns=row.ref,
    )


@dataclass(slots=True)
class _Files:
    enclosures: list[EnclosureDraft]
    links: list[str]


def _enclosures(rows: Sequence[Operation]) -> Mapping[int, _Files]:
    """The PDF, its copy for machines and whatever was attached by hand, by operation."""
    attached: dict[int, list[Attachment]] = {row.pk: [] for row in rows}
    for attachment in Attachment.objects.filter(operation__in=rows, is_sent=True).order_by("id"):
        attached[attachment.operation_id].append(attachment)
    papers = {row.pk: [p for p in (row.statement.paper, row.statement.machine_copy) if p] for row in rows}
    files = enclose_many({pk: [*papers[pk], *some] for pk, some in attached.items()})
    return {
        pk: _Files(files[pk], [f"{each.name}: {unbroken(each.link)}" for each in some if each.link])
        for pk, some in attached.items()
    }


def _threads(rows: Sequence[Operation]) -> Mapping[int, str]:
    """Which letter each one answers: that of the revision before, or its own earlier one. Message-IDs by operation."""
    threads = {row.pk: row.message.message_id for row in rows if row.message}
    revised = {(row.statement.run_id, row.customer_id): row.pk for row in rows if row.statement.revision > 1}
    earlier = Statement.objects.filter(
        run__in={run for run, _customer in revised},
        customer__in={customer for _run, customer in revised},
        operation__message__isnull=False,
    ).order_by("revision")
    for run, customer, message_id in earlier.values_list("run", "customer", "operation__message__message_id"):
        if (run, customer) in revised:
            threads[revised[run, customer]] = message_id
    return threads


def _post(outgoing: Sequence[Outgoing], sealing: Sealing, by: User | None, wanted: Q, reason: str) -> dict[int, str]:
    """Queue and mark posted what nobody has touched since it was read; who came too late, by operation."""
    rows = Operation.objects.select_for_update(of=("self",), no_key=True).filter(
        pk__in=[each.operation.pk for each in outgoing]
    )
    seen = dict(rows.filter(wanted).order_by("pk").values_list("pk", "version"))
    sealed = {item.letter.dedupe_key: item for item in sealing.ready}
    going = [
        each
        for each in outgoing
        if seen.get(each.operation.pk) == each.operation.version and each.letter.dedupe_key in sealed
    ]
    messages = queue([sealed[each.letter.dedupe_key] for each in going], by=by)
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    update_rows(
        Operation,
        ["posting", "posted_at", "posted_by", "posting_count", "message", "refusal", *RAISED],
        [
            (
                Posting.POSTED.value,
                now,
                by.pk if by else None,
                each.operation.posting_count + bool(reason),
                messages[each.letter.dedupe_key].pk,
                "",
                each.operation.version + 1,
                now,
                by.pk if by else None,
                each.operation.pk,
            )
            for each in going
        ],
    )
    record([_posted(each, messages[each.letter.dedupe_key], reason) for each in going], by=by)
    operations.follow([each.operation for each in going], by=by)
    kill_point("posted")
    ready = {each.operation.pk for each in going}
    return {
        each.operation.pk: _("Somebody else has posted, changed or taken it back at the same moment. Look at it again.")
        for each in outgoing
        if each.operation.pk not in ready and each.letter.dedupe_key in sealed
    }


def _posted(each: Outgoing, message: Message, reason: str) -> Fact:
    return Fact(
        event="statements.sent-again" if reason else "statements.posted",
        subject=each.operation.ref,
        customer_id=each.operation.customer_id,
        before={"posting": each.operation.posting},
        after={"posting": Posting.POSTED.value, "message": message.pk, "to": list(each.letter.to)},
        note=reason,
    )


def _keep_refusals(rows: Sequence[Operation], refused: Mapping[int, str]) -> None:
    """Write on each operation that is not posted why it was refused."""
    changed = [
        (refused[row.pk], row.pk)
        for row in rows
        if row.pk in refused and row.posting != Posting.POSTED and row.refusal != refused[row.pk]
    ]
    update_rows(Operation, ["refusal"], changed, where="posting <> 'posted'")
