"""Send a letter that somebody wrote: documents, letter and history in one transaction, or nothing of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction

from depesa.core.edges import assert_outside_transaction, kill_point
from depesa.core.errors import DomainError, Refused, StaleState
from depesa.core.reasons import gettext as _
from depesa.core.reasons import joined
from depesa.history.services import Fact, fact_of, record
from depesa.orders.models import LetterDraft, Order
from depesa.orders.queries.window import Warned, message_of
from depesa.orders.services.letters.composition import Composed, OrderLetter, compose
from depesa.orders.services.letters.drafts import letter_of
from depesa.orders.services.letters.enclosures import ForeseenWrong
from depesa.outbox.models import Message
from depesa.outbox.services import queue

TRIES: Final = 5  # another process may take a foreseen number each time


class NeedsALook(DomainError):
    """Something about this letter should be looked at before it leaves."""

    def __init__(self, found: Sequence[Warned]) -> None:
        super().__init__(joined(each.sentence for each in found))
        self.found = list(found)


@dataclass(frozen=True, slots=True)
class Sent:
    """The letter in the outbox, the types that were generated with it, and those that cannot be, with the reason."""

    message: Message
    generated: Sequence[str] = ()
    skipped: dict[str, str] = field(default_factory=dict)


def send_draft(draft: LetterDraft, *, seen: Collection[str] = (), previewed: str = "") -> Sent:
    """Send the letter of a window and throw its draft away; NeedsALook names what is odd and was not `seen` yet."""
    if known := message_of(draft.token):
        return Sent(known)
    return send(letter_of(draft), seen=seen, previewed=previewed)


def send(letter: OrderLetter, *, seen: Collection[str] = (), previewed: str = "") -> Sent:
    """Queue the letter and what is generated for it; the same key sends once, however often it is asked.

    It is composed once, and what was composed is looked over and leaves; only if somebody else took a number or
    changed a document meanwhile, it is composed and looked over anew. `previewed` is the fingerprint of what the
    person has looked at. An accounting document that does not exist is left out and named.
    """
    assert_outside_transaction()
    for _try in range(TRIES):
        if known := Message.objects.filter(dedupe_key=letter.key).first():
            return Sent(known)
        composed = compose(letter)
        _look_over(composed, seen, previewed)
        kill_point("order-letter-composed")
        try:
            with transaction.atomic():
                message = _queued(composed)
                kill_point("order-letter-queued")
        except ForeseenWrong:
            continue
        return Sent(message, composed.enclosures.codes, composed.enclosures.skipped)
    raise StaleState(_("Others are generating the same documents just now. Send it once more."))


def _look_over(composed: Composed, seen: Collection[str], previewed: str) -> None:
    found = [*_changed(composed, previewed), *composed.warnings]
    if unseen := [each for each in found if each.code not in set(seen)]:
        raise NeedsALook(unseen)


def _changed(composed: Composed, previewed: str) -> list[Warned]:
    fingerprint = composed.prepared.fingerprint
    if previewed in ("", fingerprint):
        return []
    sentence = _("The letter is not the one that you looked at: its text, a document or a number has changed since.")
    return [Warned(f"changed-{fingerprint}", sentence)]


def _queued(composed: Composed) -> Message:
    letter = composed.letter
    order = Order.objects.select_for_update(of=("self",), no_key=True).get(pk=letter.order.pk)
    if order.is_removed:
        raise Refused(_("The order was removed. Restore it first."))
    if letter.draft:
        LetterDraft.objects.filter(pk=letter.draft.pk).delete()
    if known := Message.objects.filter(dedupe_key=letter.key).first():
        return known  # somebody pressed twice, and the other press was faster
    message = queue([composed.keep()], by=letter.by)[letter.key]
    record([_sent(composed, message)], by=letter.by, origin=letter.origin)
    return message


def _sent(composed: Composed, message: Message) -> Fact:
    letter, enclosures = composed.letter, composed.enclosures
    return fact_of(
        letter.order,
        "orders.letter-sent",
        after={
            "message": message.pk,
            "subject": letter.subject,
            "to": ", ".join((*letter.to, *letter.cc, *letter.bcc)),
            "files": ", ".join(each.name for each in enclosures.files),
        },
        note=joined(enclosures.skipped.values()),
    )
