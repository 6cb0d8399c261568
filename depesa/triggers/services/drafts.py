"""Make letters of transitions: the source says to whom and with what, the system e-mail says how."""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from depesa.company.queries import current
from depesa.core.errors import DomainError
from depesa.core.reasons import gettext as _
from depesa.emails.models import SystemEmailFile
from depesa.emails.services import CannotFill, Filled, Html, fill_many, frame_many
from depesa.outbox.mime import Mailbox
from depesa.outbox.services import EnclosureDraft, Letter, Prepared, enclose_many, prepare
from depesa.triggers.contributions import SOURCES, Draft, Skipped, kind_of
from depesa.triggers.models import Status, Transition
from depesa.triggers.rules import Reason

log = logging.getLogger("depesa.triggers")

USELESS_AFTER: Final = dt.timedelta(days=14)


# What can be wrong with one letter; what is wrong with the machine (database, disk, memory) stops the whole batch.
OF_ONE_LETTER: Final = (
    DomainError,
    ArithmeticError,
    AttributeError,
    LookupError,
    ObjectDoesNotExist,
    RuntimeError,
    TypeError,
    ValueError,
)


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
        drawn = _each_alone(partial(_drawn, source.draft), rows)
        for row, draft in zip(rows, drawn, strict=True):
            if isinstance(draft, Draft) and draft.to:
                drafts.append((row, draft))
            else:
                _keep_refusal(row, draft, batch)
    return drafts


def _drawn(draw: Callable[[Sequence[Any]], Mapping[int, Any]], rows: Sequence[Transition]) -> list[Any]:
    found = draw(rows)
    return [found.get(row.pk, "") for row in rows]


def _keep_refusal(row: Transition, draft: Draft | str | Exception, batch: Batch) -> None:
    match draft:
        case Draft():
            batch.failed(row.pk, Reason.NO_ADDRESS)
        case str():
            batch.left_out(row.pk, Reason.NOT_NEEDED, draft)
        case CannotFill():
            batch.failed(row.pk, Reason.CANNOT_FILL, draft)
        case DomainError():
            batch.failed(row.pk, Reason.NOT_READY, draft)
        case _:
            batch.failed(row.pk, Reason.UNEXPECTED, type(draft).__name__)


def _filled(drafts: Drafts, batch: Batch) -> Mapping[int, Filled]:
    """The words of the letters, system e-mail by system e-mail."""
    by_email: dict[str, Drafts] = {}
    for row, draft in drafts:
        assert row.system_email is not None  # noqa: S101 - see _may_leave
        by_email.setdefault(row.system_email.code, []).append((row, draft))
    letters: dict[int, Filled] = {}
    for code, some in by_email.items():
        filled = _each_alone(partial(_worded, code), some)
        for (row, _draft), letter in zip(some, filled, strict=True):
            if isinstance(letter, Filled):
                letters[row.pk] = letter
            elif isinstance(letter, DomainError):
                batch.failed(row.pk, Reason.CANNOT_FILL, letter)
            else:
                batch.failed(row.pk, Reason.UNEXPECTED, type(letter).__name__)
    return letters


def _worded(code: str, drafts: Sequence[tuple[Transition, Draft]]) -> list[Any]:
    return list(fill_many(code, [(draft.language or row.language, draft.values) for row, draft in drafts]))


def _seal(drafts: Drafts, filled: Mapping[int, Filled], batch: Batch) -> None:
    going = [(row, draft, filled[row.pk]) for row, draft in drafts if row.pk in filled]
    sealed = _each_alone(_prepared, going)
    for (row, draft, letter), ready in zip(going, sealed, strict=True):
        if isinstance(ready, Prepared):
            batch.written[row.pk] = Written(row, draft, ready, letter.is_fallback, letter.language)
        elif isinstance(ready, Exception):
            log.error("the letter of %s could not be sealed", row.key, exc_info=ready)
            batch.failed(row.pk, Reason.UNEXPECTED, type(ready).__name__)
        else:
            batch.failed(row.pk, Reason.NOT_SEALED, ready)


def _prepared(going: Sequence[tuple[Transition, Draft, Filled]]) -> list[Prepared | str]:
    """The sealed letters in their order, or why one cannot be sealed."""
    pages = frame_many([filled for _row, _draft, filled in going], current())
    files = files_of({row.system_email_id for row, _draft, _filled in going})
    letters = [
        _letter(row, draft, filled, page, files.get(row.system_email_id, ()))
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


def _letter(row: Transition, draft: Draft, filled: Filled, page: Html, files: Sequence[EnclosureDraft]) -> Letter:
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
        useless_after=timezone.now() + (draft.useless_after or USELESS_AFTER),
        enclosures=(*draft.enclosures, *files),
        policy=draft.policy,
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
    return [[each.document, each.reason] for each in skipped]


def _each_alone[Item](do: Callable[[Sequence[Item]], list[Any]], items: Sequence[Item]) -> list[Any]:
    """Do it for all at once; if that raises, for each alone, so that only the broken one is an exception."""
    if not items:
        return []
    try:
        return do(items)
    except OF_ONE_LETTER as problem:
        if len(items) == 1:
            if not isinstance(problem, DomainError):
                log.exception("a letter could not be made")
            return [problem]
    return [_each_alone(do, [item])[0] for item in items]
