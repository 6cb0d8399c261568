"""Tell the apps below what they cannot know: who speaks for orders, and which rules and letters they bring."""

from collections.abc import Iterator
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from depesa.documents.models import DocumentType
from depesa.emails.models import SystemEmail
from depesa.emails.services import Record, Usage, register_records, register_usages
from depesa.history.rules import Names, tell_names
from depesa.orders.models import Invoicing, Order, State
from depesa.orders.queries.facts import Bundle, bundle
from depesa.orders.services.letters import events
from depesa.orders.services.rules_told import tell_rules
from depesa.triggers.rules import Source, explain, register

CONTEXT = "order"


def plug_in() -> None:
    """Speak for the subjects "order:…", give real orders to try letters with, and say who uses which letter."""
    register(events.PREFIX, Source(draft=events.draft, tell=events.tell, page=events.page))
    explain("orders", tell_rules)
    register_records(CONTEXT, recent, find)
    register_usages(usages)
    tell_names("orders", names)


def names() -> Names:
    """Codes that the history of orders keeps, by the names that states and types have today."""
    return {
        "state": {state.code: str(state) for state in State.objects.all()},
        "type": {kind.code: str(kind) for kind in DocumentType.objects.all()},
    }


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
