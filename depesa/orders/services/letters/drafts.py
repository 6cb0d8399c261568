"""Keep what a user is writing about an order: typed text, ticked documents, uploads, chosen system e-mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from depesa.core.errors import DomainError, Refused, raise_faults
from depesa.core.inputs import read_keys
from depesa.core.languages import speaking
from depesa.core.reasons import Size
from depesa.core.reasons import gettext as _
from depesa.documents.models import DocumentType
from depesa.emails.models import SystemEmail
from depesa.emails.services import Filled, fill
from depesa.files.uploads import BadUpload
from depesa.mail.addresses import AddressError, split_addresses
from depesa.orders.models import DraftFile, LetterDraft, Order, OrderDocument
from depesa.orders.queries.facts import bundle
from depesa.orders.queries.window import key_of, message_of
from depesa.orders.services.letters.composition import OrderLetter
from depesa.outbox.models import SenderAddress
from depesa.outbox.queries import verified_senders
from depesa.outbox.services import default_channel, enclose, enclose_upload, html_signature, safe_name
from depesa.staff.models import User

TYPED: Final = ("to", "cc", "bcc", "subject", "body")
LONGEST: Final = 100_000  # characters of a field
GROWTH: Final = 1.37  # of a file in a letter (base64)


class SentAlready(DomainError):
    """This letter has been sent already. Open the window anew to write another one."""


def begin(order: Order, user: User) -> LetterDraft:
    """The draft that the user has of this order, or a new one that is not stored: salutation, signature, addresses."""
    found = LetterDraft.objects.filter(order=order, user=user).select_related("system_email", "sender").first()
    if found and not message_of(found.token):
        found.order, found.user = order, user
        return found
    sender = verified_senders(user).first()
    draft = LetterDraft(order=order, user=user, to=order.email, sender=sender)
    with speaking(order.language):
        draft.subject = _("Order %(number)s") % {"number": order.number}
    salutation = bundle([order.pk]).values(order.pk, order.language)["customer"]["salutation"]
    draft.body = _with_signature(f"{salutation},\n\n", user)
    draft.written = {"subject": draft.subject, "body": draft.body}
    return draft


def _with_signature(text: str, user: User) -> str:
    """The text with the user's signature under it, unless it stands there."""
    if not user.signature or text.rstrip().endswith(user.signature):
        return text
    return f"{text.rstrip()}\n\n\n{user.signature}\n" if text.strip() else user.signature


def keep(
    order: Order,
    user: User,
    *,
    token: UUID,
    fields: Mapping[str, str],
    sender_id: int | None = None,
    ticked: Sequence[str] = (),
) -> LetterDraft:
    """Keep what stands in the window as it was typed; SentAlready if its letter has left."""
    if message_of(token):
        raise SentAlready
    with transaction.atomic():
        LetterDraft.objects.filter(order=order, user=user, token__in=_sent(order, user)).delete()
        new = begin(order, user)
        if LetterDraft.objects.filter(token=token).exclude(order=order, user=user).exists():
            token = uuid4()  # that one names another letter, of somebody else or about another order
        values = {"token": token, "to": new.to, "written": new.written}
        draft, _made = LetterDraft.objects.select_for_update(of=("self",), no_key=True).get_or_create(
            order=order, user=user, defaults=values
        )
        for name in TYPED:
            if name in fields:
                text = fields[name].replace("\r\n", "\n")
                setattr(draft, name, text[: 500 if name == "subject" else LONGEST].replace("\0", ""))
        draft.sender = _sender(user, sender_id)
        draft.ticked = list(ticked)[:200]
        draft.token = token
        draft.version += 1
        draft.save()
    return draft


def _sent(order: Order, user: User) -> list[UUID]:
    """The token of a draft that was kept at the very moment its letter left."""
    tokens = LetterDraft.objects.filter(order=order, user=user).values_list("token", flat=True)
    return [token for token in tokens if message_of(token)]


def _sender(user: User, pk: int | None) -> SenderAddress | None:
    """The address that was chosen, even if it was removed meanwhile: sending says so, no letter leaves from another."""
    return SenderAddress.objects.filter(user=user, pk=pk).first() if pk else None


def choose(draft: LetterDraft, email: SystemEmail) -> Filled:
    """Let the system e-mail be the starting text; what was typed is kept beside it and can be brought back.

    Raises CannotFill if the text cannot be written for this order; then nothing changes.
    """
    filled = filled_for(draft, email)
    if draft.is_typed:
        draft.replaced = _words(draft)
    draft.subject = filled.subject[:500]
    draft.body = _with_signature(filled.text, draft.user)
    is_signed = draft.body != filled.text
    draft.html = f"{filled.html}{html_signature(draft.user) if is_signed else ''}" if filled.html else ""
    draft.written = {"subject": draft.subject, "body": draft.body}
    draft.system_email = email
    draft.ticked = list(dict.fromkeys([*draft.ticked, *email.document_types.values_list("code", flat=True)]))
    draft.bcc = draft.bcc or email.hidden_copy
    draft.save()
    _take_along(draft, email)
    return filled


def _words(draft: LetterDraft) -> dict[str, object]:
    return {name: getattr(draft, name) for name in ("subject", "body", "html", "written", "ticked")}


def _take_along(draft: LetterDraft, email: SystemEmail) -> None:
    """Put the files of the system e-mail with the draft, each once."""
    here = set(draft.files.values_list("blob_id", flat=True))
    for file in email.files.select_related("blob").defer("blob__content"):
        if file.blob_id not in here:
            name = safe_name(file.name, file.media_type)
            DraftFile.objects.create(
                draft=draft, blob=file.blob, name=name, media_type=file.media_type, size=file.blob.size
            )


def filled_for(draft: LetterDraft, email: SystemEmail) -> Filled:
    """The system e-mail with the values of the order, in the order's language or the one that stands in."""
    found = bundle([draft.order_id])
    closing = draft.user.signature or str(draft.user)

    def values(language: str) -> dict[str, object]:
        return {**found.values(draft.order_id, language), "contact": closing}

    return fill(email.code, draft.order.language, values)


def bring_back(draft: LetterDraft) -> None:
    """Undo the choice of a system e-mail: what had been typed stands there again, and the choice can be redone."""
    if not draft.replaced:
        return
    before, draft.replaced = draft.replaced, _words(draft)
    for name, value in before.items():
        setattr(draft, name, value)
    draft.system_email = None
    draft.save()


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Files that are with the draft now, and why others are not."""

    kept: Sequence[DraftFile]
    refused: Sequence[str]


def upload(draft: LetterDraft, files: "Sequence[UploadedFile[bytes]]") -> Uploaded:
    """Put these files with the draft; a file that cannot go is refused in a sentence and stops no other."""
    limit = int(default_channel().max_size / GROWTH)
    taken = sum(draft.files.values_list("size", flat=True))
    kept, refused = [], []
    for file in files:
        try:
            if taken + (file.size or 0) > limit:
                raise BadUpload(_too_much(file.name or "", limit))
            row = attach(draft, file.name or "", file.read())
        except Refused as problem:
            refused.append(str(problem))
        else:
            taken += row.size
            kept.append(row)
    return Uploaded(kept, refused)


def _too_much(name: str, limit: int) -> str:
    return _("With “%(name)s” the files would have more than %(limit)s, which the mail server does not take.") % {
        "name": name[:100],
        "limit": Size(limit),
    }


def attach(draft: LetterDraft, name: str, content: bytes) -> DraftFile:
    """Put one file with the draft: its type is that of its content, its name is made safe."""
    file = enclose_upload(name, content)
    return DraftFile.objects.create(
        draft=draft, blob_id=file.blob_id, name=file.name, media_type=file.media_type, size=len(content)
    )


def take_off(draft: LetterDraft, pk: int) -> None:
    """Take an uploaded file off the draft."""
    draft.files.filter(pk=pk).delete()


def discard(order: Order, user: User) -> None:
    """Throw the draft away."""
    LetterDraft.objects.filter(order=order, user=user).delete()


def letter_of(draft: LetterDraft) -> OrderLetter:
    """The draft with its addresses read and its documents found, ready to be composed; Faults by field."""
    faults: dict[str, str] = {}
    lists = {name: _addresses(name, getattr(draft, name), faults) for name in ("to", "cc", "bcc")}
    types = _types(draft, faults)
    if draft.sender and not draft.sender.is_verified:
        faults["sender"] = _("This address is not confirmed any more. Choose another one.")
    raise_faults(faults)
    return OrderLetter(
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
        documents=_documents(draft),
        files=enclose(draft.files.all()) if draft.pk else (),
        by=draft.user,
        draft=draft,
    )


def _addresses(field: str, text: str, faults: dict[str, str]) -> list[str]:
    try:
        return [each.text for each in split_addresses(text)] if text.strip() else []
    except AddressError as problem:
        faults[field] = str(problem)
        return []


def _types(draft: LetterDraft, faults: dict[str, str]) -> list[DocumentType]:
    """The ticked types; an accounting one must be there."""
    codes = [value for value in draft.ticked if not value.startswith("#")]
    known = {kind.code: kind for kind in DocumentType.objects.filter(code__in=codes).select_related("series")}
    types = [known[code] for code in codes if code in known]
    there = set(OrderDocument.objects.filter(order=draft.order).values_list("type_id", flat=True))
    missing = [kind for kind in types if kind.is_accounting and kind.pk not in there]
    if missing:
        sentence = _("%(types)s: does not exist yet, and sending never generates it. Take the tick off.")
        faults["documents"] = sentence % {"types": missing}
    return types


def _documents(draft: LetterDraft) -> list[OrderDocument]:
    """Single documents that are ticked, each by its id."""
    ids = read_keys(value[1:] for value in draft.ticked if value[:1] == "#")
    return list(OrderDocument.objects.filter(order=draft.order, pk__in=ids[:50]).order_by("id"))
