"""Compose a letter that somebody wants to send about an order: words, documents, files, sealed as it will leave."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils import timezone

from depesa.company.queries import current
from depesa.core.edges import assert_outside_transaction
from depesa.core.errors import Faults, Refused, raise_faults
from depesa.core.reasons import Size
from depesa.core.reasons import gettext as _
from depesa.documents.models import DocumentType
from depesa.emails.services import Filled, body_of, frame
from depesa.history.models import Origin
from depesa.orders.models import LetterDraft, Order, OrderDocument
from depesa.orders.queries.window import Warned, warnings
from depesa.orders.services.letters.enclosures import Enclosures, gather
from depesa.outbox.models import Kind, SenderAddress
from depesa.outbox.services import (
    EnclosureDraft,
    Letter,
    Prepared,
    default_channel,
    html_signature,
    mailbox_of,
    prepare,
)
from depesa.pdf import Memory
from depesa.pdf.glyphs import without_glyph
from depesa.staff.models import User

USEFUL_FOR: Final = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLetter:
    """A letter about an order as somebody wants it. `html` stands inside the frame; empty, it is made from the text.

    `types` are taken from the order, or generated with the sending; `documents` are further ones that are there.
    `draft` is where a person wrote it: it is looked over before it leaves, and thrown away when it has left.
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
    documents: Sequence[OrderDocument] = ()
    files: Sequence[EnclosureDraft] = ()
    by: User | None = None
    origin: str = Origin.STAFF.value
    draft: LetterDraft | None = None


@dataclass(frozen=True, slots=True)
class Composed:
    """The letter sealed as it will leave, with what goes along, and what a person should look at first."""

    letter: OrderLetter
    prepared: Prepared
    enclosures: Enclosures
    warnings: Sequence[Warned]

    def keep(self) -> Prepared:
        """Store what was generated, in the transaction that queues the letter; the letter with the ids they got."""
        return replace(self.prepared, letter=replace(self.prepared.letter, enclosures=tuple(self.enclosures.keep())))


def compose(letter: OrderLetter) -> Composed:
    """Seal the letter with its documents and files; Refused or Faults say why it cannot be made. Nothing is stored."""
    assert_outside_transaction()
    if letter.order.is_removed:
        raise Refused(_("The order was removed. Restore it first."))
    _check_letter(letter)
    enclosures = _enclosures(letter)
    sealing = prepare([_dressed(letter, enclosures.files)])
    if problem := sealing.refused.get(letter.key):
        raise Refused(problem)
    [prepared] = sealing.ready
    _check_size(prepared)
    return Composed(letter, prepared, enclosures, _warnings(letter, enclosures))


def _check_letter(letter: OrderLetter) -> None:
    faults = {}
    if not letter.to:
        faults["to"] = _("Write at least one address.")
    if not letter.subject.strip():
        faults["subject"] = _("A letter needs a subject.")
    if not letter.text.strip():
        faults["body"] = _("The letter is empty.")
    raise_faults(faults)


def _enclosures(letter: OrderLetter) -> Enclosures:
    pk = letter.order.pk
    gathered = gather(
        {pk: letter.types}, further=letter.documents, by=letter.by, origin=letter.origin, renderer=Memory()
    )[pk]
    if gathered.refused:
        raise Faults({"documents": gathered.refused})
    gathered.files += letter.files
    return gathered


def _dressed(letter: OrderLetter, files: Sequence[EnclosureDraft]) -> Letter:
    """The letter in the firm's frame, for the outbox."""
    language = letter.language or letter.order.language
    inner = letter.html or html_of_text(letter.text, letter.by)
    page = frame(Filled(letter.subject, letter.text, language, html=inner), current())
    return Letter(
        dedupe_key=letter.key,
        kind=Kind.LETTER,
        customer_id=letter.order.customer_id,
        language=language,
        to=tuple(letter.to),
        cc=tuple(letter.cc),
        bcc=tuple(letter.bcc),
        subject=letter.subject,
        text=letter.text,
        html=page.html,
        inline=page.inline,
        enclosures=tuple(files),
        sender=mailbox_of(letter.sender) if letter.sender else None,
        useless_after=timezone.now() + USEFUL_FOR,
        is_automatic=False,
        concerns=letter.order.ref,
    )


def html_of_text(text: str, by: User | None) -> str:
    """What was typed as HTML; where the user's signature closes it, the one with HTML takes its place."""
    bare = text.replace("\r\n", "\n").rstrip()
    if by and by.signature and by.signature_html and bare.endswith(by.signature):
        return f"{body_of(bare.removesuffix(by.signature).rstrip())}{html_signature(by)}"
    return body_of(bare)


def _check_size(prepared: Prepared) -> None:
    limit = default_channel().max_size
    if prepared.sealed.size > limit:
        sizes = {"size": Size(prepared.sealed.size), "limit": Size(limit)}
        raise Faults(
            {"files": _("The letter has %(size)s; the mail server takes %(limit)s. Take something off it.") % sizes}
        )


def _warnings(letter: OrderLetter, enclosures: Enclosures) -> list[Warned]:
    """What is odd about the letter; a script has no eyes to look at it."""
    if letter.draft is None:
        return []
    return warnings(
        letter.order,
        recipients=[*letter.to, *letter.cc],
        text=letter.text,
        file_count=len(enclosures.files),
        unprinted=without_glyph(enclosures.printed()),
        paper_ids={file.paper_id for file in enclosures.files if file.paper_id},
        system_email=letter.draft.system_email,
    )
