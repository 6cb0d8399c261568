"""Types of documents that the product brings, by their codes, and what may be done with them. Pure Python."""

from typing import Final

INVOICE, CREDIT_NOTE, RECEIPT = "invoice", "credit-note", "receipt"
ACCOUNTING: Final = frozenset({INVOICE, CREDIT_NOTE, RECEIPT})  # made by their own act, never by sending
FINAL: Final = frozenset({CREDIT_NOTE, RECEIPT})  # never made again
