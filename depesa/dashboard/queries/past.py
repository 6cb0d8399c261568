"""Which records somebody means who searches the history."""

from typing import Any, Final

from django.db.models import QuerySet

from depesa.core.search import begins
from depesa.customers.models import FEW, Customer, found_by
from depesa.documents.models import Document
from depesa.operations.models import Operation
from depesa.orders.models import Order
from depesa.outbox.models import Message

MOST: Final = 50  # records of one kind


def subjects_named(text: str) -> list[str]:
    """The subjects of the orders, documents, letters, operations and customers whose number or words begin with it.

    "order:12" is what the history itself calls a record.
    """
    found = [text] if ":" in text else []
    for kind, rows in (
        ("order", Order.objects.filter(begins("number_key", text))),
        ("document", Document.objects.filter(begins("number_key", text))),
        ("message", Message.objects.filter(begins("subject_key", text))),
        ("operation", Operation.objects.filter(begins("subject_key", text))),
        ("customer", Customer.objects.filter(found_by(text))),
    ):
        keys: QuerySet[Any, int] = rows.order_by("-pk").values_list("pk", flat=True)[:MOST]
        found += [f"{kind}:{pk}" for pk in keys]
    return found


def of_customer(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Entries of customers whose code, name or address begins with the text."""
    keys = list(Customer.objects.filter(found_by(text)).values_list("pk", flat=True)[:FEW])
    return rows.filter(customer_id__in=keys)
