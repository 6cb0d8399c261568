"""Sender addresses: ask for one, confirm it, remove it; only confirmed ones may stand in From."""

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Final

from django.db import transaction
from django.utils import timezone, translation

from depesa.company.queries import current
from depesa.core.edits import unless_there
from depesa.core.errors import DomainError, Refused
from depesa.core.locks import digest_of
from depesa.core.reasons import gettext as _
from depesa.emails.models import SystemEmail
from depesa.emails.queries import title_of
from depesa.history.services import Fact, record
from depesa.mail.headers import check_sender, clean_name
from depesa.outbox.mime import Mailbox
from depesa.outbox.models import Kind, SenderAddress
from depesa.outbox.queries import channel_put_aside, senders_of, verified_among
from depesa.outbox.rules import Policy
from depesa.outbox.services.channels import default_channel
from depesa.outbox.services.messages import Letter, NotVerified, prepare, queue
from depesa.staff.models import User

GOOD_FOR: Final = dt.timedelta(days=7)
PAUSE: Final = dt.timedelta(minutes=1)  # between two letters to the same address, so that nobody is flooded


class LinkUsedUp(DomainError):
    """This link is used up, too old, or not complete. Ask for a new letter in Settings, Communication."""


class NotYours(DomainError):
    """Somebody else asked for this address. Sign in as that user, in whose name letters will leave."""


class JustAsked(DomainError):
    """A letter to this address has left a moment ago. Look into the mailbox before you ask for another one."""


class AlreadyVerified(DomainError):
    """This address is confirmed already."""


def ask(address: str, name: str, *, user: User | None, by: User, link: Callable[[str], str]) -> SenderAddress:
    """Write to the address a letter with a link that confirms it: of the user, or without one of the firm.

    `link` makes the address of the page out of the token. The link works once, for seven days, and only for the user
    who is signed in as the one who asked: whoever owns the mailbox thus never lends it to another by one click.
    """
    checked = _sendable(address)
    shown = clean_name(name)
    known = senders_of(user).filter(address=checked).first()
    if known and known.is_verified:
        raise AlreadyVerified
    if known and known.asked_at > timezone.now() - PAUSE:
        raise JustAsked
    token = secrets.token_urlsafe(24)
    letter = _letter_asking(checked, token, link(token), by)
    sealing = prepare([letter])
    if problem := sealing.refused.get(letter.dedupe_key):
        raise Refused(problem)
    with unless_there(JustAsked()):
        message = queue(sealing.ready, by=by)[letter.dedupe_key]
        values = {"name": shown, "token_hash": digest_of(token), "asked_at": timezone.now(), "letter": message}
        row, _made = SenderAddress.objects.update_or_create(
            user=user, address=checked, removed_at=None, defaults={**values, "asked_by": by}
        )
        _remember("outbox.sender-asked", row, by)
    return row


def waiting(token: str, by: User) -> SenderAddress:
    """The address that a link confirms; LinkUsedUp or NotYours if it cannot."""
    limit = timezone.now() - GOOD_FOR
    rows = SenderAddress.objects.filter(removed_at__isnull=True, verified_at__isnull=True, asked_at__gt=limit)
    row = rows.filter(token_hash=digest_of(token)).first() if token else None
    if row is None:
        raise LinkUsedUp
    if row.asked_by_id != by.pk:
        raise NotYours
    return row


@transaction.atomic
def confirm(token: str, *, by: User) -> SenderAddress:
    """The owner of the mailbox has followed the link: letters may come from the address. The link is used up."""
    row = waiting(token, by)
    rows = SenderAddress.objects.filter(pk=row.pk, token_hash=row.token_hash, verified_at__isnull=True)
    if not rows.update(verified_at=timezone.now(), token_hash=""):
        raise LinkUsedUp
    row.refresh_from_db()
    _remember("outbox.sender-verified", row, by)
    return row


@transaction.atomic
def remove(sender: SenderAddress, *, by: User) -> None:
    """No further letter comes from the address; those that have left stay as they are."""
    rows = SenderAddress.objects.filter(pk=sender.pk, removed_at__isnull=True)
    if rows.update(removed_at=timezone.now(), token_hash=""):
        _remember("outbox.sender-removed", sender, by)


def check_usable(address: str) -> str:
    """The address in small letters, if letters may leave from it: of the channel's domains, and confirmed."""
    checked = _sendable(address)
    if checked not in verified_among([checked]):
        raise NotVerified
    return checked


def emails_without_sender(address: str) -> list[str]:
    """The names of the system e-mails that would leave from this address if anybody had confirmed it."""
    if verified_among([address]):
        return []
    return [str(title_of(email)) for email in SystemEmail.objects.filter(sender__iexact=address).order_by("pk")]


def mailbox_of(sender: SenderAddress) -> Mailbox:
    """How the address stands in From; NotVerified if nobody has confirmed it or it was removed."""
    if not sender.is_verified:
        raise NotVerified
    return Mailbox(sender.address, sender.name)


def _sendable(address: str) -> str:
    channel = channel_put_aside() or default_channel()  # where letters go for good, also while the catcher keeps them
    return check_sender(address, allowed_domains=channel.allowed_domains, channel=str(channel)).text.lower()


def _letter_asking(address: str, token: str, link: str, by: User) -> Letter:
    language = by.language or current().language
    with translation.override(language):
        text = _(
            "%(user)s wants to send letters of %(company)s from this address.\n\n"
            "If that is you, open this link, sign in and confirm:\n%(link)s\n\n"
            "The link works once and for 7 days. If you know nothing of it, do nothing: no letter will come from you."
        )
        subject = _("Confirm %(address)s as your sender address") % {"address": address}
    return Letter(
        dedupe_key=f"address:{digest_of(token)}",
        kind=Kind.ADDRESS,
        customer_id=None,
        language=language,
        to=(address,),
        subject=subject,
        text=text % {"user": by, "company": current().name, "link": link},
        useless_after=timezone.now() + GOOD_FOR,
        policy=Policy.SECURITY,
    )


def _remember(event: str, row: SenderAddress, by: User) -> None:
    record([Fact(event=event, subject=User.ref_of(row.user_id or 0), after={"address": row.address})], by=by)
