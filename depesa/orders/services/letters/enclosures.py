"""Documents that go with a letter: those that are there, and those that are generated with the sending.

A generated one must stand in the database in the same transaction as its letter, and its PDF must be in the sealed
bytes, which are made outside any transaction. So its number is foreseen and the PDF made with it; `keep` takes the
number inside the transaction. If somebody else has taken it meanwhile, ForeseenWrong is raised, nothing is kept, and
the letter is made once more.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db import connection
from django.utils.translation import gettext as _

from depesa.core import blobs
from depesa.core.edges import assert_outside_transaction
from depesa.core.errors import DomainError, Refused, StaleState
from depesa.core.models import Blob
from depesa.documents.models import DocumentType, NumberSeries, Paper
from depesa.history.models import Origin
from depesa.orders.models import Order, OrderDocument
from depesa.orders.rules.names import file_name
from depesa.orders.services.documents.issue import Exists, Wish, fill, insert, number, row_of, sources_of
from depesa.orders.services.documents.pdfs import Templates, render
from depesa.outbox.services import EnclosureDraft
from depesa.pdf import Rendered, Renderer, press
from depesa.staff.models import User


class ForeseenWrong(StaleState):
    """Somebody else has taken the number of a document of this letter. It is made once more."""


class NotMade(DomainError):
    """A document of this letter could not be made; the letter does not leave without it."""


@dataclass(slots=True)
class Plan:
    """What goes with the letter of one order.

    `files` are ready to be sealed. `skipped` says which documents do not go, and why, by code of the type; `refused`
    is why the letter cannot be made at all. `keep` stores what was generated for it.
    """

    order: Order
    files: list[EnclosureDraft] = field(default_factory=list)
    generated: list[OrderDocument] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    refused: str = ""
    by: User | None = None
    origin: str = Origin.STAFF.value
    pdfs: dict[str, bytes] = field(default_factory=dict)

    @property
    def codes(self) -> list[str]:
        """Types of the documents that are generated with the sending."""
        return [row.type.code for row in self.generated]

    def keep(self) -> Sequence[EnclosureDraft]:
        """Store what was generated, in the transaction that queues the letter; the files, with the ids they got.

        ForeseenWrong when a number was taken, or a document generated, by somebody else meanwhile.
        """
        if not connection.in_atomic_block:
            raise RuntimeError("documents of a letter are kept in the transaction that queues it")
        if not self.generated:
            return self.files
        _check_numbers(self.generated)
        papers = {row.type.code: self._paper(row) for row in self.generated}
        for row in self.generated:
            row.paper = papers[row.type.code]
        try:
            insert(self.generated, by=self.by, origin=self.origin)
        except Exists:
            raise ForeseenWrong from None
        made = {paper.name: paper for paper in papers.values()}
        self.files = [_stored(each, made.get(each.name)) for each in self.files]
        return self.files

    def _paper(self, row: OrderDocument) -> Paper:
        return Paper.objects.create(
            customer_id=row.customer_id, blob=blobs.keep(self.pdfs[row.type.code]), name=name_of(row)
        )


def name_of(row: OrderDocument) -> str:
    """The name of the document's file: its type in the order's language, its number or that of the order."""
    return file_name(row.type.name_in(row.language), row.number or row.order.number)


def _stored(file: EnclosureDraft, paper: Paper | None) -> EnclosureDraft:
    if file.paper_id is not None or paper is None:
        return file
    return replace(file, paper_id=paper.pk, blob_id=paper.blob_id)


def _check_numbers(rows: Sequence[OrderDocument]) -> None:
    foreseen = [row.number for row in rows]
    number(rows)
    if foreseen != [row.number for row in rows]:
        raise ForeseenWrong


def plan(
    wanted: Mapping[int, Sequence[DocumentType]],
    *,
    by: User | None = None,
    origin: str = Origin.STAFF.value,
    renderer: Renderer | None = None,
) -> dict[int, Plan]:
    """What goes with the letters of these orders, by order: documents that are there, and foreseen ones.

    An accounting document is never made by sending: one that is missing is skipped and named. One whose PDF cannot
    be made stops the letter. Outside any transaction: PDFs are made here.
    """
    assert_outside_transaction()
    renderer = renderer or press()
    orders = Order.objects.in_bulk(wanted)
    plans = {pk: Plan(order, by=by, origin=origin) for pk, order in orders.items()}
    missing = _take_what_is_there(plans, wanted, renderer)
    _foresee(plans, missing, renderer)
    return plans


def _take_what_is_there(
    plans: Mapping[int, Plan], wanted: Mapping[int, Sequence[DocumentType]], renderer: Renderer
) -> dict[int, list[DocumentType]]:
    """Put the documents that exist into the plans, rendered if need be; what each order lacks of the others."""
    found = OrderDocument.objects.filter(order__in=plans, type__in={t for types in wanted.values() for t in types})
    latest = {(row.order_id, row.type_id): row for row in found.order_by("is_sole", "id")}
    chosen = [latest[pk, t.pk] for pk, types in wanted.items() for t in types if (pk, t.pk) in latest]
    if waiting := [row.pk for row in chosen if row.paper_id is None]:
        render(renderer, waiting)
    ready = OrderDocument.objects.select_related("type", "paper").in_bulk([row.pk for row in chosen])
    contents = _contents(row.paper for row in ready.values() if row.paper)
    for row in chosen:
        plan_of, document = plans[row.order_id], ready.get(row.pk)
        if document is None or document.paper is None:
            why = document.problem if document else ""
            plan_of.refused = why or _("The PDF could not be made.")
        else:
            plan_of.files.append(EnclosureDraft.of_paper(document.paper, contents))
    return _missing(plans, wanted, latest)


def _missing(
    plans: Mapping[int, Plan],
    wanted: Mapping[int, Sequence[DocumentType]],
    latest: Mapping[tuple[int, int], OrderDocument],
) -> dict[int, list[DocumentType]]:
    missing: dict[int, list[DocumentType]] = defaultdict(list)
    for pk, types in wanted.items():
        for kind in types:
            if (pk, kind.pk) in latest or pk not in plans:
                continue
            if kind.is_accounting:
                plans[pk].skipped[kind.code] = _("%(type)s does not exist yet; sending never generates it.") % {
                    "type": str(kind).capitalize()
                }
            else:
                missing[pk].append(kind)
    return missing


def _contents(papers: Iterable[Paper]) -> dict[int, bytes]:
    ids = {paper.blob_id for paper in papers}
    return {blob.pk: bytes(blob.content) for blob in Blob.objects.filter(pk__in=ids)}


def _foresee(plans: Mapping[int, Plan], missing: Mapping[int, Sequence[DocumentType]], renderer: Renderer) -> None:
    """Make the documents that are missing, with the numbers that they will get if nobody comes between."""
    wishes = [Wish(order=plans[pk].order, type=kind) for pk, kinds in sorted(missing.items()) for kind in kinds]
    if not wishes:
        return
    sources, numbers, templates = sources_of([wish.order for wish in wishes]), Foresight(), Templates()
    rows: dict[str, OrderDocument] = {}
    for wish in wishes:
        row = row_of(wish, sources, plans[wish.order.pk].by)
        numbers.give(row)
        fill(row, wish, sources)
        rows[f"{row.order_id}:{row.type_id}"] = row
    made = {str(each.key): each for each in renderer.render_many(templates.job(row, key) for key, row in rows.items())}
    for key, row in rows.items():  # in the order of the wishes, not in that of the PDFs
        _take(plans[row.order_id], row, made[key])
    for its_plan in plans.values():
        its_plan.generated.sort(key=lambda row: (row.series_id or 0, row.serial or 0))


def _take(its_plan: Plan, row: OrderDocument, made: Rendered) -> None:
    if made.pdf is None:
        its_plan.refused = made.error or _("The PDF could not be made.")
        return
    its_plan.generated.append(row)
    its_plan.pdfs[row.type.code] = made.pdf
    its_plan.files.append(EnclosureDraft(blob_id=0, content=made.pdf, name=name_of(row)))


class Foresight:
    """The numbers that come next, as the series stand now; nothing is taken."""

    def __init__(self) -> None:
        self.last: dict[int, int] = {}

    def give(self, row: OrderDocument) -> None:
        """Write the number that the document will probably get."""
        if row.series_id is None:
            return
        series = NumberSeries.objects.get(pk=row.series_id)
        serial = self.last.get(series.pk, series.last) + 1
        while OrderDocument.objects.filter(type=row.type, number=series.written(serial)).exists():
            serial += 1
        if serial > series.end:
            raise Refused(
                _("Series %(code)s ends at %(end)s; open a new one.") % {"code": series.code, "end": series.end}
            )
        self.last[series.pk] = serial
        row.serial, row.number = serial, series.written(serial)
