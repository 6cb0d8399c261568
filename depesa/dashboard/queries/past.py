"""Which records somebody means who searches the history."""

from typing import Final

from depesa.core.records import Ref
from depesa.core.search import has_words
from depesa.customers.models import Customer, found_by
from depesa.documents.models import Document
from depesa.operations.models import Operation
from depesa.orders.models import Order
from depesa.outbox.models import Message

MOST: Final = 50  # records of one kind


def records_named(text: str) -> list[Ref]:
    """The orders, documents, letters, operations and customers in whose number or words it stands.

    "order:12" is what the history itself calls a record.
    """
    found = _named(text) if ":" in text else []
    for model, condition in (
        (Order, has_words(Order, text, "number_key")),
        (Document, has_words(Document, text)),
        (Message, has_words(Message, text)),
        (Operation, has_words(Operation, text)),
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
