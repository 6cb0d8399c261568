"""What orders give to the letters that their changes cause: to whom, with what values, with which documents."""

from collections.abc import Mapping, Sequence
from functools import partial

from depesa.core.reasons import gettext as _
from depesa.documents.models import DocumentType
from depesa.documents.rules import INVOICE
from depesa.emails.models import SystemEmail
from depesa.history.models import Origin
from depesa.mail.addresses import address_fault, usable_addresses
from depesa.orders.models import Order, OrderDocument, State
from depesa.orders.queries.facts import Bundle, bundle
from depesa.orders.rules.presets import PAY_BY_TRANSFER
from depesa.orders.rules.states import StateType
from depesa.orders.services.documents.issue import letter_key
from depesa.orders.services.letters.enclosures import Enclosures, NotMade, gather
from depesa.outbox.rules import Policy
from depesa.triggers.contributions import Draft, Skipped
from depesa.triggers.models import Transition


def draft(transitions: Sequence[Transition]) -> Mapping[int, Draft | str | Exception]:
    """Drafts of letters about orders; a sentence for those that are needed no more, an error for those not possible.

    Documents that the system e-mail carries are taken from the order; missing ones are generated with the letter,
    accounting ones are left out and named.
    """
    ids = {row.pk: row.ref.id_of(Order.record_kind) or 0 for row in transitions}
    orders = bundle(ids.values())
    enclosures = _enclosures(transitions, ids, orders)
    there = {letter_key(each) for each in OrderDocument.objects.filter(order__in=ids.values(), type__code=INVOICE)}
    return {
        row.pk: _("The invoice was deleted.")
        if row.event == "invoice-generated" and row.key not in there
        else _draft(row, ids[row.pk], orders, enclosures.get(row.pk))
        for row in transitions
    }


def _enclosures(transitions: Sequence[Transition], ids: Mapping[int, int], orders: Bundle) -> dict[int, Enclosures]:
    """What goes with the letters; two letters of one order are gathered one after the other."""
    types = _attached([row.system_email for row in transitions if row.system_email])
    found: dict[int, Enclosures] = {}
    carrying = [row for row in transitions if row.system_email and types[row.system_email.pk]]
    waiting = [row for row in carrying if ids[row.pk] in orders.orders]
    while waiting:
        turn = {ids[row.pk]: row for row in reversed(waiting)}
        wanted = {pk: types[row.system_email.pk] for pk, row in turn.items() if row.system_email}
        made = gather(wanted, origin=Origin.SYSTEM)
        found |= {row.pk: made[pk] for pk, row in turn.items()}
        done = {row.pk for row in turn.values()}
        waiting = [row for row in waiting if row.pk not in done]
    return found


def _attached(emails: Sequence[SystemEmail]) -> dict[int, list[DocumentType]]:
    """The types of documents that each of these system e-mails carries."""
    found: dict[int, list[DocumentType]] = {email.pk: [] for email in emails}
    links = SystemEmail.document_types.through.objects.filter(systememail__in=found)
    pairs = list(links.values_list("systememail_id", "documenttype_id"))
    types = DocumentType.objects.select_related("series").in_bulk({kind for _email, kind in pairs})
    for email, kind in pairs:
        found[email].append(types[kind])
    return found


def _draft(row: Transition, pk: int, orders: Bundle, going: Enclosures | None) -> Draft | str | Exception:
    order = orders.orders.get(pk)
    if order is None or order.is_removed:
        return _("The order was removed.")
    if outdated := _outdated(row, order):
        return outdated
    if row.system_email and _lacks_account(row.system_email, orders):
        return NotMade(_("The firm has no account to be paid to. Write it in the settings of the company."))
    if fault := address_fault(order.email):
        return NotMade(fault)
    if going and going.refused:
        return NotMade(going.refused)
    return Draft(
        to=tuple(usable_addresses(order.email)),  # its own, never those of the card
        values=partial(orders.values, pk),
        language=order.language,
        enclosures=tuple(going.files) if going else (),
        skipped=tuple(Skipped(code, why) for code, why in going.skipped.items()) if going else (),
        concerns=order.ref,
        policy=Policy.LEGAL,
        keep=going.keep if going and going.generated else None,
    )


def _outdated(row: Transition, order: Order) -> str:
    """Why a letter that is written later than it was meant would tell what is no longer so; empty if it would not."""
    if row.event == "state-changed":
        is_other = row.attempts and order.state.code != row.after
        return _("The order is in another state by now.") if is_other else ""
    if row.event != "order-placed":
        return ""
    if order.state.type == StateType.CANCELLED:
        return _("The order was cancelled.")
    asks_for_money = row.system_email is not None and row.system_email.code in PAY_BY_TRANSFER
    return _("The order is paid already.") if asks_for_money and order.is_paid else ""


def _lacks_account(email: SystemEmail, orders: Bundle) -> bool:
    """Whether the letter asks for a payment to an account that we do not have."""
    if email.code not in PAY_BY_TRANSFER or orders.company.bank_account:
        return False
    return any("order.bank_account" in text.body for text in email.texts.all())


def tell(transitions: Sequence[Transition]) -> dict[int, tuple[str, str]]:
    """What stood before and after each transition, in the reader's language: states by their names."""
    names = {state.code: str(state) for state in State.objects.all()}
    return {row.pk: (_name_of(names, row.before), _name_of(names, row.after)) for row in transitions}


def _name_of(names: Mapping[str, str], value: object) -> str:
    return names.get(str(value), str(value)) if value else ""
