"""Reads of settings."""

from depesa.orders.models import Invoicing


def invoicing() -> Invoicing:
    """Settings of invoicing; a new installation generates invoices by hand only."""
    return Invoicing.objects.select_related("system_email").filter(pk=1).first() or Invoicing(pk=1)
