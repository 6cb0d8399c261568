"""What placing an order would do, before it is placed."""

from collections.abc import Sequence
from dataclasses import dataclass

from depesa.core.reasons import gettext as _
from depesa.core.texts import fold
from depesa.customers.models import Customer
from depesa.documents.rules import Sums
from depesa.emails.models import SystemEmail
from depesa.emails.queries import title_of
from depesa.orders.models import AutomaticInvoice, PaymentKind
from depesa.orders.queries.settings import invoicing
from depesa.orders.rules.presets import order_preset
from depesa.orders.services.drafts import ItemDraft, OrderDraft, check_items, items_of


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The order as it will be: lines, sums, whose card it stands on, what follows."""

    draft: OrderDraft
    lines: Sequence[ItemDraft]
    sums: Sums
    card: Customer | None
    """The card it will stand on; none: a new contact is made."""
    consequences: Sequence[str]


def foresee(draft: OrderDraft) -> Foreseen:
    """What placing this order would do; Faults when its lines cannot be."""
    lines = items_of(draft)
    sums = check_items(lines, draft.currency, includes_vat=draft.includes_vat)
    return Foreseen(draft, lines, sums, draft.customer or _known(draft.party["email"]), _consequences(draft))


def _known(email: str) -> Customer | None:
    return Customer.objects.filter(email_key=fold(email)).order_by("is_blocked", "id").first() if email else None


def _consequences(draft: OrderDraft) -> list[str]:
    code = order_preset(
        has_account=draft.has_account,
        is_transfer=draft.payment_kind == PaymentKind.TRANSFER,
        is_individual=draft.is_individual_shipping,
    )
    email = SystemEmail.objects.filter(code=code).first()
    told = []
    if not draft.party["email"]:
        told.append(_("No letter goes, for there is no e-mail address."))
    elif email is None or not email.is_active:
        told.append(_("No letter goes: its system e-mail is switched off."))
    else:
        told.append(
            _("The letter “%(email)s” goes to %(to)s.") % {"email": title_of(email), "to": draft.party["email"]}
        )
    if invoicing().automatic == AutomaticInvoice.ORDERED:
        told.append(_("The invoice is generated at once."))
    if draft.is_individual_shipping:
        told.append(_("The order stands as unresolved until the price of shipping is agreed."))
    return told
