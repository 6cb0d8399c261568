"""Import sales documents: preview what a file would add, then add it in chunks that survive a crash.

The same file, or the same documents in another file, add nothing the second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from functools import partial
from itertools import batched
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from depesa.company.queries import current
from depesa.core.batches import UNEXPECTED, Failed, alone, each_alone
from depesa.core.edges import kill_point
from depesa.core.errors import StaleState
from depesa.core.languages import codes
from depesa.customers.models import Customer
from depesa.documents.models import Document
from depesa.documents.queries import closed_until
from depesa.documents.rules import Posting
from depesa.documents.services.books import held_until
from depesa.documents.services.comparison import Sifted, sift
from depesa.history import services as history
from depesa.history.models import Origin
from depesa.imports import services as imports
from depesa.imports.models import BatchState, ImportBatch, ImportRefusal
from depesa.imports.rules import rows
from depesa.imports.rules.profiles import Profile, fit
from depesa.imports.rules.refusals import Problem, Unreadable, gettext_noop
from depesa.imports.rules.sales import Assembled, Item, Refusal, SalesDocument, assemble, assemble_all
from depesa.imports.rules.stage import Gathered, Stage
from depesa.staff.models import User

CHUNK = 500
"""Documents a transaction: short enough that a page never waits for the lock."""
SMALL = 256 * 1024
"""Files up to this size are read while the person waits; bigger ones by the worker."""
MAX_KEPT_REFUSALS = 10_000
ATTEMPTS = 3
FILE_GONE = gettext_noop("The uploaded file is gone. Upload it again; what is imported already is not doubled.")


@dataclass(slots=True)
class Figures:
    """What an import found or did; the counts of documents add up to `documents`."""

    lines: int = 0
    documents: int = 0
    new: int = 0
    imported: int = 0
    unchanged: int = 0
    refused_documents: int = 0
    refused: int = 0
    """Refusals: a document with three broken lines has three."""
    customers: int = 0
    customers_created: int = 0
    totals: dict[str, str] = field(default_factory=dict)
    """Net of new documents per currency, returns negative."""

    def add_total(self, document: SalesDocument) -> None:
        """Count the net amount in its currency."""
        known = Decimal(self.totals.get(document.currency, "0"))
        self.totals[document.currency] = str(known + document.sign * document.net)

    @classmethod
    def of(cls, batch: ImportBatch) -> Figures:
        """The figures that the batch keeps."""
        return cls(**batch.figures)


def preview(batch: ImportBatch) -> bool:
    """Read the whole file and say what it would add, what is there already and what is refused; adds nothing.

    False where another process is at it, or it is not to be read.
    """
    if not imports.lease(batch, BatchState.UPLOADED):
        return False
    try:
        profile = fit(batch.reading, batch.found_shape.header)
        with imports.open_stage(batch) as stage:
            _stage_lines(batch, stage, profile)
            _count(batch, stage, profile)
    except Unreadable as unreadable:
        imports.stop(batch, unreadable.problem)
    except FileNotFoundError:
        imports.stop(batch, Problem(FILE_GONE))
    return True


def _stage_lines(batch: ImportBatch, stage: Stage, profile: Profile) -> None:
    shape = batch.found_shape

    def report(lines: int) -> None:
        share = min(lines / shape.lines, 1) if shape.lines else 0.5
        imports.keep(batch, progress=int(60 * share), figures={"lines": lines})

    stage.fill(rows.read_rows(Path(batch.path), shape), profile, shape.header, report)


def _count(batch: ImportBatch, stage: Stage, profile: Profile) -> None:
    ImportRefusal.objects.filter(batch=batch).delete()
    stage.forget_customers()
    figures = Figures(lines=stage.lines, documents=stage.documents)
    _keep_loose_refusals(batch, stage, figures)
    for sifted in _sift_all(stage, profile):
        _keep_refusals(batch, sifted.refusals, figures)
        figures.new += len(sifted.new)
        figures.unchanged += len(sifted.unchanged)
        figures.refused_documents += sifted.refused
        for document in sifted.new:
            figures.add_total(document)
        stage.note_customers((one.customer_code, one.customer_code in sifted.strangers) for one in sifted.new)
        done = figures.new + figures.unchanged + figures.refused_documents
        imports.keep(batch, progress=60 + int(40 * done / max(figures.documents, 1)))
    figures.customers, figures.customers_created = stage.customers
    imports.give_back(batch, state=BatchState.PREVIEWED, figures=asdict(figures), progress=100)


def confirm(batch: ImportBatch, *, by: User | None) -> None:
    """Decide that what the preview showed is imported; the work itself is `import_documents`."""
    changed = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.PREVIEWED).update(
        state=BatchState.CONFIRMED, confirmed_by=by, progress=0
    )
    if changed != 1:
        raise StaleState
    batch.refresh_from_db()


def import_documents(batch: ImportBatch) -> bool:
    """Add the confirmed documents and their new customers, from where the last attempt stopped.

    False where another process is at it, or it is not confirmed.
    """
    if not imports.lease(batch, BatchState.CONFIRMED):
        return False
    try:
        _finish(batch, _import_chunks(batch))
    except Unreadable as unreadable:
        imports.stop(batch, unreadable.problem)
    except FileNotFoundError:
        imports.stop(batch, Problem(FILE_GONE))
    else:
        imports.delete_files(batch)
    return True


def _import_chunks(batch: ImportBatch) -> Figures:
    profile = fit(batch.reading, batch.found_shape.header)
    with imports.open_stage(batch) as stage:
        if not stage.is_complete:
            _stage_lines(batch, stage, profile)
        figures = _begin(batch, stage)
        work = _Import(batch, profile, figures)
        for chunk in batched(assemble_all(stage, profile, batch.done_line, _assembler()), CHUNK):
            work.take(chunk)
            kill_point("after-import-chunk")
    return work.figures


def _assembler() -> Callable[[Gathered, Profile], Assembled]:
    """Makes documents of gathered lines with our country's VAT rates as they are likely."""
    return partial(_assembled, home=current().country)


def _assembled(lines: Gathered, profile: Profile, *, home: str) -> Assembled:
    """The document of gathered lines; one that breaks the assembling is refused for itself."""
    return alone(
        partial(assemble, profile=profile, home=home), lines, _broken, name=lambda lines: f"document {lines.number}"
    )


def _broken(failed: Failed[Gathered] | Failed[Assembled]) -> Assembled:
    place, problem = failed.row, Problem(UNEXPECTED, {"kind": failed.kind})
    return Assembled(place.number, place.first_line, None, (Refusal(place.first_line, place.number, problem),))


def continue_due() -> int:
    """Preview what was uploaded and import what was confirmed, wherever nobody is at it; how many were done."""
    done = 0
    for batch in list(ImportBatch.objects.due()):
        done += alone(_continue, batch, _stop, name=lambda batch: f"import {batch.pk}")
    return done


def _continue(batch: ImportBatch) -> bool:
    with suppress(StaleState):  # a person changed its profile meanwhile: it is due again
        return preview(batch) if batch.state == BatchState.UPLOADED else import_documents(batch)
    return True


def _stop(failed: Failed[ImportBatch]) -> bool:
    imports.stop_due(failed.row, Problem(UNEXPECTED, {"kind": failed.kind}))
    return True


def _begin(batch: ImportBatch, stage: Stage) -> Figures:
    """The figures to go on from; at the first document the preview's refusals are found again."""
    if batch.done_line:
        return Figures.of(batch)
    seen = Figures.of(batch)
    figures = Figures(lines=stage.lines, documents=stage.documents, customers=seen.customers)
    with transaction.atomic():
        ImportRefusal.objects.filter(batch=batch).delete()
        _keep_loose_refusals(batch, stage, figures)
        imports.keep(batch, figures=asdict(figures))
    return figures


@dataclass(slots=True)
class _Import:
    """An import on its way: what it has done so far."""

    batch: ImportBatch
    profile: Profile
    figures: Figures

    def take(self, chunk: Sequence[Assembled]) -> None:
        """Add a chunk in one transaction; of a document that cannot be added the refusal is kept."""
        each_alone(
            self._steadily, chunk, self._refuse, name=lambda each: f"document {each.number}", unless=(StaleState,)
        )

    def _refuse(self, failed: Failed[Assembled]) -> Assembled:
        return self._commit([_broken(failed)])[0]

    def _steadily(self, chunk: Sequence[Assembled]) -> Sequence[Assembled]:
        """Commit; a document that somebody else adds at this moment makes the chunk be looked at again."""
        for _attempt in range(1, ATTEMPTS):
            with suppress(IntegrityError):
                return self._commit(chunk)
        return self._commit(chunk)

    def _commit(self, chunk: Sequence[Assembled]) -> Sequence[Assembled]:
        with transaction.atomic():
            after = Figures(**asdict(self.figures))
            sifted = sift(tuple(chunk), held_until() if self.profile.is_posted else None)
            _add(self.batch, sifted, after, is_posted=self.profile.is_posted)
            done = after.imported + after.unchanged + after.refused_documents
            imports.keep(
                self.batch,
                figures=asdict(after),
                done_line=max(chunk[-1].first_line, self.batch.done_line),
                progress=int(100 * done / max(after.documents, 1)),
            )
        self.figures = after
        return chunk


def _add(batch: ImportBatch, sifted: Sifted, figures: Figures, *, is_posted: bool) -> None:
    """Add what is new, in the order of codes and numbers: another file with the same ones waits, and in no ring."""
    in_order = sorted(sifted.new, key=lambda document: (document.kind, document.number))
    strangers = {one.customer_code: one for one in reversed(sifted.new) if one.customer_code in sifted.strangers}
    Customer.objects.bulk_create([_make_customer(strangers[code]) for code in sorted(strangers)], batch_size=CHUNK)
    codes = {document.customer_code for document in sifted.new}
    ids = dict(Customer.objects.filter(code__in=codes).values_list("code", "pk"))
    posting = _posting(batch) if is_posted else {}
    Document.objects.bulk_create(
        [_make_document(document, ids[document.customer_code], batch, posting) for document in in_order],
        batch_size=CHUNK,
    )
    _keep_refusals(batch, sifted.refusals, figures)
    figures.imported += len(sifted.new)
    figures.unchanged += len(sifted.unchanged)
    figures.refused_documents += sifted.refused
    figures.customers_created += len(strangers)
    for document in sifted.new:
        figures.add_total(document)


def _posting(batch: ImportBatch) -> dict[str, Any]:
    return {
        "posting": Posting.POSTED.value,
        "posted_at": timezone.now(),
        "posted_by_id": batch.confirmed_by_id,
    }


def _make_customer(document: SalesDocument) -> Customer:
    return Customer(
        code=document.customer_code,
        name=document.customer_name or document.customer_code,
        email=document.email,
        language=document.language if document.language in codes() else "",
        country=document.country[:60],
    )


def _make_document(document: SalesDocument, customer_id: int, batch: ImportBatch, posting: dict[str, Any]) -> Document:
    return Document(
        type=document.kind,
        number=document.number,
        customer_id=customer_id,
        document_on=document.on,
        currency=document.currency,
        **{name: getattr(document, name) for name in ("net", "vat", "gross")},
        rates=[[_digits(tax.rate), str(tax.net), str(tax.vat)] for tax in document.taxes],
        lines=[_write_line(item) for item in document.items],
        content_hash=document.content_hash,
        batch=batch,
        **posting,
    )


def _write_line(item: Item) -> dict[str, str]:
    return {
        "code": item.code,
        "text": item.description,
        "quantity": _digits(item.quantity),
        "price": _digits(item.unit_price),
        "vat_rate": _digits(item.vat_rate),
        "net": _digits(item.net),
    }


def _digits(value: Decimal) -> str:
    return format(value, "f")


def _sift_all(stage: Stage, profile: Profile) -> Iterator[Sifted]:
    for chunk in batched(assemble_all(stage, profile, make=_assembler()), CHUNK):
        yield sift(chunk, closed_until() if profile.is_posted else None)


def _keep_loose_refusals(batch: ImportBatch, stage: Stage, figures: Figures) -> None:
    for chunk in batched(stage.loose_lines(), CHUNK):
        _keep_refusals(batch, [Refusal(line, "", problem) for line, problem in chunk], figures)


def _keep_refusals(batch: ImportBatch, refusals: list[Refusal], figures: Figures) -> None:
    room = max(MAX_KEPT_REFUSALS - figures.refused, 0)
    figures.refused += len(refusals)
    ImportRefusal.objects.bulk_create(
        [
            ImportRefusal(batch=batch, line=one.line, number=one.number[:60], problem=one.problem.to_json())
            for one in refusals[:room]
        ],
        batch_size=CHUNK,
    )


def _finish(batch: ImportBatch, figures: Figures) -> None:
    with transaction.atomic():
        imports.give_back(
            batch, state=BatchState.DONE, progress=100, finished_at=timezone.now(), figures=asdict(figures)
        )
        facts = {name: value for name, value in asdict(figures).items() if name != "new"}
        history.record(
            [
                history.Fact(
                    event="documents.sales-imported",
                    subject=batch.ref,
                    after={"file": batch.file_name, "profile": batch.profile, **facts},
                )
            ],
            by=batch.confirmed_by,
            origin=Origin.IMPORT,
        )
