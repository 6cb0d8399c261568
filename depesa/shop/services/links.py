"""One-time links: made, told in a letter, used once."""

import datetime as dt
import secrets
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from depesa.core.errors import Refused
from depesa.core.locks import digest_of
from depesa.orders.models import Order
from depesa.shop.models import Account, LinkKind, OneTimeLink
from depesa.triggers.services import Change, note

LIVES: Final = {
    LinkKind.ACTIVATION: dt.timedelta(days=7),
    LinkKind.PASSWORD: dt.timedelta(minutes=30),
    LinkKind.NEWSLETTER: dt.timedelta(days=7),
}
PAGES: Final = {
    LinkKind.ACTIVATION: "shop:activation",
    LinkKind.PASSWORD: "shop:new_password",
    LinkKind.NEWSLETTER: "shop:newsletter_link",
}
ORIGIN: Final = "shop"


class LinkNotUsable(Refused):
    """This link has been used already or is too old. Ask for a new one."""

    def __init__(self, kind: LinkKind) -> None:
        super().__init__()
        self.page = "shop:newsletter" if kind == LinkKind.NEWSLETTER else "shop:forgotten"  # where one asks for it


def make(
    kind: LinkKind,
    *,
    email: str,
    language: str,
    account: Account | None = None,
    order: Order | None = None,
    password: str = "",
) -> OneTimeLink:
    """A new link; only its hash is kept, and the letter derives it from the secret key."""
    link = OneTimeLink(
        kind=kind,
        account=account,
        order=order,
        email=email,
        language=language,
        password=password,
        nonce=secrets.token_urlsafe(24),
        valid_until=timezone.now() + LIVES[kind],
    )
    link.digest = digest_of(token_of(link))
    link.save()
    return link


def send(link: OneTimeLink) -> None:
    """Note that its letter is to leave, in the caller's transaction."""
    change = Change(
        key=str(link.ref),
        event=_event(link),
        subject=link.ref,
        customer_id=link.account.customer_id if link.account else None,
        language=link.language,
    )
    note([change], origin=ORIGIN)


def token_of(link: OneTimeLink) -> str:
    """What stands in the address; nobody derives it without the secret key."""
    return salted_hmac("depesa.shop.link", f"{link.kind}:{link.nonce}", algorithm="sha256").hexdigest()


def address_of(link: OneTimeLink) -> str:
    """The whole address, as the letter says it."""
    page = reverse(PAGES[LinkKind(link.kind)], args=[link.language, token_of(link)])
    return f"{settings.DEPESA_SITE_URL}{page}"


def found(kind: LinkKind, token: str) -> OneTimeLink:
    """The link of this token; LinkNotUsable if there is none that still works."""
    link = OneTimeLink.objects.select_related("account__customer").filter(kind=kind, digest=digest_of(token)).first()
    if link is None or not link.is_usable:
        raise LinkNotUsable(kind)
    return link


def use_up(link: OneTimeLink) -> None:
    """It works no more; LinkNotUsable if somebody else was faster."""
    now = timezone.now()
    usable = OneTimeLink.objects.filter(pk=link.pk, used_at=None, valid_until__gt=now)
    if usable.update(used_at=now) != 1:
        raise LinkNotUsable(LinkKind(link.kind))


def use_up_others(account: Account) -> None:
    """Links for a password or activation that are still about work no more."""
    kinds = [LinkKind.PASSWORD, LinkKind.ACTIVATION]
    OneTimeLink.objects.filter(account=account, kind__in=kinds, used_at=None).update(used_at=timezone.now())


def _event(link: OneTimeLink) -> str:
    match link.kind:
        case LinkKind.ACTIVATION:
            return "registered-after-order" if link.order_id else "registered"
        case LinkKind.PASSWORD:
            return "password-forgotten"
    return "newsletter-asked"
