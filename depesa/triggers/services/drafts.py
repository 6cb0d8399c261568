"""Make letters of transitions: the source says to whom and with what, the system e-mail says how."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.utils import timezone

from depesa.company.queries import current
from depesa.core.batches import Failed, each_alone
from depesa.core.errors import DomainError
from depesa.core.reasons import gettext as _
from depesa.core.reasons import kept
from depesa.emails.models import SystemEmailFile
from depesa.emails.services import CannotFill, Filled, Html, fill_many, frame_many
from depesa.outbox.mime import Mailbox
from depesa.outbox.services import EnclosureDraft, Letter, Prepared, enclose_many, prepare
from depesa.triggers.contributions import SOURCES, Draft, Skipped, kind_of
from depesa.triggers.models import Status, Transition
from depesa.triggers.rules import Reason


@dataclass(frozen=True, slots=True)
class Outcome:
    """Why a transition has no letter: left out for good, or failed and waiting for a person."""

    status: Status
    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A transition whose letter is ready."""

    transition: Transition
    draft: Draft
    prepared: Prepared
    is_fallback: bool
    language: str


@dataclass(slots=True)
class Batch:
    """What became of a batch of transitions, by id; each of them stands in exactly one of the two."""

    written: dict[int, Written] = field(default_factory=dict)
    settled: dict[int, Outcome] = field(default_factory=dict)

    def failed(self, pk: int, reason: Reason, problem: Exception | str = "") -> None:
        """Keep why a letter cannot be made."""
        self.settled[pk] = Outcome(Status.FAILED, reason, str(problem))

    def failed_by(self, pk: int, problem: Exception, known: Reason) -> None:
        """Keep what was raised: its sentence if somebody thought of it, else what it is."""
        if isinstance(problem, DomainError):
            self.failed(pk, known, problem)
        else:
            self.failed(pk, Reason.UNEXPECTED, type(problem).__name__)

    def left_out(self, pk: int, reason: Reason, detail: str = "") -> None:
        """Keep why a letter is not needed."""
        self.settled[pk] = Outcome(Status.SKIPPED, reason, detail)


def write(transitions: Sequence[Transition]) -> Batch:
    """Draft, fill and seal the letters of these transitions; what cannot be done fails alone, with its reason."""
    batch = Batch()
    drafts = _drafts([row for row in transitions if _may_leave(row, batch)], batch)
    filled = _filled(drafts, batch)
    _seal(drafts, filled, batch)
    return batch


def dedupe_key(transition: Transition) -> str:
    """Under which a transition's letter stands in the outbox: there can be one only."""
    return f"v1:trigger:{transition.key}"


def _may_leave(row: Transition, batch: Batch) -> bool:
    if row.system_email is None:
        batch.left_out(row.pk, Reason.REMOVED)
    elif not row.system_email.is_active:
        batch.left_out(row.pk, Reason.INACTIVE)
    elif row.useless_after <= timezone.now():
        batch.failed(row.pk, Reason.TOO_OLD)
    else:
        return True
    return False


type Drafts = list[tuple[Transition, Draft]]


def _drafts(transitions: Sequence[Transition], batch: Batch) -> Drafts:
    """What the sources give for the letters, kind of record by kind of record."""
    kinds: dict[str, list[Transition]] = {}
    for row in transitions:
        kinds.setdefault(row.ref.kind, []).append(row)
    drafts: Drafts = []
    for kind, rows in kinds.items():
        source = SOURCES.get(kind)
        if source is None:
            for row in rows:
                batch.failed(row.pk, Reason.NOBODY_KNOWS, kind)
            continue
        drawn = each_alone(partial(_drawn, source.draft), rows, _itself, name=_named)
        for row, draft in zip(rows, drawn, strict=True):
            if isinstance(draft, Draft) and draft.to:
                drafts.append((row, draft))
            else:
                _keep_refusal(row, draft, batch)
    return drafts


def _drawn(draw: Callable[[Sequence[Any]], Mapping[int, Any]], rows: Sequence[Transition]) -> list[Any]:
    found = draw(rows)
    return [found.get(row.pk, "") for row in rows]


def _itself[Row](failed: Failed[Row]) -> Failed[Row]:
    return failed


def _named(row: Transition) -> str:
    return f"the letter of {row.key}"


def _keep_refusal(row: Transition, draft: Draft | str | Exception | Failed[Transition], batch: Batch) -> None:
    match draft:
        case Draft():
            batch.failed(row.pk, Reason.NO_ADDRESS)
        case str():
            batch.left_out(row.pk, Reason.NOT_NEEDED, draft)
        case Failed(CannotFill() as problem) | (CannotFill() as problem):
            batch.failed(row.pk, Reason.CANNOT_FILL, problem)
        case Failed(problem=problem) | problem:
            batch.failed_by(row.pk, problem, Reason.NOT_READY)


def _filled(drafts: Drafts, batch: Batch) -> Mapping[int, Filled]:
    """The words of the letters, system e-mail by system e-mail."""
    by_email: dict[str, Drafts] = {}
    for row, draft in drafts:
        assert row.system_email is not None  # noqa: S101 - see _may_leave
        by_email.setdefault(row.system_email.code, []).append((row, draft))
    letters: dict[int, Filled] = {}
    for code, some in by_email.items():
        filled = each_alone(partial(_worded, code), some, _itself, name=lambda pair: _named(pair[0]))
        for (row, _draft), letter in zip(some, filled, strict=True):
            if isinstance(letter, Filled):
                letters[row.pk] = letter
            else:
                batch.failed_by(row.pk, letter.problem if isinstance(letter, Failed) else letter, Reason.CANNOT_FILL)
    return letters


def _worded(code: str, drafts: Sequence[tuple[Transition, Draft]]) -> list[Filled | CannotFill]:
    return list(fill_many(code, [(draft.language or row.language, draft.values) for row, draft in drafts]))


def _seal(drafts: Drafts, filled: Mapping[int, Filled], batch: Batch) -> None:
    going = [(row, draft, filled[row.pk]) for row, draft in drafts if row.pk in filled]
    sealed = each_alone(_prepared, going, _itself, name=lambda each: _named(each[0]))
    for (row, draft, letter), ready in zip(going, sealed, strict=True):
        if isinstance(ready, Prepared):
            batch.written[row.pk] = Written(row, draft, ready, letter.is_fallback, letter.language)
        elif isinstance(ready, Failed):
            batch.failed_by(row.pk, ready.problem, Reason.NOT_SEALED)
        else:
            batch.failed(row.pk, Reason.NOT_SEALED, ready)


def _prepared(going: Sequence[tuple[Transition, Draft, Filled]]) -> list[Prepared | str]:
    """The sealed letters in their order, or why one cannot be sealed."""
    pages = frame_many([filled for _row, _draft, filled in going], current())
    files = files_of({row.system_email_id for row, _draft, _filled in going})
    letters = [
        _letter_of(row, draft, filled, page, files.get(row.system_email_id, ()))
        for (row, draft, filled), page in zip(going, pages, strict=True)
    ]
    sealing = prepare(letters)
    ready = {each.letter.dedupe_key: each for each in sealing.ready}
    return [
        ready.get(letter.dedupe_key) or sealing.refused.get(letter.dedupe_key, _("The letter cannot be made."))
        for letter in letters
    ]


def files_of(emails: Collection[int | None]) -> Mapping[int | None, Sequence[EnclosureDraft]]:
    """The files that go with every letter of these system e-mails, for example the terms of trade."""
    rows: dict[int | None, list[SystemEmailFile]] = defaultdict(list)
    for row in SystemEmailFile.objects.filter(system_email__in=emails).order_by("pk"):
        rows[row.system_email_id].append(row)
    return enclose_many(rows)


def _letter_of(row: Transition, draft: Draft, filled: Filled, page: Html, files: Sequence[EnclosureDraft]) -> Letter:
    return Letter(
        dedupe_key=dedupe_key(row),
        kind=kind_of(row.event),
        customer_id=row.customer_id,
        language=filled.language,
        to=draft.to,
        cc=draft.cc,
        bcc=_hidden_copy(row),
        sender=_sender(row),
        subject=filled.subject,
        text=filled.text,
        html=page.html,
        inline=page.inline,
        useless_after=draft.useless_after or row.useless_after,
        enclosures=(*draft.enclosures, *files),
        policy=draft.policy,
        is_private=draft.is_private,
        concerns=draft.concerns or row.ref,
        in_reply_to=draft.in_reply_to,
    )


def _hidden_copy(row: Transition) -> tuple[str, ...]:
    address = row.system_email.hidden_copy if row.system_email else ""
    return (address,) if address else ()


def _sender(row: Transition) -> Mailbox | None:
    """The confirmed address that the system e-mail leaves from; None: the system's."""
    address = row.system_email.sender if row.system_email else ""
    return Mailbox(address, current().name) if address else None


def missing(skipped: Sequence[Skipped]) -> list[list[str]]:
    """Documents that a letter leaves without, as they are kept."""
    return [[each.document, kept(each.reason)] for each in skipped]
