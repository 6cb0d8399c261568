"""Orders to try system e-mails with, and who of orders sends which."""

from collections.abc import Iterator
from functools import partial

from django.urls import reverse

from depesa.core.reasons import gettext as _
from depesa.emails.contributions import Record, Usage
from depesa.emails.models import SystemEmail
from depesa.orders.models import Invoicing, Order, State
from depesa.orders.queries.facts import Bundle, bundle


def recent(limit: int) -> Iterator[Record]:
    """The newest orders, as letters may tell about them."""
    ids = list(Order.objects.present().order_by("-placed_at", "-id").values_list("pk", flat=True)[:limit])
    orders = bundle(ids)
    return (_record(orders, pk) for pk in ids)


def find(number: str) -> Record | None:
    """The order with this number."""
    pk = Order.objects.filter(number=number).values_list("pk", flat=True).first()
    return _record(bundle([pk]), pk) if pk else None


def _record(orders: Bundle, pk: int) -> Record:
    order = orders.orders[pk]
    return Record(
        name=order.number, values=partial(orders.values, pk), url=order.get_absolute_url(), language=order.language
    )


def usages(email: SystemEmail) -> Iterator[Usage]:
    """Every state that sends this system e-mail, and invoicing if it does."""
    for state in State.objects.filter(system_email=email):
        yield Usage(_("State “%(state)s”") % {"state": state}, reverse("orders:edit_state", args=[state.pk]))
    if Invoicing.objects.filter(system_email=email).exists():
        yield Usage(_("After an invoice is generated"), reverse("orders:invoicing"))
