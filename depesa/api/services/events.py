"""Events of other shops: what happened there, and the letters that follow from it here."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from depesa.api.models import ApiToken, ForeignEvent
from depesa.company.queries import current
from depesa.core.errors import raise_faults
from depesa.core.links import is_web_address
from depesa.core.reasons import gettext as _
from depesa.customers.services import found_or_made
from depesa.emails.placeholders import Reader
from depesa.history.models import Origin
from depesa.history.services import tell
from depesa.outbox.rules import Policy
from depesa.shop.placeholders import ACCOUNT, CONTACT_FORM, NEWSLETTER, AboutAccount, AboutMessage, AboutNewsletter
from depesa.staff.models import User
from depesa.triggers.contributions import Draft
from depesa.triggers.models import Transition
from depesa.triggers.services import Change, note

WITH_LINK: Final = frozenset({"registered", "registered-after-order", "password-forgotten", "newsletter-asked"})
SECURITY: Final = WITH_LINK - {"newsletter-asked"}  # a one-time link of an account
LINK_HOLDS: Final = dt.timedelta(minutes=30)


def happen(values: Mapping[str, Any], *, token: ApiToken, by: User | None) -> Transition:
    """Note the event and the letter that it causes; the same id again is the same event, whatever else is told."""
    with transaction.atomic():
        known = ForeignEvent.objects.filter(token=token, foreign_id=values["id"]).first()
        row = known or _enter(values, token, by)
        change = Change(
            key=f"event:{token.pk}:{row.foreign_id}",
            event=row.event,
            subject=row.ref,
            customer_id=row.customer_id,
            name=row.email,
            language=row.language,
            send_emails=values["send_emails"],
        )
        return note([change], by=by, origin=Origin.API)[0]


def _check_event(values: Mapping[str, Any]) -> None:
    faults = {}
    if values["event"] in WITH_LINK and not is_web_address(values["link"]):
        faults["link"] = _("This letter leads somewhere: send the link, beginning with https://.")
    if values["valid_until"] and values["valid_until"] <= timezone.now():
        faults["valid_until"] = _("The link works no longer at that time: send a time that is to come.")
    if values["event"] == "message-written" and not values["text"].strip():
        faults["text"] = _("Send what was written.")
    raise_faults(faults)


def _enter(values: Mapping[str, Any], token: ApiToken, by: User | None) -> ForeignEvent:
    _check_event(values)
    card = {"email": values["email"], "name": values["name"], "language": values["language"] or ""}
    customer = found_or_made([card], by=by, origin=Origin.API)[0]
    row = ForeignEvent.objects.create(
        token=token,
        foreign_id=values["id"],
        event=values["event"],
        customer=customer,
        email=values["email"].strip(),
        name=values["name"],
        language=values["language"] or customer.language or current().language,
        link=values["link"],
        valid_until=_until(values),
        text=values["text"],
    )
    tell(row, "api.event-told", after={"event": row.event}, by=by, origin=Origin.API)
    return row


def draft(transitions: Sequence[Transition]) -> dict[int, Draft | str | Exception]:
    """The letters of these events; a sentence for a link that leads nowhere any more."""
    ids = {row.pk: row.ref.id_of(ForeignEvent.record_kind) for row in transitions}
    events = ForeignEvent.objects.in_bulk([pk for pk in ids.values() if pk is not None])
    return {pk: _draft(events[event]) for pk, event in ids.items() if event in events}


def _draft(row: ForeignEvent) -> Draft | str | Exception:
    values = partial(values_of, row)
    draft = Draft(to=(row.email,), values=values, language=row.language)
    if row.event not in WITH_LINK:
        return draft
    if row.valid_until <= timezone.now():
        return _("The link of the letter holds no longer.")
    policy = Policy.SECURITY if row.event in SECURITY else draft.policy
    return replace(draft, policy=policy, useless_after=row.valid_until, is_private=True)


def _until(values: Mapping[str, Any]) -> dt.datetime:
    """Until when the link works, as whoever made it says; else what is usual."""
    usual = LINK_HOLDS if values["event"] == "password-forgotten" else dt.timedelta(days=7)
    return values["valid_until"] or timezone.now() + usual


def values_of(row: ForeignEvent, language: str) -> Mapping[str, Any]:
    """What the letter of the event may name."""
    company = current()
    until = row.valid_until
    if row.event == "newsletter-asked":
        asked = AboutNewsletter(company=company, language=language, email=row.email, link=row.link, valid_until=until)
        return NEWSLETTER.values(asked)
    if row.event == "message-written":
        reader = Reader(name=row.name, email=row.email)
        return CONTACT_FORM.values(AboutMessage(company=company, language=language, reader=reader, text=row.text))
    reader = Reader(name=row.name or row.customer.name, code=row.customer.code, email=row.email)
    account = AboutAccount(company=company, language=language, reader=reader, link=row.link, valid_until=until)
    return ACCOUNT.values(account)
