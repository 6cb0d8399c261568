"""What must be true of an order, placed or changed."""

from collections.abc import Iterable

from depesa.core.errors import raise_faults
from depesa.core.inputs import read_number
from depesa.core.languages import codes
from depesa.core.links import is_web_address
from depesa.core.reasons import gettext as _
from depesa.orders.models import Item, Order, PaymentKind
from depesa.orders.services.drafts import ItemDraft

LONGEST_SYMBOL = 10


def check(order: Order, items: Iterable[Item | ItemDraft]) -> None:
    """Faults names every field of the order that cannot stay as it is; `items` are those that it is going to have."""
    faults = {}
    if not order.name.strip():
        faults["name"] = _("Write the name of the customer.")
    if order.language not in codes():
        faults["language"] = _("Choose one of: %(known)s.") % {"known": ", ".join(codes())}
    if order.payment_kind not in PaymentKind.values:
        faults["payment_kind"] = _("Choose one of: %(known)s.") % {"known": ", ".join(PaymentKind.values)}
    if not _is_symbol(order.variable_symbol):
        faults["variable_symbol"] = _("A variable symbol is at most 10 digits.")
    if order.tracking_url and not is_web_address(order.tracking_url):
        faults["tracking_url"] = _("A link begins with https:// or http://.")
    if order.is_reverse_charge and any(item.vat_rate for item in items):
        faults["items"] = _("With reverse charge the VAT rate of every item is 0.")
    if order.is_reverse_charge and not order.vat_code.strip():
        faults["vat_code"] = _("Reverse charge needs the VAT code of the customer. Write it, or untick reverse charge.")
    raise_faults(faults)


def _is_symbol(text: str) -> bool:
    return not text or (len(text) <= LONGEST_SYMBOL and read_number(text) is not None)
