"""Documents that go with a letter: those that are there, and those that are generated with the sending.

A generated one must stand in the database in the same transaction as its letter, and its PDF must be in the sealed
bytes, which are made outside any transaction. So its number is foreseen and the PDF made with it; `keep` takes the
number inside the transaction. If somebody else has taken it meanwhile, ForeseenWrong is raised, nothing is kept, and
the letter is made once more.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from depesa.core import blobs
from depesa.core.edges import assert_outside_transaction
from depesa.core.errors import DomainError, Refused, StaleState
from depesa.core.reasons import gettext as _
from depesa.documents.models import DocumentType, NumberSeries, Paper
from depesa.history.models import Origin
from depesa.orders.models import Order, OrderDocument
from depesa.orders.rules.names import file_name
from depesa.orders.services.documents.issue import Exists, Wish, fill, insert, number, row_of, sources_of
from depesa.orders.services.documents.pdfs import Templates, render
from depesa.outbox.services import EnclosureDraft, enclose_made, enclose_many
from depesa.pdf import Rendered, RendersJobs, shared_renderer
from depesa.staff.models import User


class ForeseenWrong(StaleState):
    """Somebody else has taken the number of a document of this letter. It is made once more."""


class NotMade(DomainError):
    """A document of this letter could not be made; the letter does not leave without it."""


@dataclass(slots=True)
class Enclosures:
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
    papers: dict[int, int] = field(default_factory=dict)
    """The PDF of each document that was there, by ids."""

    @property
    def codes(self) -> list[str]:
        """Types of the documents that are generated with the sending."""
        return [row.type.code for row in self.generated]

    def printed(self) -> str:
        """What its documents say, as kept."""
        there = OrderDocument.objects.filter(pk__in=self.papers).values_list("content", flat=True)
        return json.dumps([*there, *(row.content for row in self.generated)], ensure_ascii=False)

    def keep(self) -> Sequence[EnclosureDraft]:
        """Store what was generated, in the transaction that queues the letter; the files, with the ids they got.

        ForeseenWrong when somebody else took a number, generated a document, or changed one, meanwhile.
        """
        if not connection.in_atomic_block:
            raise RuntimeError("documents of a letter are kept in the transaction that queues it")
        if self.papers != dict(OrderDocument.objects.filter(pk__in=self.papers).values_list("pk", "paper_id")):
            raise ForeseenWrong
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
        self.files = [each if each.is_stored else each.stored_as(made[each.name]) for each in self.files]
        return self.files

    def _paper(self, row: OrderDocument) -> Paper:
        return Paper.objects.create(
            customer_id=row.customer_id, blob=blobs.keep(self.pdfs[row.type.code]), name=name_of(row)
        )


def name_of(row: OrderDocument) -> str:
    """The name of the document's file: its type in the order's language, its number or that of the order."""
    return file_name(row.type.name_in(row.language), row.number or row.order.number)


def _check_numbers(rows: Sequence[OrderDocument]) -> None:
    foreseen = [row.number for row in rows]
    number(rows)
    if foreseen != [row.number for row in rows]:
        raise ForeseenWrong


def gather(
    wanted: Mapping[int, Sequence[DocumentType]],
    *,
    further: Sequence[OrderDocument] = (),
    by: User | None = None,
    origin: str = Origin.STAFF.value,
    renderer: RendersJobs | None = None,
) -> dict[int, Enclosures]:
    """What goes with the letters of these orders, by order: documents that are there, and foreseen ones.

    `further` are documents of these orders beside the newest of each type. An accounting document is never made by
    sending: one that is missing is skipped and named. One whose PDF cannot be made stops the letter. Outside any
    transaction: PDFs are made here.
    """
    assert_outside_transaction()
    renderer = renderer or shared_renderer()
    orders = Order.objects.in_bulk(wanted)
    found = {pk: Enclosures(order, by=by, origin=origin) for pk, order in orders.items()}
    latest = _latest(wanted)
    chosen = [latest[pk, kind.pk] for pk, types in wanted.items() for kind in types if (pk, kind.pk) in latest]
    _take_what_is_there(found, [*chosen, *further], renderer)
    _foresee(found, _missing(found, wanted, latest), renderer)
    return found


def _latest(wanted: Mapping[int, Sequence[DocumentType]]) -> dict[tuple[int, int], OrderDocument]:
    """The newest document of each order and type."""
    types = {kind for kinds in wanted.values() for kind in kinds}
    rows = OrderDocument.objects.filter(order__in=wanted, type__in=types)
    return {(row.order_id, row.type_id): row for row in rows.order_by("is_sole", "id")}


def _take_what_is_there(
    found: Mapping[int, Enclosures], chosen: Sequence[OrderDocument], renderer: RendersJobs
) -> None:
    """Let these documents go along, rendered if need be."""
    if waiting := [row.pk for row in chosen if row.paper_id is None]:
        render(renderer, waiting)
    ready = OrderDocument.objects.select_related("type", "paper").in_bulk([row.pk for row in chosen])
    files = enclose_many({pk: [row.paper] for pk, row in ready.items() if row.paper})
    for row in chosen:
        going, document = found[row.order_id], ready.get(row.pk)
        if document is None or document.paper_id is None:
            going.refused = (document and document.problem) or _("The PDF could not be made.")
        elif row.pk not in going.papers:
            going.papers[row.pk] = document.paper_id
            going.files += files[row.pk]


def _missing(
    found: Mapping[int, Enclosures],
    wanted: Mapping[int, Sequence[DocumentType]],
    latest: Mapping[tuple[int, int], OrderDocument],
) -> dict[int, list[DocumentType]]:
    missing: dict[int, list[DocumentType]] = defaultdict(list)
    for pk, types in wanted.items():
        for kind in types:
            if (pk, kind.pk) in latest or pk not in found:
                continue
            if kind.is_accounting:
                sentence = _("A document of the type %(type)s does not exist yet; sending never generates it.")
                found[pk].skipped[kind.code] = sentence % {"type": kind}
            else:
                missing[pk].append(kind)
    return missing


def _foresee(
    found: Mapping[int, Enclosures], missing: Mapping[int, Sequence[DocumentType]], renderer: RendersJobs
) -> None:
    """Make the documents that are missing, with the numbers that they will get if nobody comes between."""
    wishes = [Wish(order=found[pk].order, type=kind) for pk, kinds in sorted(missing.items()) for kind in kinds]
    if not wishes:
        return
    sources, numbers, templates = sources_of([wish.order for wish in wishes]), Foresight(), Templates()
    rows: dict[str, OrderDocument] = {}
    for wish in wishes:
        row = row_of(wish, sources, found[wish.order.pk].by)
        numbers.give(row)
        fill(row, wish, sources)
        rows[f"{row.order_id}:{row.type_id}"] = row
    made = {str(each.key): each for each in renderer.render_many(templates.job(row, key) for key, row in rows.items())}
    for key, row in rows.items():  # in the order of the wishes, not in that of the PDFs
        _take(found[row.order_id], row, made[key])
    for going in found.values():
        going.generated.sort(key=lambda row: (row.series_id or 0, row.serial or 0))


def _take(going: Enclosures, row: OrderDocument, made: Rendered) -> None:
    if made.pdf is None:
        going.refused = made.error or _("The PDF could not be made.")
        return
    going.generated.append(row)
    going.pdfs[row.type.code] = made.pdf
    going.files.append(enclose_made(name_of(row), made.pdf))


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
