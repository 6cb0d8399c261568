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
from depesa.orders.presets import EMAILS
from depesa.orders.queries.emails import find, recent, usages
from depesa.orders.queries.history import names
from depesa.orders.services.documents.trials import samples
from depesa.orders.services.letters import events
from depesa.orders.services.letters.rules import tell_rules
from depesa.triggers.contributions import Event, Rules, Source

PLUG: Final[Plug] = (
    *EMAILS,
    Kind(Order.record_kind, _("order"), "orders:order"),
    Kind(State.record_kind, _("state of orders")),
    Kind(Invoicing.record_kind, _("invoicing")),
    Kind(Bulk.record_kind, _("bulk edit"), "orders:bulk_progress"),
    ORDER,
    Event("order-placed", _("a new order")),  # its preset depends on the order: see rules.presets
    Event("state-changed", _("change of state"), family="state"),
    Event("invoice-generated", _("invoice generated")),
    Source(kind=Order.record_kind, draft=events.draft, tell=events.tell),
    Rules(tell_rules),
    Records(context="order", recent=recent, find=find),
    Usages(usages),
    Printer(source=builtin_source, samples=samples),
    Vocabulary(
        app="orders",
        events={
            "orders.placed": (_("placed the order"), "plus"),
            "orders.imported": (_("imported the order"), "upload"),
            "orders.changed": (_("changed the order"), "pencil"),
            "orders.state-changed": (_("changed the state"), "refresh"),
            "orders.paid": (_("marked the order paid"), "check"),
            "orders.unpaid": (_("marked the order unpaid"), "undo"),
            "orders.resolved": (_("marked the order resolved"), "check"),
            "orders.unresolved": (_("marked the order unresolved"), "undo"),
            "orders.removed": (_("removed the order"), "bin"),
            "orders.restored": (_("restored the order"), "undo"),
            "orders.document-generated": (_("generated a document"), "documents"),
            "orders.document-regenerated": (_("generated a document again"), "refresh"),
            "orders.document-deleted": (_("deleted a document"), "bin"),
            "orders.invoice-not-made": (_("could not generate the invoice by itself"), "cross"),
            "orders.money-received": (_("was told that money came in"), "money"),
            "orders.money-returned": (_("was told that money went back"), "undo"),
            "orders.invoicing-saved": (_("changed the settings of invoicing"), "pencil"),
            "orders.state-saved": (_("saved the state"), "pencil"),
            "orders.state-deleted": (_("deleted the state"), "bin"),
            "orders.letter-sent": (_("sent a letter"), "send"),
            "orders.bulk-asked": (_("asked for a bulk edit"), "clock"),
            "orders.bulk-stopped": (_("stopped a bulk edit"), "cross"),
            "orders.bulk-resumed": (_("went on with a bulk edit"), "clock"),
        },
        names=names,
    ),
)
