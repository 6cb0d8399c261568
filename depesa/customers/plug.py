"""What customers bring to the apps below: customers as records."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.plugs import Plug
from depesa.core.records import Kind
from depesa.customers.models import Customer
from depesa.history.contributions import Vocabulary

PLUG: Final[Plug] = (
    Kind(Customer.record_kind, _("customer"), "customers:customer"),
    Vocabulary(
        app="customers",
        events={
            "customers.entered": (_("entered the customer"), "plus"),
            "customers.changed": (_("changed the card"), "pencil"),
            "customers.contact-added": (_("added a contact"), "plus"),
            "customers.contact-changed": (_("changed a contact"), "pencil"),
            "customers.contact-removed": (_("removed a contact"), "minus"),
            "customers.address-added": (_("added a delivery address"), "plus"),
            "customers.address-changed": (_("changed a delivery address"), "pencil"),
            "customers.address-removed": (_("removed a delivery address"), "minus"),
            "customers.agreed": (_("noted a consent"), "check"),
            "customers.withdrew": (_("noted that a consent was withdrawn"), "undo"),
        },
        labels={
            "consent": _("consent"),
            "source": _("given through"),
            "valid_until": _("valid until"),
            "groups": _("groups"),
        },
    ),
)
