"""What the window for a letter offers: documents, addresses, starting texts; and what a person should look at first."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils import timezone

from depesa.core.reasons import gettext as _
from depesa.documents.models import DocumentType
from depesa.emails.models import SystemEmail
from depesa.emails.queries import title_of
from depesa.mail.addresses import check_address, usable_addresses
from depesa.orders.models import Order, OrderDocument
from depesa.orders.rules.promises import promises_a_file
from depesa.outbox.models import Message
from depesa.outbox.queries import refused_addresses, sent_with

RECENTLY: Final = dt.timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Offered:
    """A document that may go with the letter: there already, generated with the sending, or not possible and why."""

    value: str
    name: str
    number: str = ""
    paper_id: int | None = None
    is_there: bool = False
    why_not: str = ""


def key_of(token: UUID) -> str:
    """Under which the letter of a window stands in the outbox: there can be one only."""
    return f"order-letter:{token}"


def message_of(token: UUID) -> Message | None:
    """The letter that this window has sent, if it has."""
    return Message.objects.filter(dedupe_key=key_of(token)).first()


def documents_of(order: Order) -> list[Offered]:
    """Every type of document with the newest of the order, and further ones of the same type."""
    rows = list(
        OrderDocument.objects.filter(order=order).select_related("type").defer("content").order_by("is_sole", "id")
    )
    latest = {row.type_id: row for row in rows}
    found = []
    for kind in DocumentType.objects.order_by("position", "id"):
        found.append(_offered(kind, latest.get(kind.pk)))
        older = [row for row in rows if row.type_id == kind.pk and row is not latest[kind.pk]]
        found += [_there(row, f"#{row.pk}") for row in older]
    return found


def _offered(kind: DocumentType, row: OrderDocument | None) -> Offered:
    if row:
        return _there(row, kind.code)
    if not kind.is_accounting:
        return Offered(kind.code, _capital(kind))
    why = _("does not exist yet; sending never generates it")
    return Offered(kind.code, _capital(kind), why_not=why)


def _there(row: OrderDocument, value: str) -> Offered:
    return Offered(value, _capital(row.type), row.number, row.paper_id, is_there=True)


def _capital(kind: DocumentType) -> str:
    name = str(kind)
    return name[:1].upper() + name[1:]


def addresses_offered(order: Order) -> list[tuple[str, str]]:
    """Addresses that belong to the order and its customer, each once, with what they are."""
    card = order.customer
    known = [(order.email, _("of the order")), (card.email, _("of the customer"))]
    known += [(contact.email, contact.name or _("contact")) for contact in card.contacts.order_by("pk")]
    found: dict[str, tuple[str, str]] = {}
    for text, what in known:
        for address in usable_addresses(text):
            found.setdefault(address.lower(), (address, what))
    return list(found.values())


def starting_texts() -> list[tuple[int, str]]:
    """System e-mails that a letter about an order may begin with."""
    emails = SystemEmail.objects.filter(context="order", is_active=True).order_by("-is_preset", "name")
    return [(email.pk, str(title_of(email))) for email in emails]


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that a person should look at before the letter leaves; `code` says which."""

    code: str
    sentence: str


def warnings(
    order: Order,
    *,
    recipients: Sequence[str],
    text: str,
    file_count: int,
    unprinted: str,
    paper_ids: Collection[int],
    system_email: SystemEmail | None,
) -> list[Warned]:
    """What is odd about a letter that can be sent: each with a code, so that a person can say yes to it."""
    found = []
    if not file_count and promises_a_file(text):
        found.append(Warned("attachment", _("The text says that something is attached, and nothing is.")))
    if unprinted:
        sentence = _("No font has the characters %(signs)s: documents of this letter print � for them.")
        found.append(Warned("glyphs", sentence % {"signs": unprinted[:40]}))
    found += _sent_before(order, recipients, paper_ids)
    if order.customer.is_blocked:
        sentence = _("The customer is blocked: %(why)s") % {"why": order.customer.blocked_reason or "–"}
        found.append(Warned("blocked", sentence))
    if system_email and (language := _stands_in(order, system_email)):
        sentence = _("“%(email)s” has no text in the order's language; the one in “%(language)s” was taken.")
        found.append(Warned("language", sentence % {"email": title_of(system_email), "language": language}))
    found += _strange(order, recipients)
    return found


def _sent_before(order: Order, recipients: Sequence[str], paper_ids: Collection[int]) -> Iterable[Warned]:
    if not paper_ids:
        return
    wanted = {address.lower() for address in recipients}
    said = set()
    rows = sent_with(order.ref, paper_ids, timezone.now() - RECENTLY).prefetch_related("message__deliveries")
    for row in rows:
        same = sorted(wanted & {each.recipient.lower() for each in row.message.deliveries.all()})
        if same and row.paper_id not in said:
            said.add(row.paper_id)
            said_of = {"file": row.name, "to": same, "when": row.message.sealed_at}
            sentence = _("%(file)s went to %(to)s already on %(when)s.")
            yield Warned(f"again-{row.paper_id}", sentence % said_of)


def _stands_in(order: Order, email: SystemEmail) -> str:
    """The language that stands in for the order's, if it has to."""
    known = list(email.texts.values_list("language", flat=True))
    return "" if order.language in known or not known else ", ".join(sorted(known))


def _strange(order: Order, recipients: Sequence[str]) -> Iterable[Warned]:
    known = {address.lower() for address, _what in addresses_offered(order)}
    strange = [address for address in recipients if address.lower() not in known]
    if strange and known:
        sentence = _("%(addresses)s: not an address of this customer. Documents of the order may show their data.")
        yield Warned("stranger", sentence % {"addresses": strange})
    for address, words in refused_addresses(recipients).items():
        sentence = _("The mail server refused %(address)s the last time: %(words)s")
        yield Warned(f"refused-{address}", sentence % {"address": address, "words": words})
    for address in recipients:
        for remark in check_address(address).warnings:
            yield Warned(f"address-{address}", remark.sentence)
