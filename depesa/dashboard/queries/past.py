"""Which records somebody means who searches the history."""

from typing import Any, Final

from django.db.models import QuerySet

from depesa.core.records import Ref
from depesa.core.search import begins
from depesa.customers.models import FEW, Customer, found_by
from depesa.documents.models import Document
from depesa.operations.models import Operation
from depesa.orders.models import Order
from depesa.outbox.models import Message

MOST: Final = 50  # records of one kind


def records_named(text: str) -> list[Ref]:
    """The orders, documents, letters, operations and customers whose number or words begin with the text.

    "order:12" is what the history itself calls a record.
    """
    found = _named(text) if ":" in text else []
    for model, condition in (
        (Order, begins("number_key", text)),
        (Document, begins("number_key", text)),
        (Message, begins("subject_key", text)),
        (Operation, begins("subject_key", text)),
        (Customer, found_by(text)),
    ):
        keys = model._default_manager.filter(condition).order_by("-pk").values_list("pk", flat=True)[:MOST]
        found += [model.ref_of(pk) for pk in keys]
    return found


def _named(text: str) -> list[Ref]:
    try:
        return [Ref.parse(text)]
    except ValueError:
        return []


def of_customer(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Entries of customers whose code, name or address begins with the text."""
    keys = list(Customer.objects.filter(found_by(text)).values_list("pk", flat=True)[:FEW])
    return rows.filter(customer_id__in=keys)
