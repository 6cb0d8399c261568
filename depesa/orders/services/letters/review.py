"""Turn a draft into a letter: every field checked, what is odd named, sent once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from depesa.core.errors import DomainError, Faults
from depesa.documents.models import DocumentType
from depesa.history.models import Origin
from depesa.mail.addresses import AddressError, split_addresses
from depesa.orders.models import LetterDraft, OrderDocument
from depesa.orders.queries.window import Warned, warnings
from depesa.orders.services.letters.composition import Composed, Wanted, compose
from depesa.orders.services.letters.dispatch import Sent, key_of, message_of, send
from depesa.outbox.services import EnclosureDraft


class NeedsALook(DomainError):
    """Something about this letter should be looked at before it leaves."""

    def __init__(self, found: Sequence[Warned]) -> None:
        super().__init__(" ".join(each.sentence for each in found))
        self.found = list(found)


@dataclass(frozen=True, slots=True)
class Review:
    """The letter exactly as it would leave now, and what a person should look at."""

    composed: Composed
    warnings: list[Warned]


def review(draft: LetterDraft) -> Review:
    """Seal the draft as it would leave, without sending; Faults name the fields that are wrong."""
    composed = compose(wanted_of(draft))
    return Review(composed, _warnings(draft, composed))


def send_draft(draft: LetterDraft, *, seen: Collection[str] = ()) -> Sent:
    """Send the letter and throw its draft away; NeedsALook names what is odd and was not `seen` by the person yet."""
    if known := message_of(draft.token):
        return Sent(known)
    found = review(draft)
    if unseen := [each for each in found.warnings if each.code not in set(seen)]:
        raise NeedsALook(unseen)
    return send(found.composed.wanted, and_then=LetterDraft.objects.filter(pk=draft.pk).delete)


def wanted_of(draft: LetterDraft) -> Wanted:
    """The draft as a wish, with addresses read and documents found; Faults by field."""
    faults: dict[str, str] = {}
    lists = {name: _addresses(name, getattr(draft, name), faults) for name in ("to", "cc", "bcc")}
    types, papers = _ticked(draft, faults)
    if draft.sender and not draft.sender.is_verified:
        faults["sender"] = _("This address is not confirmed any more. Choose another one.")
    if faults:
        raise Faults(faults)
    return Wanted(
        order=draft.order,
        key=key_of(draft.token),
        to=lists["to"],
        cc=lists["cc"],
        bcc=lists["bcc"],
        subject=draft.subject.strip(),
        text=draft.body,
        html=draft.html_that_counts,
        sender=draft.sender,
        types=types,
        papers=papers,
        files=[
            EnclosureDraft(
                blob_id=file.blob_id, content=bytes(file.blob.content), name=file.name, media_type=file.media_type
            )
            for file in draft.files.select_related("blob")
        ],
        by=draft.user,
        origin=Origin.STAFF.value,
    )


def _addresses(field: str, text: str, faults: dict[str, str]) -> list[str]:
    try:
        return [each.text for each in split_addresses(text)] if text.strip() else []
    except AddressError as problem:
        faults[field] = str(problem)
        return []


def _ticked(draft: LetterDraft, faults: dict[str, str]) -> tuple[list[DocumentType], list[OrderDocument]]:
    codes = [value for value in draft.ticked if not value.startswith("#")]
    known = {kind.code: kind for kind in DocumentType.objects.filter(code__in=codes).select_related("series")}
    types = [known[code] for code in codes if code in known]
    there = set(OrderDocument.objects.filter(order=draft.order).values_list("type_id", flat=True))
    missing = [str(kind) for kind in types if kind.is_accounting and kind.pk not in there]
    if missing:
        sentence = _("%(types)s: does not exist yet, and sending never generates it. Take the tick off.")
        faults["documents"] = sentence % {"types": ", ".join(missing)}
    ids = [int(value[1:]) for value in draft.ticked if value[:1] == "#" and value[1:].isdecimal()]
    papers = list(OrderDocument.objects.filter(order=draft.order, pk__in=ids[:50]).order_by("id"))
    return types, papers


def _warnings(draft: LetterDraft, composed: Composed) -> list[Warned]:
    wanted = composed.wanted
    files = [*composed.plan.files, *composed.others]
    return warnings(
        wanted.order,
        recipients=[*wanted.to, *wanted.cc],
        text=wanted.text,
        file_count=len(files),
        paper_ids={file.paper_id for file in files if file.paper_id},
        system_email=draft.system_email,
    )
