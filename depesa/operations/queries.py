"""Reads of operations: what posting would do, what is proven about their letters, what happened to them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db.models import Model, Prefetch, QuerySet

from depesa.core.reasons import gettext as _
from depesa.core.reasons import ngettext
from depesa.core.search import has_words
from depesa.customers.models import Customer, found_by
from depesa.customers.queries import keys_found
from depesa.documents.models import POSTINGS, Paper
from depesa.documents.rules import Posting
from depesa.history.queries import entries_of, in_words
from depesa.operations.contributions import work_of
from depesa.operations.models import Operation, Project, Task
from depesa.operations.rules import Foresight
from depesa.outbox.models import Message
from depesa.outbox.queries import ladder_of_message, with_evidence
from depesa.ui.parts import Branch, Entry, Ladder, Text, build_ladder

_RECORDS: Final[Mapping[str, type[Model]]] = {
    "task": Task,
    "next_task": Task,
    "project": Project,
    "customer": Customer,
    "manager": get_user_model(),
}
_HIDDEN: Final = frozenset({"id", "version", "message", "sole_key", "refusal", "posting_count"})


def with_letters(operations: QuerySet[Operation]) -> QuerySet[Operation]:
    """The operations with all that a row and its ladder show, in a fixed number of queries."""
    messages = Prefetch("message", with_evidence(Message.objects.all()))
    related = operations.select_related("task", "project", "customer", "manager", "posted_by", "removed_by", "asked_by")
    return related.prefetch_related(messages)


def ladder_of(operation: Operation) -> Ladder:
    """What is proven about the letter of an operation, from its forming to its arrival."""
    reached: dict[str, tuple[Any, Text]] = {"formed": (operation.created_at, "")}
    branch: Branch | None = None
    if operation.posted_at:
        by = operation.posted_by
        reached["approved"] = (operation.posted_at, _("by %(name)s") % {"name": by} if by else "")
    if operation.message:
        told = ladder_of_message(operation.message)
        reached |= {step.key: (step.at, step.proof) for step in told.steps[2:] if step.is_reached}
        branch = told.branch
    if operation.removed_at:
        branch = Branch("cancelled", label=_("Left out"), at=operation.removed_at)
    elif operation.refusal and not branch:
        branch = Branch("failed", operation.refusal)
    return build_ladder(reached, branch)


def foresee(operations: QuerySet[Operation]) -> Foresight:
    """What posting these operations would do, kind by kind; they may be many."""
    told = Foresight(posted=0)
    kinds: list[str | None] = list(operations.order_by().values_list("task__runs", flat=True).distinct())
    for runs in kinds:
        kind = operations.filter(task__isnull=True) if runs is None else operations.filter(task__runs=runs)
        work = work_of(runs or "")
        told += work.foresee(kind) if work and work.foresee else _plainly(kind)
    return told


def _plainly(operations: QuerySet[Operation]) -> Foresight:
    total = operations.count()
    posted = operations.filter(posting=Posting.POSTED).count()
    removed = operations.filter(removed_at__isnull=False).exclude(posting=Posting.POSTED).count()
    odd = [
        (posted, ngettext("is posted already", "are posted already", posted), ""),
        (removed, ngettext("was removed", "were removed", removed), ""),
    ]
    return Foresight(posted=total - posted - removed, refused=posted + removed, odd=[each for each in odd if each[0]])


def papers_of(operations: Sequence[Operation]) -> Mapping[int, Sequence[Paper]]:
    """The papers that leave with each operation, by its id; the first is the document itself."""
    found: dict[int, Sequence[Paper]] = {}
    kinds: dict[str, list[int]] = {}
    for operation in operations:
        kinds.setdefault(operation.task.runs if operation.task else "", []).append(operation.pk)
    for runs, ids in kinds.items():
        work = work_of(runs)
        if work and work.papers:
            found |= work.papers(ids)
    return found


def page_of(operation: Operation) -> str:
    """The address where the whole that the operation belongs to is looked at, if there is one."""
    work = work_of(operation.task.runs) if operation.task else None
    return work.page(operation) if work and work.page else ""


def can_be_sent_again(operation: Operation) -> bool:
    """Whether its letter has left, and posting it is something that sends letters."""
    work = work_of(operation.task.runs) if operation.task else None
    has_left = operation.message_id is not None and operation.posting != Posting.NOT_POSTED
    return bool(work and work.send_again and has_left and not operation.removed_at)


def history_of(operation: Operation) -> list[Entry]:
    """Everything that happened to the operation and its letter, newest first, in words."""
    letter = [Message.ref_of(operation.message_id)] if operation.message_id else []
    return in_words(entries_of(operation.ref, *letter)[:200], labels=_labels(), write=_writer())


def _labels() -> dict[str, Text]:
    fields = Operation._meta.get_fields()
    words = {field.name: getattr(field, "verbose_name", "") for field in fields if field.name not in _HIDDEN}
    return {name: word[:1].upper() + word[1:] for name, word in words.items() if word and name in _editable()} | {
        "posting": _("State"),
        "name": _("Attachment"),
        "reason": _("Reason"),
    }


@cache
def _editable() -> frozenset[str]:
    return frozenset(field.name for field in Operation._meta.fields if field.editable)


def _writer() -> Any:
    """Says a value of the history; records by their name, each looked up once."""
    known: dict[tuple[str, Any], str] = {}

    def write(field: str, value: Any) -> str:
        if field == "posting":
            return str(dict(POSTINGS).get(value, value))
        if field not in _RECORDS:
            return str(value)
        if (field, value) not in known:
            record = _RECORDS[field]._default_manager.filter(pk=value).first()
            known[field, value] = str(record) if record else str(value)
        return known[field, value]

    return write


def narrow_found(rows: QuerySet[Any], text: str, *, operation: str = "") -> QuerySet[Any]:
    """Rows of customers in whose code, name or address the words stand; if there is none, rows with such a subject.

    One or the other: an OR of both is walked through from end to end. `operation` is how a row names its operation.
    """
    keys = keys_found(text)
    if isinstance(keys, QuerySet) or keys:
        return rows.filter(customer__in=keys)
    if not operation:
        return rows.filter(has_words(Operation, text))
    return rows.filter(**{f"{operation}__in": Operation.objects.filter(has_words(Operation, text)).values("pk")})


def customers_named(text: str, limit: int = 12) -> Iterable[Customer]:
    """Customers in whose code, name or address the words stand, for a field that suggests them."""
    return Customer.objects.filter(found_by(text)).order_by("name", "id")[:limit] if text.strip() else []
