"""Accounts of the shop: register, activate, sign in, forget the password; nobody learns who has one."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Final

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from depesa.core.edits import Overtaken
from depesa.core.errors import DomainError, Faults, Refused, StaleState
from depesa.core.passwords import is_common
from depesa.core.reasons import gettext as _
from depesa.core.security import log_security
from depesa.core.texts import fold
from depesa.customers.models import Customer
from depesa.customers.services import change, find_or_create, register_account
from depesa.history.services import Fact, record
from depesa.mail.addresses import AddressError, check_address
from depesa.orders.models import Order
from depesa.shop.models import Account, LinkKind
from depesa.shop.services import links
from depesa.staff.services import limits

SHORTEST_PASSWORD: Final = 8
LONGEST_PASSWORD: Final = 200
ORIGIN: Final = links.ORIGIN


class SignInRefused(Refused):
    """E-mail and password do not match. If you have just registered, open the link in our letter first."""


def checked_address(text: str) -> str:
    """The e-mail address as it is used; Faults says what is wrong with it."""
    try:
        return check_address(text).text
    except AddressError as problem:
        raise Faults({"email": str(problem)}) from problem


def check_new_password(password: str) -> None:
    """Faults if the password is too short, too long or one that everybody uses."""
    if len(password) > LONGEST_PASSWORD:
        raise Faults({"password": _("A password has at most %(n)s characters.") % {"n": LONGEST_PASSWORD}})
    if len(password) < SHORTEST_PASSWORD:
        raise Faults({"password": _("A password has at least %(n)s characters.") % {"n": SHORTEST_PASSWORD}})
    if is_common(password):
        raise Faults({"password": _("Everybody uses this password. Choose another one.")})


def keep_details(card: Customer, values: Mapping[str, Any], *, version: int | None) -> Customer:
    """What customers say of themselves, as they saw it in this version; who was faster at the desk is not named."""
    try:
        return change(card, values, version=version, by=None, origin=ORIGIN)
    except Overtaken as problem:
        problem.args = StaleState().args
        raise


def account_of(email: str) -> Account | None:
    """The account with this address."""
    return Account.objects.select_related("customer").filter(email_key=fold(email)).first()


def is_owner(account: Account | None, address: str) -> bool:
    """Whether whoever is signed in has proved that letters to this address are for them."""
    return account is not None and account.is_active and account.email_key == fold(address)


def register(*, email: str, password: str, name: str, language: str, machine: str, order: Order | None = None) -> None:
    """Register an account and send the letter with which it is activated; the same for whoever has one already.

    Who has an active account gets a link to a new password instead. The password counts only once it was typed
    again at the link: a stranger who registers somebody else's address gains nothing.
    """
    address = checked_address(email)
    check_new_password(password)
    limits.pass_through(letter_machine=machine, letter=address)
    enter(address, password, name=name, language=language, order=order)


def enter(address: str, password: str, *, name: str, language: str, order: Order | None = None) -> None:
    """Register an account of this address, however many letters were asked for."""
    hashed = make_password(password)  # before anything is looked up: it takes the same time for everybody
    with transaction.atomic():
        account = account_of(address) or _made(address, name=name, language=language, order=order)
        kind = LinkKind.PASSWORD if account.is_active else LinkKind.ACTIVATION
        kept = "" if account.is_active else hashed
        links.send(links.make(kind, email=address, language=language, account=account, order=order, password=kept))


def _made(email: str, *, name: str, language: str, order: Order | None) -> Account:
    customer = order.customer if order else find_or_create(email=email, name=name, language=language, origin=ORIGIN)
    account, _new = Account.objects.get_or_create(
        email_key=fold(email), defaults={"customer": customer, "email": email, "language": language}
    )
    return account


def activate(token: str, password: str, *, machine: str) -> Account:
    """The account works from now on; the password is the one with which it was registered."""
    link = links.found(LinkKind.ACTIVATION, token)
    with _guess(link.email, machine):
        if not check_password(password, link.password) or link.account is None:
            why = _("This is not the password that was chosen. If you forgot it, ask for a new one.")
            raise Faults({"password": why})
    with transaction.atomic():
        links.use_up(link)
        return _open(link.account, link.password)


def ask_for_password(email: str, *, language: str, machine: str) -> None:
    """Send the letter with a link to a new password, if there is such an account; nobody is told whether."""
    address = checked_address(email)
    limits.pass_through(letter_machine=machine, letter=address)
    with transaction.atomic():
        account = account_of(address)
        links.send(links.make(LinkKind.PASSWORD, email=address, language=language, account=account))


def set_password(token: str, password: str) -> Account:
    """A new password by a one-time link; it activates the account, and ends its sessions elsewhere."""
    link = links.found(LinkKind.PASSWORD, token)
    check_new_password(password)
    if link.account is None:
        raise links.LinkNotUsable(LinkKind.PASSWORD)
    hashed = make_password(password)
    with transaction.atomic():
        links.use_up(link)
        return _open(link.account, hashed)


def change_password(account: Account, old: str, new: str, *, machine: str) -> Account:
    """A new password by its owner, who types the old one; other sessions end."""
    with _guess(account.email, machine):
        if not check_password(old, account.password):
            raise Faults({"old_password": _("This is not your password.")})
    check_new_password(new)
    hashed = make_password(new)
    with transaction.atomic():
        return _open(account, hashed)


def sign_in(email: str, password: str, *, machine: str) -> Account:
    """The account with this address and password; SignInRefused says no more than that they do not match."""
    with _guess(email, machine):
        account = account_of(email) if _is_address(email) else None
        is_right = check_password(password, account.password if account else _nobodys_password())
        if account is None or not account.is_active or not is_right:
            log_security("shop-password-refused", account=account.pk if account else "?", machine=machine)
            raise SignInRefused
    Account.objects.filter(pk=account.pk).update(signed_in_at=timezone.now())
    log_security("shop-signed-in", account=account.pk, machine=machine)
    return account


def _guess(email: str, machine: str) -> AbstractContextManager[None]:
    """An attempt to know the password of the address; TooOften for this machine, or from all of them together."""
    return limits.attempt(sign_in=f"{email} {machine}", sign_in_address=email, sign_in_machine=machine)


def _is_address(email: str) -> bool:
    """Whether an account could have it: other spellings that look alike are nobody's."""
    try:
        return bool(checked_address(email))
    except DomainError:
        return False


def _open(account: Account, hashed: str) -> Account:
    """The account is active with this password; links that are still about work no more."""
    was_active = account.is_active
    Account.objects.filter(pk=account.pk).update(
        password=hashed, activated_at=account.activated_at or timezone.now(), epoch=F("epoch") + 1
    )
    links.use_up_others(account)
    account.refresh_from_db()
    event = "shop.password-changed" if was_active else "shop.account-activated"
    fact = Fact(event=event, subject=account.customer.ref, customer_id=account.customer_id)
    record([fact], origin=ORIGIN)
    if not was_active:
        register_account(account.customer, _kind_of(account), origin=ORIGIN)
    return account


def _kind_of(account: Account) -> str:
    return "company" if account.customer.company_code else "customer"


def _nobodys_password() -> str:
    """A hash that takes as long to compare with as a real one."""
    if not _NOBODY:
        _NOBODY.append(make_password("nobody"))
    return _NOBODY[0]


_NOBODY: Final[list[str]] = []
