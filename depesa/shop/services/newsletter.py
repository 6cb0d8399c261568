"""The newsletter: asked for, confirmed by a link, taken back."""

from django.db import transaction

from depesa.core.reasons import gettext as _
from depesa.core.texts import fold
from depesa.customers.models import Consent, Customer
from depesa.customers.services import agree, find_or_create, set_newsletter, withdraw
from depesa.shop.models import LinkKind
from depesa.shop.services import links
from depesa.shop.services.accounts import checked_address
from depesa.staff.services import limits

CONSENT = "newsletter"


def ask(email: str, *, language: str, machine: str) -> None:
    """Send the letter that asks whether the newsletter is really wanted; the same answer for everybody.

    Who gets it already is not written to again.
    """
    address = checked_address(email)
    limits.pass_through(letter_machine=machine, letter=address)
    send_link(address, language=language)


def send_link(address: str, *, language: str) -> None:
    """Send that letter, however many were asked for."""
    with transaction.atomic():
        link = links.make(LinkKind.NEWSLETTER, email=address, language=language)
        if not Customer.objects.filter(email_key=fold(address), newsletter="yes").exists():
            links.send(link)


def confirm(token: str) -> Customer:
    """The newsletter is wanted: by the owner of the address, who has opened the letter."""
    link = links.found(LinkKind.NEWSLETTER, token)
    with transaction.atomic():
        links.use_up(link)
        customer = find_or_create(email=link.email, language=link.language, origin=links.ORIGIN)
        subscribe(customer)
    customer.refresh_from_db()
    return customer


def subscribe(customer: Customer) -> None:
    """The newsletter goes to the customer from now on, and the consent is kept."""
    with transaction.atomic():
        set_newsletter(customer, "yes", origin=links.ORIGIN)
        agree(customer, code=CONSENT, name=_("newsletter"), source=_("shop"), origin=links.ORIGIN)


def leave(customer: Customer) -> None:
    """The newsletter goes there no more."""
    with transaction.atomic():
        set_newsletter(customer, "no", origin=links.ORIGIN)
        for consent in Consent.objects.filter(customer=customer, code=CONSENT, withdrawn_at=None):
            withdraw(consent, origin=links.ORIGIN)
