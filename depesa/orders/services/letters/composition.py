"""Compose a letter that a person wants to send about an order: words, documents, files, sealed as it will leave."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from depesa.company.queries import current
from depesa.core.edges import assert_outside_transaction
from depesa.core.errors import Faults, Refused
from depesa.core.models import Blob
from depesa.documents.models import DocumentType
from depesa.emails.services import Filled, body_of, frame
from depesa.history.models import Origin
from depesa.orders.models import Order, OrderDocument
from depesa.orders.services.documents.pdfs import render
from depesa.orders.services.letters.enclosures import Plan, plan
from depesa.outbox.models import Kind, SenderAddress
from depesa.outbox.services import (
    EnclosureDraft,
    InlineDraft,
    Letter,
    Prepared,
    default_channel,
    html_signature,
    mailbox_of,
    prepare,
)
from depesa.pdf import press
from depesa.staff.models import User

USEFUL_FOR: Final = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person wants to send. `html` stands inside the frame; empty, it is made from the text.

    `types` are taken from the order, or generated with the sending; `papers` are further documents that are there.
    """

    order: Order
    key: str
    to: Sequence[str]
    subject: str
    text: str
    html: str = ""
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()
    language: str = ""
    sender: SenderAddress | None = None
    types: Sequence[DocumentType] = ()
    papers: Sequence[OrderDocument] = ()
    files: Sequence[EnclosureDraft] = ()
    by: User | None = None
    origin: str = Origin.STAFF.value


@dataclass(slots=True)
class Composed:
    """The letter sealed as it will leave, and what is generated for it when it is queued."""

    wanted: Wanted
    prepared: Prepared
    plan: Plan
    others: list[EnclosureDraft] = field(default_factory=list)

    def keep(self) -> Prepared:
        """Store what was generated, in the transaction that queues the letter; the letter with the ids they got."""
        kept = tuple(self.plan.keep())
        letter = replace(self.prepared.letter, enclosures=(*kept, *self.others))
        return replace(self.prepared, letter=letter)


def compose(wanted: Wanted) -> Composed:
    """Seal the letter with its documents and files; Refused or Faults say why it cannot be made. Nothing is stored."""
    assert_outside_transaction()
    if wanted.order.is_removed:
        raise Refused(_("The order was removed. Restore it first."))
    _check(wanted)
    its_plan = plan({wanted.order.pk: list(wanted.types)}, by=wanted.by, origin=wanted.origin)[wanted.order.pk]
    if its_plan.refused:
        raise Faults({"documents": its_plan.refused})
    others = [*_papers(wanted.papers), *wanted.files]
    letter = _letter(wanted, (*its_plan.files, *others))
    sealing = prepare([letter])
    if problem := sealing.refused.get(letter.dedupe_key):
        raise Refused(problem)
    [prepared] = sealing.ready
    _check_size(prepared)
    return Composed(wanted, prepared, its_plan, others)


def _check(wanted: Wanted) -> None:
    faults = {}
    if not wanted.to:
        faults["to"] = _("Write at least one address.")
    if not wanted.subject.strip():
        faults["subject"] = _("A letter needs a subject.")
    if not wanted.text.strip():
        faults["body"] = _("The letter is empty.")
    if faults:
        raise Faults(faults)


def _letter(wanted: Wanted, enclosures: tuple[EnclosureDraft, ...]) -> Letter:
    language = wanted.language or wanted.order.language
    inner = wanted.html or html_of_text(wanted.text, wanted.by)
    page = frame(Filled(wanted.subject, wanted.text, language, html=inner), current())
    return Letter(
        dedupe_key=wanted.key,
        kind=Kind.LETTER,
        customer_id=wanted.order.customer_id,
        language=language,
        to=tuple(wanted.to),
        cc=tuple(wanted.cc),
        bcc=tuple(wanted.bcc),
        subject=wanted.subject,
        text=wanted.text,
        html=page.html,
        inline=tuple(
            InlineDraft(cid=p.cid, blob_id=p.blob_id, content=p.content, media_type=p.media_type) for p in page.inline
        ),
        enclosures=enclosures,
        sender=mailbox_of(wanted.sender) if wanted.sender else None,
        useless_after=timezone.now() + USEFUL_FOR,
        is_automatic=False,
        concerns=wanted.order.subject,
    )


def html_of_text(text: str, by: User | None) -> str:
    """What was typed as HTML; where the user's signature closes it, the one with HTML takes its place."""
    bare = text.replace("\r\n", "\n").rstrip()
    if by and by.signature and by.signature_html and bare.endswith(by.signature):
        return f"{body_of(bare.removesuffix(by.signature).rstrip())}{html_signature(by)}"
    return body_of(bare)


def _papers(rows: Sequence[OrderDocument]) -> list[EnclosureDraft]:
    """Documents that are there, rendered if need be."""
    if waiting := [row.pk for row in rows if row.paper_id is None]:
        render(press(), waiting)
    ids = [row.pk for row in rows]
    ready = OrderDocument.objects.select_related("paper", "type").in_bulk(ids)
    contents = _contents([row.paper.blob_id for row in ready.values() if row.paper])
    found = []
    for pk in ids:
        row = ready.get(pk)
        if row is None or row.paper is None:
            raise Faults({"documents": (row and row.problem) or _("The PDF could not be made.")})
        paper = row.paper
        found.append(
            EnclosureDraft(
                paper_id=paper.pk,
                blob_id=paper.blob_id,
                content=contents[paper.blob_id],
                name=paper.name,
                media_type=paper.media_type,
            )
        )
    return found


def _contents(ids: Sequence[int]) -> dict[int, bytes]:
    return {blob.pk: bytes(blob.content) for blob in Blob.objects.filter(pk__in=ids)}


def _check_size(prepared: Prepared) -> None:
    limit = default_channel().max_size
    if prepared.sealed.size > limit:
        sizes = {"size": filesizeformat(prepared.sealed.size), "limit": filesizeformat(limit)}
        raise Faults(
            {"files": _("The letter has %(size)s; the mail server takes %(limit)s. Take something off it.") % sizes}
        )
