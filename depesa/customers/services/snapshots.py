"""What is told to the history about a card and what belongs to it."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from depesa.core.edits import snapshot
from depesa.customers.models import Customer
from depesa.history.services import Fact, record
from depesa.staff.models import User


def told(row: models.Model, names: Iterable[str], *, leave_out_empty: bool = False) -> dict[str, Any]:
    """The values of a row as the history keeps them."""
    found = snapshot(row, names)
    return {name: value for name, value in found.items() if value not in ("", False, None) or not leave_out_empty}


def fact_about(customer_id: int, event: str, *, before: Any = None, after: Any = None) -> Fact:
    """Something that happened to a customer."""
    subject = Customer.ref_of(customer_id)
    return Fact(event=event, subject=subject, customer_id=customer_id, before=before, after=after)


def tell(
    customer: Customer | int,
    event: str,
    *,
    by: User | None,
    origin: str = "",
    before: Any = None,
    after: Any = None,
) -> None:
    """Write into the history what happened to a customer."""
    key = customer if isinstance(customer, int) else customer.pk
    record([fact_about(key, event, before=before, after=after)], by=by, origin=origin)
