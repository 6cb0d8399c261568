"""Channels: which mail server, how we sign in, pause and resume, a test of the way."""

from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from depesa.company.models import Company
from depesa.company.queries import current
from depesa.core.edits import raised
from depesa.core.errors import DomainError
from depesa.core.locks import lock, unlock
from depesa.core.reasons import gettext as _
from depesa.history.services import tell
from depesa.outbox.models import Channel, Security
from depesa.outbox.services.rests import end_pause
from depesa.outbox.smtp import Encryption, Server
from depesa.staff.models import User

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class UnreadablePassword(DomainError):
    """The password of the mail server cannot be read with this installation's key. Enter it again."""


class WrongAddressOfServer(DomainError):
    """DEPESA_SMTP_URL is not an address of a mail server. Write it as smtp://user:password@host:587."""


def default_channel() -> Channel:
    """The channel that letters take unless another is chosen."""
    return Channel.objects.get(is_default=True)


def server_of(channel: Channel) -> Server:
    """The mail server of the channel; DEPESA_SMTP_URL overrides that of the default channel."""
    if channel.is_default and settings.DEPESA_SMTP_URL:
        return server_from_url(settings.DEPESA_SMTP_URL)
    return Server(
        host=channel.host,
        port=channel.port,
        encryption=Encryption(channel.security),
        username=channel.username,
        password=unlock(channel.secret, "channel", UnreadablePassword) if channel.secret else "",
        our_name=domain_of(sender_address(channel)),
        may_sign_in_unencrypted=channel.host in _LOOPBACK,
    )


def server_from_url(url: str) -> Server:
    """Read smtp://user:password@host:port (STARTTLS unless on this machine) or smtps://…, ?security=none if need be."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        raise WrongAddressOfServer from None
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise WrongAddressOfServer
    usual = Security.NONE if parts.hostname in _LOOPBACK else Security.STARTTLS
    asked = parse_qs(parts.query).get("security", [usual if parts.scheme == "smtp" else Security.TLS])[0]
    if asked not in Encryption:
        raise WrongAddressOfServer
    return Server(
        host=parts.hostname,
        port=port or (465 if asked == Security.TLS else 587),
        encryption=Encryption(asked),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        our_name=domain_of(sender_address(default_channel())),
        may_sign_in_unencrypted=parts.hostname in _LOOPBACK,
    )


def sender_address(channel: Channel, company: Company | None = None) -> str:
    """Whom letters of the channel come from: its own address, else the company's, else one that nobody owns."""
    return channel.from_address or (company or current()).email or "desk@depesa.invalid"


def domain_of(address: str) -> str:
    """The part after @."""
    return address.rpartition("@")[2]


def keep_password(channel: Channel, password: str) -> None:
    """Put the password on the channel, encrypted with a key that is not in the database; not saved yet."""
    channel.secret = lock(password, "channel") if password else ""


@transaction.atomic
def pause(channel: Channel, *, reason: str, by: User | None) -> None:
    """Stop the channel, which keeps its first reason: at most the letters whose dot is already allowed still leave."""
    works = Channel.objects.filter(pk=channel.pk, paused_at__isnull=True)
    if works.update(paused_at=timezone.now(), paused_reason=reason or _("paused by hand"), paused_by=by, **raised(by)):
        tell(channel, "outbox.channel-paused", note=reason, by=by)


@transaction.atomic
def resume(channel: Channel, *, by: User | None) -> None:
    """Let the channel work again, with its breaker closed; nothing is said of one that works."""
    if found := Channel.objects.select_for_update(no_key=True).filter(pk=channel.pk).first():
        end_pause(found)
    stands = Channel.objects.filter(pk=channel.pk).exclude(paused_at=None, fault="", refusal_count=0)
    is_changed = stands.update(
        paused_at=None,
        paused_reason="",
        paused_by=None,
        fault="",
        fault_count=0,
        probe_at=None,
        refusal_code="",
        refusal_count=0,
        refusal_recipients=[],
        **raised(by),
    )
    if is_changed:
        tell(channel, "outbox.channel-resumed", by=by)
