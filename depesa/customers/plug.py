"""What customers bring to the apps below: customers as records."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from depesa.core.plugs import Plug
from depesa.core.records import Kind
from depesa.customers.models import Customer

PLUG: Final[Plug] = (Kind(Customer.record_kind, _("customer"), "customers:customer"),)
