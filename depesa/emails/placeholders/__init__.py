"""Which values a letter may name: one list a context, with meaning and a sample in each language."""

from depesa.emails.placeholders.accounts import ACCOUNT, CONTACT_FORM, NEWSLETTER
from depesa.emails.placeholders.kinds import CONTEXTS, Column, Context, Kind, Placeholder, Row, Sample
from depesa.emails.placeholders.orders import ORDER
from depesa.emails.placeholders.statements import MONTHLY_STATEMENT
from depesa.emails.placeholders.tables import Table, TableRow

__all__ = [
    "ACCOUNT",
    "CONTACT_FORM",
    "MONTHLY_STATEMENT",
    "NEWSLETTER",
    "ORDER",
    "Column",
    "Context",
    "Kind",
    "Placeholder",
    "Row",
    "Sample",
    "Table",
    "TableRow",
    "UnknownContext",
    "context_of",
    "contexts",
]


class UnknownContext(LookupError):
    """No letters are written on this occasion."""


def context_of(code: str) -> Context:
    """The context with this code; UnknownContext if there is none."""
    try:
        return CONTEXTS[code]
    except KeyError:
        raise UnknownContext(code) from None


def contexts() -> tuple[Context, ...]:
    """Every occasion on which letters are written."""
    return tuple(CONTEXTS.values())
