"""The four documents that every order may have, each with its own number series, as the product brings them."""

from typing import Any, Final

TYPES: Final[list[dict[str, Any]]] = [
    {
        "code": "order-confirmation",
        "names": {"en": "Order confirmation", "cs": "Potvrzení objednávky", "lt": "Užsakymo patvirtinimas"},
        "series": ("OC", "other"),
        "asks_payment": True,
    },
    {
        "code": "invoice",
        "names": {"en": "Invoice", "cs": "Faktura", "lt": "PVM sąskaita faktūra"},
        "series": ("INV", "invoice"),
        "books": "invoice",
        "has_due_on": True,
        "has_tax_on": True,
        "asks_payment": True,
    },
    {
        "code": "credit-note",
        "names": {"en": "Credit note", "cs": "Dobropis", "lt": "Kreditinė PVM sąskaita faktūra"},
        "series": ("CN", "credit-note"),
        "books": "credit-note",
        "has_tax_on": True,
    },
    {
        "code": "receipt",
        "names": {"en": "Receipt", "cs": "Účtenka", "lt": "Kvitas"},
        "series": ("RC", "other"),
        "has_tax_on": True,
    },
]
