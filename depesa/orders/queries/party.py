"""Who ordered: the snapshot of the order beside the customer's card as it is today."""

from dataclasses import dataclass
from typing import Any, Final

from depesa.core.reasons import gettext as _
from depesa.customers.models import Customer
from depesa.orders.models import Order
from depesa.ui.parts import Text

COMPARED: Final = ("name", "email", "phone", "salutation", "company_code", "vat_code", "street", "postcode", "city",
                   "country")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    """One field as the order keeps it and as the card says it today."""

    label: Text
    before: str
    after: str

    @property
    def kind(self) -> str:
        """Whether they differ: changed or same."""
        return "same" if self.before.strip() == self.after.strip() else "changed"


def compare(order: Order) -> list[Compared]:
    """The snapshot beside the card, field by field; fields that are empty on both are left out."""
    card = order.customer
    rows = [_party_row(order, card, name) for name in COMPARED]
    prices = Compared(_("price list"), order.price_list_name, str(card.price_list or ""))
    return [row for row in (*rows, prices) if row.before or row.after]


def _party_row(order: Order, card: Customer, name: str) -> Compared:
    label: Any = Order._meta.get_field(name)
    return Compared(label.verbose_name, getattr(order, name), getattr(card, name))
