"""What orders bring to the apps below: records, events, who speaks for their letters, what their documents print."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.plugs import Plug
from depesa.core.records import Kind
from depesa.documents.contributions import Printer
from depesa.emails.contributions import Records, Usages
from depesa.history.contributions import Vocabulary
from depesa.orders.models import Bulk, Invoicing, Order, State
from depesa.orders.paper import builtin_source
from depesa.orders.placeholders import ORDER
from depesa.orders.queries.emails import find, recent, usages
from depesa.orders.queries.history import names
from depesa.orders.services.documents.trials import samples
from depesa.orders.services.letters import events
from depesa.orders.services.letters.rules import tell_rules
from depesa.triggers.contributions import Event, Rules, Source

PLUG: Final[Plug] = (
    Kind(Order.record_kind, _("order"), "orders:order"),
    Kind(State.record_kind, _("state of orders")),
    Kind(Invoicing.record_kind, _("invoicing")),
    Kind(Bulk.record_kind, _("bulk edit"), "orders:bulk_progress"),
    ORDER,
    Vocabulary(app="orders", names=names),
    Event("order-placed", _("a new order")),  # its preset depends on the order: see rules.presets
    Event("state-changed", _("change of state"), family="state"),
    Event("invoice-generated", _("invoice generated")),
    Source(kind=Order.record_kind, draft=events.draft, tell=events.tell),
    Rules(tell_rules),
    Records(context="order", recent=recent, find=find),
    Usages(usages),
    Printer(source=builtin_source, samples=samples),
)
