"""What the shop gives to the letters of its events: to whom, with what values, in which language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from depesa.company.queries import current
from depesa.core.reasons import gettext as _
from depesa.core.texts import plain_words
from depesa.emails.placeholders import Reader
from depesa.outbox.models import Message as Letter
from depesa.outbox.rules import Policy
from depesa.shop.models import LinkKind, Message, OneTimeLink, Reply
from depesa.shop.placeholders import ACCOUNT, CONTACT_FORM, NEWSLETTER, AboutAccount, AboutMessage, AboutNewsletter
from depesa.shop.services.contact import LONGEST
from depesa.shop.services.links import address_of
from depesa.triggers.contributions import Draft, Rule, preset_of
from depesa.triggers.models import Transition


def tell_rules() -> Iterator[Rule]:
    """Every rule of the shop in words; the bindings are fixed."""
    whom = _("the address that was given")
    for event, when in (
        ("registered", _("Somebody registers an account in the shop")),
        ("registered-after-order", _("Somebody registers an account with an order")),
        ("password-forgotten", _("Somebody forgot the password of the account")),
        ("newsletter-asked", _("Somebody asks for the newsletter")),
        ("message-written", _("Somebody writes a message, or we answer it")),
    ):
        yield Rule(when=when, whom=whom, email=preset_of(event), event=event)


def draft_links(transitions: Sequence[Transition]) -> Mapping[int, Draft | str | Exception]:
    """Letters with a one-time link; none for one that works no more."""
    ids = {row.pk: row.ref.id_of(OneTimeLink.record_kind) for row in transitions}
    links = OneTimeLink.objects.select_related("account__customer", "order").in_bulk(ids.values())
    return {row.pk: _draft_link(links.get(ids[row.pk])) for row in transitions}


def _draft_link(link: OneTimeLink | None) -> Draft | str:
    if link is None or not link.is_usable:
        return _("The link works no more.")
    is_newsletter = link.kind == LinkKind.NEWSLETTER
    if link.account is None and not is_newsletter:
        return _("Nobody has an account with this address.")
    return Draft(
        to=(link.email,),
        values=partial(_newsletter if is_newsletter else _account, link),
        language=link.language,
        policy=Policy.NOTICE if is_newsletter else Policy.SECURITY,
        is_private=True,
        useless_after=link.valid_until,
    )


def _account(link: OneTimeLink, language: str) -> dict[str, Any]:
    if link.account is None:
        raise LookupError(link.pk)
    reader = Reader.of(link.account.customer, link.email)
    about = AboutAccount(
        company=current(),
        language=language,
        reader=reader if link.account.is_active else replace(reader, name=plain_words(reader.name)),
        link=address_of(link),
        valid_until=link.valid_until,
        order_number=link.order.number if link.order else "",
    )
    return ACCOUNT.values(about)


def _newsletter(link: OneTimeLink, language: str) -> dict[str, Any]:
    about = AboutNewsletter(
        company=current(),
        language=language,
        email=link.email,
        link=address_of(link),
        valid_until=link.valid_until,
    )
    return NEWSLETTER.values(about)


def draft_messages(transitions: Sequence[Transition]) -> Mapping[int, Draft | str | Exception]:
    """Letters that confirm a message, or answer it in the same thread."""
    ids = {row.pk: row.ref.id_of(Message.record_kind) for row in transitions}
    messages = Message.objects.select_related("customer", "order").in_bulk(ids.values())
    replies = Reply.objects.in_bulk([reply for row in transitions if (reply := _reply_id(row))])
    return {
        row.pk: _draft_message(messages.get(ids[row.pk]), replies.get(_reply_id(row)) if _reply_id(row) else None)
        for row in transitions
    }


def _draft_message(message: Message | None, reply: Reply | None) -> Draft | str:
    if message is None:
        return _("The message is there no more.")
    return Draft(
        to=(message.email,),
        values=partial(_message, message, reply),
        language=message.language,
        policy=Policy.LEGAL if reply else Policy.NOTICE,
        in_reply_to=_thread(message) if reply else "",
    )


def _message(message: Message, reply: Reply | None, language: str) -> dict[str, Any]:
    vocative = message.customer.vocative if message.name == message.customer.name else ""
    name, text = message.name, message.text
    if not message.is_proven:
        name, text = plain_words(name), _quoted(text) if reply else ""
    about = AboutMessage(
        company=current(),
        language=language,
        reader=Reader(name=name, email=message.email, vocative=vocative),
        text=text,
        reply=reply.text if reply else "",
        order_number=message.order.number if message.order else "",
    )
    return CONTACT_FORM.values(about)


def _quoted(text: str) -> str:
    """A stranger's words above our answer: they lead nowhere."""
    return "\n".join(plain_words(line, LONGEST) for line in text.split("\n"))


def _thread(message: Message) -> str:
    """The last letter about the message, to which the answer belongs."""
    last = Letter.objects.concerning(message.ref).order_by("-pk").values_list("message_id", flat=True).first()
    return last or ""


def _reply_id(row: Transition) -> int:
    return int(row.after.get("reply") or 0) if isinstance(row.after, dict) else 0
