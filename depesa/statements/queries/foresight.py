"""What posting would do, told before it is done: the letters that would leave, and what is odd about them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from depesa.company.queries import current
from depesa.core.models import columns_of
from depesa.core.periods import Period
from depesa.core.reasons import ngettext
from depesa.documents.models import Document, Paper
from depesa.documents.queries import totals
from depesa.documents.rules import Posting
from depesa.emails.models import SystemEmail
from depesa.emails.queries import fallbacks
from depesa.operations.models import Operation
from depesa.operations.rules import Foresight
from depesa.statements.models import Statement, StatementLine, StatementRun, StatementState
from depesa.statements.queries.counts import has_living_letter
from depesa.statements.queries.staleness import stale
from depesa.statements.rules import LETTER


def may_leave(operations: QuerySet[Operation]) -> QuerySet[Operation]:
    """Those sending operations whose letters would leave when posted now."""
    lacking = Q(addresses="") | Q(subject="") | Q(letter_text="")
    ready = operations.filter(removed_at__isnull=True, statement__state=StatementState.READY)
    return ready.exclude(posting=Posting.POSTED).exclude(lacking).exclude(has_living_letter())


def foresee_sending(operations: QuerySet[Operation]) -> Foresight:
    """How many letters would leave, the sums in them, and why others stay; asked of the database, also for 10,000."""
    going = may_leave(operations)
    letters, total = going.count(), operations.count()
    lines = StatementLine.objects.filter(statement__operation__in=going.order_by().values("pk"), is_current=True)
    sums = list(lines.order_by().values_list("currency").annotate(Count("id"), Sum("gross")))
    return Foresight(
        posted=letters,
        letters=letters,
        refused=total - letters,
        documents=sum(count for _currency, count, _sum in sums),
        sums={currency: total for currency, _count, total in sorted(sums)},
        odd=[(count, words, url) for count, words, url in _doubts(operations, going) if count],
    )


def _doubts(operations: QuerySet[Operation], going: QuerySet[Operation]) -> Sequence[tuple[int, str, str]]:
    """What a person should know before the letters leave; one count and sentence each."""
    open_ones = operations.filter(removed_at__isnull=True).exclude(posting=Posting.POSTED)
    counts = open_ones.aggregate(
        no_address=Count("pk", filter=Q(addresses="", statement__state=StatementState.READY)),
        making=Count("pk", filter=Q(statement__state=StatementState.FORMED)),
        no_pdf=Count("pk", filter=Q(statement__state=StatementState.FAILED)),
        replaced=Count("pk", filter=Q(statement__state=StatementState.SUPERSEDED)),
        empty=Count("pk", filter=(Q(subject="") | Q(letter_text="")) & ~Q(addresses="")),
    )
    posted = operations.filter(posting=Posting.POSTED).count()
    removed = operations.filter(removed_at__isnull=False).count()
    outdated = _outdated(going)
    none, making, failed = counts["no_address"], counts["making"], counts["no_pdf"]
    empty, replaced = counts["empty"], counts["replaced"]
    return [
        (none, ngettext("has no e-mail address and stays", "have no e-mail address and stay", none), ""),
        (outdated, ngettext("is out of date with its documents", "are out of date with their documents", outdated), ""),
        (making, ngettext("waits for its PDF and stays", "wait for their PDFs and stay", making), ""),
        (failed, ngettext("has no PDF and stays", "have no PDF and stay", failed), ""),
        (empty, ngettext("has no subject or text and stays", "have no subject or text and stay", empty), ""),
        (replaced, ngettext("was replaced by a revision", "were replaced by a revision", replaced), ""),
        (removed, ngettext("was removed", "were removed", removed), ""),
        (posted, ngettext("is posted already", "are posted already", posted), ""),
    ]


def _outdated(going: QuerySet[Operation]) -> int:
    runs = StatementRun.objects.filter(statements__operation__in=going.order_by().values("pk")).distinct()
    return sum(stale(run).filter(operation__in=going.order_by().values("pk")).count() for run in runs)


def foresee_forming(operations: QuerySet[Operation]) -> Foresight:
    """Which documents the statements of these periods would be formed from; nothing leaves."""
    removed = operations.filter(removed_at__isnull=False).count()
    told = Foresight(posted=0, refused=removed)
    for operation in operations.filter(removed_at__isnull=True).order_by("period_first_on"):
        told += foresee_period(operation.period)
    return told


def foresee_period(period: Period) -> Foresight:
    """Which documents the statements of the period would be formed from, and what a person should know before."""
    documents = Document.objects.of_period(period).posted()
    sums = totals(documents)
    open_ones = Document.objects.of_period(period).exclude(posting=Posting.POSTED).count()
    today = timezone.localdate()
    days = (period.end - today).days
    stay = ngettext("document is not posted and stays out", "documents are not posted and stay out", open_ones)
    odd = [
        (days, ngettext("day of the period is still to come", "days of the period are still to come", days), ""),
        (open_ones, stay, ""),
    ]
    return Foresight(
        posted=1,
        documents=sum(each.count for each in sums),
        sums={each.currency: each.gross for each in sums},
        odd=[*(each for each in odd if each[0] > 0), *_without_text(period)],
    )


def _without_text(period: Period) -> Iterable[tuple[int, str, str]]:
    """Customers whose letter is in another language than theirs, and where the missing text is written."""
    email = SystemEmail.objects.get(code=LETTER)
    customers, count = Counter[str](), Count("customer", distinct=True)
    for language, number in _to_form(period).values_list("customer__language").annotate(count):
        customers[language or current().language] += number
    for each in fallbacks(email, customers):
        yield each.count, each.words, reverse("emails:text", args=[LETTER, each.language])


def customers_to_form(period: Period) -> int:
    """How many customers have a posted document in the period and no statement yet."""
    return _to_form(period).values("customer").distinct().count()


def _to_form(period: Period) -> QuerySet[Document]:
    known = Statement.objects.filter(**columns_of(period, "run__"), customer=OuterRef("customer"))
    return Document.objects.of_period(period).posted().filter(~Exists(known)).order_by()


def papers_of(operations: Sequence[int]) -> Mapping[int, Sequence[Paper]]:
    """The PDF and its copy for machines of each sending operation, by its id."""
    rows = Statement.objects.filter(operation__in=list(operations), paper__isnull=False)
    rows = rows.select_related("paper__blob", "machine_copy__blob").defer("sheet")
    return {row.operation_id: [paper for paper in (row.paper, row.machine_copy) if paper] for row in rows}


def page_of(operation: Operation) -> str:
    """The page of the period that the operation belongs to."""
    return reverse("statements:run", args=[operation.period])
