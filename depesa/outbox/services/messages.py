"""Queue letters: seal them outside the transaction, insert them inside that of the event they belong to."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from depesa.company.models import Company
from depesa.company.queries import current
from depesa.core.batches import Failed, alone
from depesa.core.errors import DomainError
from depesa.core.reasons import Size
from depesa.core.reasons import gettext as _
from depesa.core.records import Ref
from depesa.core.search import LONGEST
from depesa.core.tables import insert_rows
from depesa.core.texts import fold
from depesa.emails.services import Picture, html_of
from depesa.mail.headers import check_domain, clean_name
from depesa.outbox import mime
from depesa.outbox.models import Channel, Delivery, Departed, Enclosure, Installation, Message, State
from depesa.outbox.queries import verified_among
from depesa.outbox.rules import Policy, Turn, expires_at
from depesa.outbox.services.channels import default_channel, domain_of, sender_address
from depesa.outbox.services.enclosures import EnclosureDraft
from depesa.outbox.services.quarantine import examine_once
from depesa.staff.models import User

NO_DATE: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class NotVerified(DomainError):
    """Nobody has confirmed the sender address yet. Confirm it in Settings, Communication, or choose another one."""


class TooLarge(DomainError):
    """The letter is larger than the mail server takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is to be sent, before it is sealed. `dedupe_key` is made from the event, never from time or chance.

    Given `html` is used as it is; otherwise the text is put into the company's frame. `bcc` are recipients and never a
    header. `sender` is a verified address (see `senders`) that readers see; the envelope stays the channel's.
    `concerns` is the record that the letter is about.
    """

    dedupe_key: str
    kind: str
    customer_id: int | None
    language: str
    to: tuple[str, ...]
    subject: str
    text: str
    useless_after: dt.datetime
    html: str = ""
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    enclosures: tuple[EnclosureDraft, ...] = ()
    inline: tuple[Picture, ...] = ()
    sender: mime.Mailbox | None = None
    reply_to: mime.Mailbox | None = None
    concerns: Ref | None = None
    policy: Policy = Policy.LEGAL
    in_reply_to: str = ""
    channel: Channel | None = None
    resend_of_id: int | None = None
    is_automatic: bool = True
    is_private: bool = False
    is_of_run: bool = False  # one of many that leave at once: single letters go first

    @property
    def turn(self) -> Turn:
        """Before which others it leaves."""
        if self.policy == Policy.SECURITY:
            return Turn.SECURITY
        return Turn.RUN if self.is_of_run or self.policy == Policy.MARKETING else Turn.NOTICE

    @property
    def proves_mailbox(self) -> bool:
        """Whether its reader proves by it who he is, so that nobody else may read it."""
        return self.is_private or self.policy == Policy.SECURITY


@dataclass(frozen=True, slots=True)
class Prepared:
    """A letter with its final bytes, ready to be inserted."""

    letter: Letter
    channel: Channel
    sealed: mime.Sealed
    sender: str
    envelope_from: str
    sealed_at: dt.datetime

    @property
    def content(self) -> bytes:
        """The whole letter as it leaves."""
        return mime.assemble(self.sealed.skeleton, self.sealed.parts)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the whole letter but its Date, which is when it was sealed: the same letter has the same."""
        sealed = self.sealed
        return mime.reseal(sealed.skeleton, sealed.parts, message_id=sealed.message_id, date=NO_DATE).sha256


@dataclass(frozen=True, slots=True)
class Sealing:
    """What became of a batch of letters: those that are ready, and why others cannot be sealed, by dedupe key."""

    ready: list[Prepared]
    refused: dict[str, str]


def prepare(letters: Iterable[Letter]) -> Sealing:
    """Seal the letters: final RFC 5322 bytes, Message-ID, Date, SHA-256. No letter is written yet."""
    examine_once()  # the very first letter is what makes this database belong to this place
    company, usual = current(), default_channel()
    installation = Installation.objects.get(pk=1)
    sealing = Sealing([], {})
    letters = list(letters)
    allowed = verified_among({letter.sender.address for letter in letters if letter.sender})
    for letter in letters:
        if letter.sender and letter.sender.address.lower() not in allowed:
            sealing.refused[letter.dedupe_key] = str(NotVerified())
            continue
        identity = uuid5(UUID(installation.identity), letter.dedupe_key)
        seal = partial(_sealed, usual=usual, company=company, identity=identity, epoch=installation.epoch)
        prepared = alone(seal, letter, partial(_not_sealed, sealing), name=lambda letter: letter.dedupe_key)
        sealing.ready.extend([prepared] if prepared else [])
    return sealing


def _not_sealed(sealing: Sealing, failed: Failed[Letter]) -> None:
    sealing.refused[failed.row.dedupe_key] = failed.sentence


def _sealed(letter: Letter, *, usual: Channel, company: Company, identity: UUID, epoch: int) -> Prepared:
    channel = letter.channel or usual
    address, now = sender_address(channel, company), timezone.now()
    sender = letter.sender or mime.Mailbox(address, channel.from_name or company.name)
    sender = mime.Mailbox(sender.address, clean_name(sender.name))
    for each in {address, sender.address}:
        check_domain(each, allowed_domains=channel.allowed_domains, channel=channel.name)
    draft = mime.Draft(
        sender=sender,
        to=tuple(mime.Mailbox(to) for to in letter.to),
        cc=tuple(mime.Mailbox(cc) for cc in letter.cc),
        reply_to=_reply_to(letter, channel),
        subject=letter.subject,
        text=letter.text,
        html=letter.html or html_of(letter.text, company, letter.language),
        message_id=mime.new_message_id(identity, epoch, domain_of(address)),
        date=timezone.localtime(now),
        attachments=tuple(mime.Attachment(item.name, item.media_type, item.content) for item in letter.enclosures),
        inline=tuple(mime.Inline(item.cid, item.media_type, item.content) for item in letter.inline),
        is_automatic=letter.is_automatic,
        is_private=letter.proves_mailbox,
        in_reply_to=letter.in_reply_to,
        references=(letter.in_reply_to,) if letter.in_reply_to else (),
    )
    shown = f"{sender.name} <{sender.address}>" if sender.name else sender.address
    sealed = mime.seal(draft)
    if sealed.size > channel.max_size:
        sizes = {"size": Size(sealed.size), "limit": Size(channel.max_size)}
        raise TooLarge(
            _("The letter has %(size)s, and the mail server takes %(limit)s. Send fewer or smaller files.") % sizes
        )
    return Prepared(letter, channel, sealed, shown[:300], address, now)


def _reply_to(letter: Letter, channel: Channel) -> mime.Mailbox | None:
    """Where answers go; to one's own address by itself, if the letter has one."""
    if letter.reply_to or letter.sender:
        return letter.reply_to
    return mime.Mailbox(channel.reply_to) if channel.reply_to else None


def queue(prepared: Sequence[Prepared], *, by: User | None = None) -> Mapping[str, Message]:
    """Insert sealed letters and their deliveries, in the caller's transaction; return messages by dedupe key.

    A letter whose key is known is not inserted again: asking twice for the same event is no error, mailing it
    twice would be.
    """
    with transaction.atomic():
        keys = [item.letter.dedupe_key for item in prepared]
        known = {message.dedupe_key: message for message in Message.objects.filter(dedupe_key__in=keys)}
        new = [item for item in prepared if item.letter.dedupe_key not in known]
        messages = insert_rows([_message(item, by) for item in new])
        pairs = list(zip(new, messages, strict=True))
        Enclosure.objects.bulk_create(
            [row for item, message in pairs for row in _enclosures(item, message)], batch_size=1000
        )
        left = _departed(item for item, _message in pairs)
        insert_rows([row for item, message in pairs for row in _deliveries(item, message, left)])
    return {**known, **{message.dedupe_key: message for message in messages}}


def _message(item: Prepared, by: User | None) -> Message:
    letter, sealed = item.letter, item.sealed
    return Message(
        dedupe_key=letter.dedupe_key,
        message_id=sealed.message_id,
        customer_id=letter.customer_id,
        channel=item.channel,
        kind=letter.kind,
        policy=letter.policy,
        subject=letter.subject[:500],
        subject_key=fold(letter.subject)[:LONGEST],
        first_line="" if letter.proves_mailbox else _first_line(letter.text),
        sender=item.sender,
        envelope_from=item.envelope_from,
        skeleton=sealed.skeleton,
        sha256=sealed.sha256,
        size=sealed.size,
        sealed_at=item.sealed_at,
        useless_after=letter.useless_after,
        resend_of_id=letter.resend_of_id,
        created_by=by,
        concerns=str(letter.concerns) if letter.concerns else None,
    )


def _first_line(text: str) -> str:
    return next((line for line in text.splitlines() if line.strip()), "")[:200]


def _enclosures(item: Prepared, message: Message) -> Iterable[Enclosure]:
    for position, draft in enumerate(item.letter.enclosures):
        yield Enclosure(
            message=message,
            customer_id=item.letter.customer_id if draft.paper_id else None,
            paper_id=draft.paper_id,
            blob_id=draft.blob_id,
            name=draft.name,
            media_type=draft.media_type,
            position=position,
        )
    for position, picture in enumerate(item.letter.inline, len(item.letter.enclosures)):
        yield Enclosure(
            message=message,
            blob_id=picture.blob_id,
            name=picture.cid,
            media_type=picture.media_type,
            position=position,
            content_id=picture.cid,
        )


def _departed(new: Iterable[Prepared]) -> Mapping[str, dt.datetime]:
    """Which of these have left before the database was restored, by their Message-ID, and when."""
    by_event = {mime.event_of(item.sealed.message_id): item.sealed.message_id for item in new}
    rows = Departed.objects.filter(key__in=by_event) if Departed.objects.exists() else ()
    return {by_event[row.key]: row.left_at for row in rows}


def _deliveries(item: Prepared, message: Message, departed: Mapping[str, dt.datetime]) -> Iterable[Delivery]:
    letter, seen = item.letter, set[str]()
    limit = expires_at(
        Policy(letter.policy), item.sealed_at, useless_after=letter.useless_after, token_until=letter.useless_after
    )
    left_at = departed.get(message.message_id)
    why = _("This letter left on %(at)s, before the database was restored.") % {"at": left_at} if left_at else ""
    for role, addresses in (("to", letter.to), ("cc", letter.cc), ("bcc", () if letter.proves_mailbox else letter.bcc)):
        for address in addresses:
            if address.lower() not in seen:
                seen.add(address.lower())
                yield Delivery(
                    message=message,
                    channel=item.channel,
                    recipient=address,
                    role=role,
                    priority=letter.turn,
                    state=State.HELD if why else State.QUEUED,
                    reason=why,
                    next_attempt_at=item.sealed_at,
                    expires_at=limit,
                )
